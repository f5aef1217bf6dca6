/**
 * Drops payloads that a puppet has cached. wechaty-puppet does so after a `dirty` event only, which many puppets
 * (`wechaty-puppet-wechat4u` is one) never emit; Wechaty's own listeners, which drop them after room events, are
 * replaced by ours.
 */
import { Puppet, types } from 'wechaty-puppet';
import { settleWithin } from '../util/timeout';

/** The payloads that can be dropped; a room is dropped together with its members. */
export type CachedPayload = 'Contact' | 'Room';

const dirtyTypes: Readonly<Record<CachedPayload, readonly types.Dirty[]>> = {
  Contact: [types.Dirty.Contact],
  Room: [types.Dirty.Room, types.Dirty.RoomMember],
};

/** How long a remote puppet may take to drop a payload, in ms. */
const remoteTimeoutMs = 2_000;

/** The methods of wechaty-puppet's cache, which its types declare as protected; puppets of other versions may lack them. */
interface CacheMethods {
  onDirty?(payload: { payloadType: types.Dirty; payloadId: string }): void;
  /** A promise in `wechaty-puppet-service`, contrary to the type of `Puppet`. */
  dirtyPayload?(type: types.Dirty, id: string): unknown;
  readonly cache?: Partial<Record<'contact' | 'room' | 'roomMember', { clear?(): void }>>;
}

function cacheMethods(puppet: object): CacheMethods {
  return puppet;
}

/**
 * Drops one payload: from the cache in this process before it returns, from that of a puppet service before the
 * promise resolves. Never rejects, because an outdated payload is better than none.
 */
export async function dropCachedPayload(puppet: Puppet, payload: CachedPayload, id: string): Promise<void> {
  const kinds = dirtyTypes[payload];
  for (const payloadType of kinds) {
    attempt(() => {
      cacheMethods(puppet).onDirty?.({ payloadType, payloadId: id });
    });
  }
  if (!hasRemoteCache(puppet)) return;
  const dropRemotely = async (type: types.Dirty): Promise<void> => {
    await cacheMethods(puppet).dirtyPayload?.(type, id);
  };
  await settleWithin(Promise.allSettled(kinds.map(dropRemotely)), remoteTimeoutMs);
}

/** Drops all contacts, rooms and members: another account has others, with other aliases. */
export function clearPayloadCache(puppet: Puppet): void {
  const { cache } = cacheMethods(puppet);
  attempt(() => {
    for (const kind of ['contact', 'room', 'roomMember'] as const) cache?.[kind]?.clear?.();
  });
}

/** A puppet that forwards `dirtyPayload`, as `wechaty-puppet-service` does, is the client of another one with a cache. */
function hasRemoteCache(puppet: Puppet): boolean {
  return typeof puppet.dirtyPayload === 'function' && puppet.dirtyPayload !== Puppet.prototype.dirtyPayload;
}

function attempt(work: () => void): void {
  try {
    work();
  } catch {
    // The cache of a puppet with other methods cannot be dropped.
  }
}
