/** What people do in a bot's simulated WeChat, at the wish of whoever sits at the editor. */
import { extname } from 'node:path';
import type { Static, TSchema } from 'typebox';
import { errorMessage, WechatError } from '../../bot/errors';
import type { FileContent, Person, SayableContent, World } from '../../puppets/simulator';
import { loadEngine } from '../../nodes/runtime/load-modules';
import type { bodies } from '../request-schemas';
import { botOf, type Route } from '../route';
import { worldOfCall } from './simulator';
import { faultsView } from '../world-view';

type Bodies = typeof bodies;

/** What sort of file WeChat shows, by the ending of its name. */
const kinds: Readonly<Record<string, FileContent['kind']>> = {
  '.png': 'image',
  '.jpg': 'image',
  '.jpeg': 'image',
  '.webp': 'image',
  '.bmp': 'image',
  '.gif': 'emoticon',
  '.mp4': 'video',
  '.mov': 'video',
  '.webm': 'video',
  '.mp3': 'audio',
  '.m4a': 'audio',
  '.wav': 'audio',
  '.ogg': 'audio',
  '.amr': 'audio',
};

/** @throws WechatError NOT_FOUND, or INVALID_PARAMS when several are called so. */
function person(world: World, name: string): Person {
  const { people } = world.wechat;
  const isKnown = people.has(name) || people.find((one) => one.alias === name || one.name === name);
  if (!isKnown) throw new WechatError('NOT_FOUND', 'contactNotFound', { query: name });
  return refusing('INVALID_PARAMS', () => world.contact(name));
}

/** A room's id. @throws as `person` does. */
function roomId(world: World, name: string): string {
  const { rooms } = world.wechat;
  const isKnown = rooms.has(name) || [...rooms.all()].some(({ topic }) => topic === name);
  if (!isKnown) throw new WechatError('NOT_FOUND', 'roomNotFound', { query: name });
  return refusing('INVALID_PARAMS', () => world.room(name).id);
}

/** Does something in the world, which has rules of its own. */
function refusing<T>(code: 'FAILED' | 'INVALID_PARAMS', act: () => T): T {
  try {
    return act();
  } catch (error) {
    throw new WechatError(code, 'simulatorRefused', { error: errorMessage(error) });
  }
}

function contentOf({ text, file }: Static<Bodies['say']>): SayableContent {
  if ((text === undefined) === (file === undefined)) throw new WechatError('INVALID_PARAMS', 'textOrFile');
  if (file === undefined) return { kind: 'text', text: text ?? '' };
  const { name, base64 } = file;
  // Buffer skips what is not base64, and a damaged picture would be sent.
  if (!/^[A-Za-z0-9+/]+={0,2}$/.test(base64)) throw new WechatError('INVALID_PARAMS', 'notBase64');
  const kind = kinds[extname(name).toLowerCase()] ?? 'file';
  return { kind, name, data: Buffer.from(base64, 'base64') };
}

function say(world: World, body: Static<Bodies['say']>): object {
  const { from, room, to, mentions = [] } = body;
  const content = contentOf(body);
  const speaker = person(world, from);
  if (room === undefined) {
    if (speaker.id === world.self.id && to === undefined) {
      throw new WechatError('INVALID_PARAMS', 'paramMissing', { parameter: 'to' });
    }
    const listener = to === undefined ? undefined : person(world, to).id;
    if (speaker.id !== world.self.id && !speaker.isFriend) {
      throw new WechatError('FAILED', 'simulatorStranger', { name: speaker.name });
    }
    return { messageId: refusing('FAILED', () => speaker.say(content).to(listener)).id };
  }
  const place = roomId(world, room);
  if (!world.room(place).memberIds.includes(speaker.id)) {
    throw new WechatError('FAILED', 'simulatorNotMember', { name: speaker.name, room });
  }
  const all = mentions.includes('all') || mentions.includes('@all');
  const mentioned = all ? 'all' : mentions.map((name) => person(world, name).id);
  return { messageId: refusing('FAILED', () => speaker.say(content, { mentions: mentioned }).in(place)).id };
}

async function scan(world: World, { code, confirm = true, expire }: Static<Bodies['scan']>): Promise<object> {
  const shown = world.qrCode;
  if (shown === undefined) throw new WechatError('FAILED', 'qrCodeMissing');
  if (expire === true) world.expireQrCode();
  else if (code === 'expired') throw new WechatError('FAILED', 'qrCodeExpired');
  else if (code !== undefined && code !== shown) throw new WechatError('FAILED', 'qrCodeWrong');
  else await world.scan({ confirm });
  return {};
}

function recall(world: World, { message: id }: Static<Bodies['recall']>): object {
  const message = world.wechat.conversations.log.find(id);
  if (!message) throw new WechatError('NOT_FOUND', 'messageNotFound', { id });
  try {
    return { messageId: world.contact(message.talkerId).recall(id).id };
  } catch {
    throw new WechatError('FAILED', 'recallRefused', { id });
  }
}

/** A world that is offline breaks the connection at once, and lets no new one come about. */
function setFaults(world: World, { offline, slow, sendsFail }: Static<Bodies['faults']>): object {
  const wasOffline = world.faults.rejectAll === true;
  world.faults = {
    ...world.faults,
    ...(offline === undefined ? {} : { rejectAll: offline, failStart: offline }),
    ...(slow === undefined ? {} : { slow }),
    ...(sendsFail === undefined ? {} : { rejectSends: sendsFail }),
  };
  if (offline === true && !wasOffline) world.breakConnection('offline on purpose');
  return faultsView(world);
}

/** Lets people act. */
export function simulatorActs(): Route[] {
  const act = <Name extends keyof Bodies>(
    name: string,
    body: Name,
    work: (world: World, given: Static<Bodies[Name]>) => unknown,
  ): Route => ({
    method: 'POST',
    path: `/wechat/bots/:id/simulator/${name}`,
    permission: 'write',
    answer: (call) => {
      botOf(call);
      const { bodies: shapes, checkedBody } = loadEngine();
      const shape: TSchema = shapes[body];
      const given = checkedBody(shape, call.body) as Static<Bodies[Name]>;
      return work(worldOfCall(call), given);
    },
  });
  return [
    act('say', 'say', say),
    act('scan', 'scan', scan),
    act('phone-logout', 'nothing', async (world) => {
      await world.phoneLogout();
      return {};
    }),
    act('friend-request', 'friendRequest', (world, { from, text }) => {
      const asking = person(world, from);
      if (asking.isFriend) throw new WechatError('FAILED', 'simulatorFriendAlready', { name: asking.name });
      return { id: refusing('FAILED', () => asking.requestFriend(text)).id };
    }),
    act('join', 'join', (world, { room, contact, inviter }) => {
      const place = roomId(world, room);
      const by = inviter === undefined ? {} : { by: person(world, inviter).id };
      const joining = person(world, contact);
      if (world.room(place).memberIds.includes(joining.id)) {
        throw new WechatError('FAILED', 'simulatorMemberAlready', { name: joining.name, room });
      }
      refusing('FAILED', () => {
        joining.join(place, by);
      });
      return {};
    }),
    act('leave', 'leave', (world, { room, contact }) => {
      const place = roomId(world, room);
      const leaving = person(world, contact);
      if (!world.room(place).memberIds.includes(leaving.id)) {
        throw new WechatError('FAILED', 'simulatorNotMember', { name: leaving.name, room });
      }
      refusing('FAILED', () => {
        leaving.leave(place);
      });
      return {};
    }),
    act('recall', 'recall', recall),
    act('faults', 'faults', setFaults),
  ];
}
