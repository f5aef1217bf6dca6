/** Everything a service can have done (the WeHelp document, section "轮询消息"): names, fields, and what of ours does it. */
import Type, { type Static, type TObject } from 'typebox';
import { Compile } from 'typebox/compile';
import { type ErrorCode, WechatError } from '../../bot/errors';
import type { ContactView, MemberView, RoomView } from '../../bot/views';
import { contactIdIn, exact } from '../wechat/v1-code';
import type { Codes } from './v2-codes';
import { contactsData, membersData, personOf, roomsData } from './people';
import { callbackTypes, type CallbackData, packet, qrCodeCode, type WireTask } from './wire';

/** What tasks are done with. */
export interface TaskContext {
  /** Executes a command of the table, if the owner allows it. @throws WechatError */
  readonly ask: (command: string, params?: Readonly<Record<string, unknown>>) => Promise<unknown>;
  readonly codes: Codes;
  /** The bot's own account; empty when there is none. */
  readonly selfId: string;
  /** The login's QR code, while there is one. */
  readonly qrCode: string | undefined;
}

/** One kind of task. */
export interface TaskKind {
  readonly api: string;
  /** WeHelp's number for it; some have none. */
  readonly code: number | undefined;
  /** Whether it only reads, so that doing it again does no harm. */
  readonly readOnly: boolean;
  /** Its fields besides `api`, `code` and `time`. */
  readonly params: TObject;
  /** What is wrong with the fields of a task; undefined if nothing is. */
  problem(task: WireTask): string | undefined;
  /** Does it, and resolves to the callbacks that answer it: none for what WeHelp does silently. @throws WechatError */
  run(task: WireTask, context: TaskContext): Promise<CallbackData[]>;
}

type Run<Shape extends TObject> = (task: Static<Shape>, context: TaskContext) => Promise<CallbackData[]>;

function kind<Shape extends TObject>(
  api: string,
  code: number | undefined,
  use: 'reads' | 'changes',
  shape: Shape,
  run: Run<Shape>,
): TaskKind {
  let validator: ReturnType<typeof Compile> | undefined;
  return {
    api,
    code,
    readOnly: use === 'reads',
    params: shape,
    problem: (task) => {
      validator ??= Compile(shape);
      if (validator.Check(task)) return undefined;
      const [first] = validator.Errors(task);
      return [first?.instancePath.slice(1) ?? '', first?.message ?? ''].filter(Boolean).join(' ');
    },
    run: (task, context) => run(task as Static<Shape>, context),
  };
}

/** A task that WeHelp knows and Wechaty has no call for. */
function unsupported(api: string, code: number): TaskKind {
  return kind(api, code, 'reads', Type.Object({}), () =>
    Promise.reject(new WechatError('UNSUPPORTED', 'taskUnsupported', { api })),
  );
}

const id = Type.String({ minLength: 1 });
const nothing = Type.Object({});
/** A path on this machine, or a URL: the remote's file policy decides what of it may be sent. */
const path = Type.String({ minLength: 1 });

/** What the sending commands answer. */
interface Sent {
  readonly fail: readonly { readonly error: { readonly code: ErrorCode; readonly message: string } }[];
}

async function send(
  { ask }: TaskContext,
  wxid: string,
  messageType: string,
  messagePayload: unknown,
): Promise<CallbackData[]> {
  const { fail } = (await ask('send', { toContacts: [exact(wxid)], messageType, messagePayload })) as Sent;
  const [first] = fail;
  if (first) {
    const { code, message } = first.error;
    throw new WechatError(code, 'callFailed', { call: 'send', error: message });
  }
  return [];
}

async function contactOf({ ask }: TaskContext, wxid: string): Promise<ContactView> {
  const found = (await ask('contactFind', { id: exact(wxid) })) as ContactView | null;
  if (!found) throw new WechatError('NOT_FOUND', 'contactNotFound', { query: wxid.slice(0, 128) });
  return found;
}

/** The number of people one task may ask for (section "查询好友信息"). */
const peopleAtOnce = 50;

const withInfo = Type.Object({ info: Type.Optional(Type.Unknown()) });

const loginStatus: Run<typeof withInfo> = async ({ info }, { ask }) => {
  const { logonoff } = (await ask('wechatyLogonoff')) as { logonoff: boolean };
  const told = info === undefined ? {} : { info };
  return [{ type: callbackTypes.loginStatus, code: logonoff ? 200 : -1, ...told }];
};

