/** Turns the ways in which protocols name a file into what the commands take as `messagePayload`. */
import { WechatError } from '../bot/errors';
import type { MediaStore } from './media-store';

/** A file as a program names it; the first that is given counts, in this order. */
export interface NamedFile {
  /** What the remote's media store keeps under this id. */
  readonly mediaId?: string | undefined;
  /** Base64, or a data: URL. */
  readonly base64?: string | undefined;
  readonly url?: string | undefined;
  /** A path on this machine; or a URL, which some programs put in the same place. */
  readonly path?: string | undefined;
  /** What it is to be called. */
  readonly name?: string | undefined;
}

/**
 * What a sending command takes for a file. Whether a path or a URL may be used is decided by the command itself, under
 * the remote's file policy; a file of the store was handed in by a program, or received, and may always be sent.
 * @throws WechatError NOT_FOUND (`mediaNotFound`) when the store does not keep the id (any more).
 */
export async function filePayload(file: NamedFile, store?: MediaStore): Promise<unknown> {
  const { mediaId, base64, url, path, name } = file;
  const named = name ? { name } : {};
  if (mediaId) {
    const kept = await store?.get(mediaId);
    if (!kept) throw new WechatError('NOT_FOUND', 'mediaNotFound', { id: mediaId.slice(0, 64) });
    return { buffer: await kept.read(), name: kept.name, ...named };
  }
  if (base64) return { base64, ...named };
  if (url) return { url, ...named };
  if (path) return /^(?:data|https?):/i.test(path) ? withName(path, name) : { path, ...named };
  return undefined;
}

function withName(address: string, name: string | undefined): unknown {
  const key = /^data:/i.test(address) ? 'base64' : 'url';
  return { [key]: address, ...(name ? { name } : {}) };
}
