/** Routes that change a bot's simulation: messages, logins, friend requests, members and faults. */
import { errorMessage, WechatError } from '../../bot/errors';
import type { Person, SayableContent, Simulation } from '../../puppets/simulator';
import type { SimulatorActions, SimulatorFaults } from '../api-types';
import { loadAdminModules } from '../load-modules';
import { requireBot, type Route } from '../route';
import { requireSimulation } from './simulator';
import { faultsView } from '../simulation-view';

/** The person with this id, alias or name. @throws WechatError NOT_FOUND, INVALID_PARAMS if it is ambiguous */
function findPerson(simulation: Simulation, name: string): Person {
  const { contacts } = simulation.wechat;
  const isKnown = contacts.has(name) || contacts.find((one) => one.alias === name || one.name === name);
  if (!isKnown) throw new WechatError('NOT_FOUND', 'contactNotFound', { query: name });
  return orRefuse('INVALID_PARAMS', () => simulation.contact(name));
}

/** The id of the room with this id or topic. @throws WechatError NOT_FOUND, INVALID_PARAMS if it is ambiguous */
function findRoomId(simulation: Simulation, name: string): string {
  const { rooms } = simulation.wechat;
  const isKnown = rooms.has(name) || [...rooms.all()].some(({ topic }) => topic === name);
  if (!isKnown) throw new WechatError('NOT_FOUND', 'roomNotFound', { query: name });
  return orRefuse('INVALID_PARAMS', () => simulation.room(name).id);
}

/** Runs an action; errors of the simulation become a WechatError. */
function orRefuse<T>(code: 'FAILED' | 'INVALID_PARAMS', action: () => T): T {
  try {
    return action();
  } catch (error) {
    throw new WechatError(code, 'simulatorRefused', { error: errorMessage(error) });
  }
}

function contentOf({ text, file }: SimulatorActions['say']): SayableContent {
  if ((text === undefined) === (file === undefined)) throw new WechatError('INVALID_PARAMS', 'textOrFile');
  if (file === undefined) return { kind: 'text', text: text ?? '' };
  const { name, base64 } = file;
  // `Buffer.from` ignores invalid characters, which would give a corrupt file.
  if (!/^[A-Za-z0-9+/]+={0,2}$/.test(base64)) throw new WechatError('INVALID_PARAMS', 'notBase64');
  const data = Buffer.from(base64, 'base64');
  const { mediaKindOf, mediaTypeOf } = loadAdminModules();
  return { kind: mediaKindOf(mediaTypeOf({ content: data, name })), name, data };
}

function say(simulation: Simulation, body: SimulatorActions['say']): object {
  const { from, room, to, mentions = [] } = body;
  const content = contentOf(body);
  const speaker = findPerson(simulation, from);
  if (room === undefined) {
    if (speaker.id === simulation.self.id && to === undefined) {
      throw new WechatError('INVALID_PARAMS', 'paramMissing', { parameter: 'to' });
    }
    const listener = to === undefined ? undefined : findPerson(simulation, to).id;
    if (speaker.id !== simulation.self.id && !speaker.isFriend) {
      throw new WechatError('FAILED', 'simulatorStranger', { name: speaker.name });
    }
    return { messageId: orRefuse('FAILED', () => speaker.say(content).to(listener)).id };
  }
  const inRoom = findRoomId(simulation, room);
  if (!simulation.room(inRoom).memberIds.includes(speaker.id)) {
    throw new WechatError('FAILED', 'simulatorNotMember', { name: speaker.name, room });
  }
  const all = mentions.includes('all') || mentions.includes('@all');
  const mentioned = all ? 'all' : mentions.map((name) => findPerson(simulation, name).id);
  return { messageId: orRefuse('FAILED', () => speaker.say(content, { mentions: mentioned }).in(inRoom)).id };
}

async function scan(
  simulation: Simulation,
  { code, confirm = true, expire }: SimulatorActions['scan'],
): Promise<object> {
  const { qrCode } = simulation;
  if (qrCode === undefined) throw new WechatError('FAILED', 'qrCodeMissing');
  if (expire === true) simulation.expireQrCode();
  else if (code === 'expired') throw new WechatError('FAILED', 'qrCodeExpired');
  else if (code !== undefined && code !== qrCode) throw new WechatError('FAILED', 'qrCodeWrong');
  else await simulation.scan({ confirm });
  return {};
}

function recall(simulation: Simulation, { message: id }: SimulatorActions['recall']): object {
  const message = simulation.wechat.conversations.log.find(id);
  if (!message) throw new WechatError('NOT_FOUND', 'messageNotFound', { id });
  try {
    return { messageId: simulation.contact(message.talkerId).recall(id).id };
  } catch {
    throw new WechatError('FAILED', 'recallRefused', { id });
  }
}

/** Injects faults; `offline` also breaks the current connection. */
function setFaults(
  simulation: Simulation,
  { offline, slow, sendsFail }: SimulatorActions['faults'],
): SimulatorFaults {
  const wasOffline = simulation.faults.rejectAll === true;
  simulation.faults = {
    ...simulation.faults,
    ...(offline === undefined ? {} : { rejectAll: offline, failStart: offline }),
    ...(slow === undefined ? {} : { slow }),
    ...(sendsFail === undefined ? {} : { rejectSends: sendsFail }),
  };
  if (offline === true && !wasOffline) simulation.breakConnection('offline on purpose');
  return faultsView(simulation);
}

/** The routes that change a simulation. */
export function simulatorActionRoutes(): Route[] {
  const actionRoute = <Name extends keyof SimulatorActions>(
    name: Name,
    action: (simulation: Simulation, params: SimulatorActions[Name]) => unknown,
  ): Route => ({
    method: 'POST',
    path: `/wechat/bots/:id/simulator/${name}`,
    permission: 'write',
    handler: (call) => {
      requireBot(call);
      const params = loadAdminModules().parseAction[name](call.body);
      return action(requireSimulation(call), params);
    },
  });
  return [
    actionRoute('say', say),
    actionRoute('scan', scan),
    actionRoute('phone-logout', async (simulation) => {
      await simulation.phoneLogout();
      return {};
    }),
    actionRoute('friend-request', (simulation, { from, text }) => {
      const requester = findPerson(simulation, from);
      if (requester.isFriend)
        throw new WechatError('FAILED', 'simulatorFriendAlready', { name: requester.name });
      return { id: orRefuse('FAILED', () => requester.requestFriend(text)).id };
    }),
    actionRoute('join', (simulation, { room, contact, inviter }) => {
      const roomId = findRoomId(simulation, room);
      const by = inviter === undefined ? {} : { by: findPerson(simulation, inviter).id };
      const newcomer = findPerson(simulation, contact);
      if (simulation.room(roomId).memberIds.includes(newcomer.id)) {
        throw new WechatError('FAILED', 'simulatorMemberAlready', { name: newcomer.name, room });
      }
      orRefuse('FAILED', () => {
        newcomer.join(roomId, by);
      });
      return {};
    }),
    actionRoute('leave', (simulation, { room, contact }) => {
      const roomId = findRoomId(simulation, room);
      const member = findPerson(simulation, contact);
      if (!simulation.room(roomId).memberIds.includes(member.id)) {
        throw new WechatError('FAILED', 'simulatorNotMember', { name: member.name, room });
      }
      orRefuse('FAILED', () => {
        member.leave(roomId);
      });
      return {};
    }),
    actionRoute('recall', recall),
    actionRoute('faults', setFaults),
  ];
}