const kinds: readonly TaskKind[] = [
  kind(
    'sendTextMessage',
    1,
    'changes',
    Type.Object({ wxid: id, text: Type.Union([Type.String(), Type.Number()]) }),
    ({ wxid, text }, context) => send(context, wxid, 'Text', text),
  ),
  kind(
    'sendPicMessage',
    2,
    'changes',
    Type.Object({ wxid: id, imgPath: path }),
    ({ wxid, imgPath }, context) => send(context, wxid, 'Image', imgPath),
  ),
  kind(
    'sendFileMessage',
    25,
    'changes',
    Type.Object({ wxid: id, filePath: path }),
    ({ wxid, filePath }, context) => send(context, wxid, 'Attachment', filePath),
  ),
  kind(
    'sendXmlMessage',
    3,
    'changes',
    Type.Object({
      wxid: id,
      title: Type.Optional(Type.String()),
      url: Type.String(),
      desc: Type.Optional(Type.String()),
      pic: Type.Optional(Type.String()),
    }),
    ({ wxid, title, url, desc = '', pic }, context) =>
      send(context, wxid, 'Url', {
        url,
        title: title ?? url,
        description: desc,
        ...(pic ? { thumbnailUrl: pic } : {}),
      }),
  ),
  // From WeHelp's own pages of the time: the document does not have it yet.
  kind('sendCardMessage', undefined, 'changes', Type.Object({ wxid: id, fwxid: id }), (task, context) =>
    send(context, task.wxid, 'Contact', exact(task.fwxid)),
  ),
  kind('sendChatroom', 4, 'changes', Type.Object({ wxid: id, chatroom: id }), async (task, { ask }) => {
    await ask('roomAdd', { id: exact(task.chatroom), contacts: [exact(task.wxid)] });
    return [];
  }),
  kind('delChatRoomUser', 12, 'changes', Type.Object({ wxid: id, chatroom: id }), async (task, { ask }) => {
    await ask('roomDel', { id: exact(task.chatroom), contacts: [exact(task.wxid)] });
    return [];
  }),
  kind(
    'addUserEvent',
    5,
    'changes',
    Type.Object({ wxid: id, message: Type.Optional(Type.String()) }),
    async ({ wxid, message = '' }, { ask, codes }) => {
      const coded = codes.read(wxid);
      const whom = coded && 'contactId' in coded ? coded : { contactId: contactIdIn(wxid, undefined) };
      await ask('friendshipAdd', { ...whom, hello: message });
      return [];
    },
  ),
  kind(
    'acceptFriend',
    10,
    'changes',
    Type.Object({ v1: Type.Optional(Type.String()), v2: id }),
    async ({ v1 = '', v2 }, { ask, codes }) => {
      const coded = codes.read(v2);
      if (!coded) throw new WechatError('NOT_FOUND', 'friendshipNotFound', { id: v2.slice(0, 128) });
      if ('friendship' in coded) await ask('friendshipAccept', { id: coded.friendship });
      else await ask('friendshipAdd', coded);
      const cgi = '/cgi-bin/micromsg-bin/verifyuser';
      return [{ type: callbackTypes.accepted, cgi, ...packet([v1 || 'v1_@stranger']) }];
    },
  ),
  kind('initContact', 45, 'reads', nothing, async (_task, { ask, selfId }) => {
    const contacts = (await ask('contactFindAll')) as ContactView[];
    const cgi = '/cgi-bin/micromsg-bin/initcontact';
    const raw = packet(contacts.map((contact) => contact.id));
    return [{ type: callbackTypes.contactsPacket, cgi, ...raw }, ...contactsData(contacts, selfId)];
  }),
  kind(
    'newGetUserLists',
    46,
    'reads',
    Type.Object({ wxidLists: Type.Array(id, { minItems: 1, maxItems: peopleAtOnce }) }),
    async ({ wxidLists }, context) => {
      const asked = wxidLists.map((wxid) => contactOf(context, wxid));
      const settled = await Promise.allSettled(asked);
      const contacts = settled.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []));
      // Where nobody was found, the first failure is the task's.
      if (contacts.length === 0) await asked[0];
      return contactsData(contacts, context.selfId);
    },
  ),
  kind('getUserInfo', 19, 'reads', Type.Object({ wxid: id }), async ({ wxid }, context) =>
    contactsData([await contactOf(context, wxid)], context.selfId),
  ),
  kind('netGetUserInfo', 30, 'reads', Type.Object({ wxid: id }), async ({ wxid }, context) => {
    const person = personOf(await contactOf(context, wxid));
    const raw = packet([person.wxid, person.nick, person.headPic]);
    return [
      { type: callbackTypes.contactPacket, cgi: '/cgi-bin/micromsg-bin/getcontact', ...raw, ...person },
    ];
  }),
  kind('getChatRoomLists', 47, 'reads', nothing, async (_task, { ask, selfId }) =>
    roomsData((await ask('roomFindAll', { members: 'ids' })) as RoomView[], selfId),
  ),
  kind('getChatRoomUserLists', 6, 'reads', Type.Object({ wxid: id }), async ({ wxid }, { ask }) => [
    membersData(wxid, (await ask('roomMemberAllGet', { id: exact(wxid) })) as MemberView[]),
  ]),
  kind('getRoomUserV2', 34, 'reads', Type.Object({ chatroom: id, wxid: id }), async (task, context) => {
    const { ask, codes } = context;
    const room = exact(task.chatroom);
    const member = (await ask('roomMemberGet', { id: room, contactId: exact(task.wxid) })) as MemberView;
    const contact = await contactOf(context, member.id);
    return [{ type: callbackTypes.ticket, ...personOf(contact), v2: codes.ofMember(contact.id, room) }];
  }),
  kind('getLoginStatus', 20, 'reads', withInfo, loginStatus),
  kind('isLoginInfo', 8, 'reads', withInfo, loginStatus),
  kind('getLoginQrCode', 36, 'reads', nothing, async (_task, { ask, qrCode }) => {
    if (qrCode !== undefined) return [{ code: qrCodeCode, message: qrCode }];
    const { logonoff } = (await ask('wechatyLogonoff')) as { logonoff: boolean };
    if (logonoff) throw new WechatError('FAILED', 'alreadyLoggedIn');
    // What is shown then is told by a callback of its own.
    await ask('wechatyStart');
    return [];
  }),
  kind('outLogin', 39, 'changes', nothing, async (_task, { ask }) => {
    // The logout itself tells that it happened.
    await ask('wechatyLogout');
    return [];
  }),
  unsupported('delUser', 17),
  unsupported('updateRoomAsName', 44),
];

const byApi = new Map(kinds.map((one) => [one.api, one]));
const byCode = new Map(kinds.flatMap((one) => (one.code === undefined ? [] : [[one.code, one] as const])));

/** All kinds of tasks there are. */
export const taskKinds = kinds;

/**
 * What a task asks for. Its name counts; its number only where it has no name.
 * @throws WechatError INVALID_PARAMS (no task, unknown or with wrong fields).
 */
export function kindOf(given: unknown): { kind: TaskKind; task: WireTask } {
  if (typeof given !== 'object' || given === null || Array.isArray(given)) {
    throw new WechatError('INVALID_PARAMS', 'notATask');
  }
  const task = given as WireTask;
  const { api, code } = task;
  const isNamed = typeof api === 'string' && api !== '';
  const found = isNamed ? byApi.get(api) : byCode.get(Number(code));
  if (!found) {
    const name = isNamed ? api.slice(0, 128) : typeof code === 'number' ? String(code) : '';
    throw new WechatError('UNSUPPORTED', 'unknownTask', { name });
  }
  const problem = found.problem(task);
  if (problem !== undefined) {
    throw new WechatError('INVALID_PARAMS', 'badParams', { command: found.api, problem });
  }
  return { kind: found, task };
}

/** Longest delay a task may ask for, in ms. */
const longestDelay = 24 * 60 * 60 * 1000;

/**
 * How long a task is to wait, in ms (section "轮询消息": its `time`).
 * @param unit of `time`, in ms.
 * @throws WechatError INVALID_PARAMS when it is no time, or longer than a day.
 */
export function delayOf({ time }: WireTask, unit: number): number {
  if (time === undefined || time === null || time === '') return 0;
  const delay = typeof time === 'number' || typeof time === 'string' ? Number(time) * unit : NaN;
  if (delay >= 0 && delay <= longestDelay) return delay;
  throw new WechatError('INVALID_PARAMS', 'badTaskTime');
}

/** The conversations a task is about: tasks on one of them are done one after the other. */
export function conversationsIn(task: WireTask, { api }: TaskKind): string[] {
  const named = [task.chatroom, task.wxid].filter((one) => typeof one === 'string');
  return named.length > 0 ? named : [api];
}
