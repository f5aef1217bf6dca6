/** The table of tasks (the WeHelp document, section "轮询消息"): names, fields, and the commands that run them. */
import Type, { type Static, type TObject } from 'typebox';
import { Compile } from 'typebox/compile';
import { type ErrorCode, WechatError } from '../../bot/errors';
import type { ContactView, MemberView, RoomView } from '../../bot/views';
import { resolveContactId, rejectPattern } from '../wechat/v1-code';
import type { V2Codes } from './v2-codes';
import { contactCallbacks, membersCallback, personOf, roomCallbacks } from './people';
import { callbackTypes, type CallbackData, packet, qrCodeCode, type WireTask } from './wire';

/** Services a task uses. */
export interface TaskContext {
  /** Runs a command, if permitted. @throws WechatError */
  readonly runCommand: (command: string, params?: Readonly<Record<string, unknown>>) => Promise<unknown>;
  readonly v2Codes: V2Codes;
  /** The bot's own account; empty if there is none. */
  readonly selfId: string;
  /** The current login QR code, if any. */
  readonly qrCode: string | undefined;
}

/** One kind of task. */
export interface TaskKind {
  readonly api: string;
  /** WeHelp's number, if any. */
  readonly code: number | undefined;
  /** Whether it can be repeated safely. */
  readonly readOnly: boolean;
  /** Schema of its fields besides `api`, `code` and `time`. */
  readonly params: TObject;
  /** Validates the fields of a task. @returns the problem, if any. */
  problem(task: WireTask): string | undefined;
  /** Runs a task. @returns its callbacks; none for tasks without a response. @throws WechatError */
  run(task: WireTask, context: TaskContext): Promise<CallbackData[]>;
}

type Run<Shape extends TObject> = (task: Static<Shape>, context: TaskContext) => Promise<CallbackData[]>;

function kind<Shape extends TObject>(
  api: string,
  code: number | undefined,
  access: 'reads' | 'changes',
  shape: Shape,
  run: Run<Shape>,
): TaskKind {
  let validator: ReturnType<typeof Compile> | undefined;
  return {
    api,
    code,
    readOnly: access === 'reads',
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

/** A task of WeHelp that Wechaty does not support. */
function unsupported(api: string, code: number): TaskKind {
  return kind(api, code, 'reads', Type.Object({}), () =>
    Promise.reject(new WechatError('UNSUPPORTED', 'taskUnsupported', { api })),
  );
}

const id = Type.String({ minLength: 1 });
const noParams = Type.Object({});
/** A local path or a URL; the remote's file policy applies. */
const path = Type.String({ minLength: 1 });

/** The result of the `send` command. */
interface SendResult {
  readonly fail: readonly { readonly error: { readonly code: ErrorCode; readonly message: string } }[];
}

async function send(
  { runCommand }: TaskContext,
  wxid: string,
  messageType: string,
  messagePayload: unknown,
): Promise<CallbackData[]> {
  const { fail } = (await runCommand('send', {
    toContacts: [rejectPattern(wxid)],
    messageType,
    messagePayload,
  })) as SendResult;
  const [first] = fail;
  if (first) {
    const { code, message } = first.error;
    throw new WechatError(code, 'callFailed', { call: 'send', error: message });
  }
  return [];
}

async function findContact({ runCommand }: TaskContext, wxid: string): Promise<ContactView> {
  const found = (await runCommand('contactFind', { id: rejectPattern(wxid) })) as ContactView | null;
  if (!found) throw new WechatError('NOT_FOUND', 'contactNotFound', { query: wxid.slice(0, 128) });
  return found;
}

/** Maximum number of contacts in one task (section "查询好友信息"). */
const maxPeople = 50;

const withInfo = Type.Object({ info: Type.Optional(Type.Unknown()) });

const loginStatus: Run<typeof withInfo> = async ({ info }, { runCommand }) => {
  const { logonoff } = (await runCommand('wechatyLogonoff')) as { logonoff: boolean };
  const echo = info === undefined ? {} : { info };
  return [{ type: callbackTypes.loginStatus, code: logonoff ? 200 : -1, ...echo }];
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
    send(context, task.wxid, 'Contact', rejectPattern(task.fwxid)),
  ),
  kind(
    'sendChatroom',
    4,
    'changes',
    Type.Object({ wxid: id, chatroom: id }),
    async (task, { runCommand }) => {
      await runCommand('roomAdd', { id: rejectPattern(task.chatroom), contacts: [rejectPattern(task.wxid)] });
      return [];
    },
  ),
  kind(
    'delChatRoomUser',
    12,
    'changes',
    Type.Object({ wxid: id, chatroom: id }),
    async (task, { runCommand }) => {
      await runCommand('roomDel', { id: rejectPattern(task.chatroom), contacts: [rejectPattern(task.wxid)] });
      return [];
    },
  ),
  kind(
    'addUserEvent',
    5,
    'changes',
    Type.Object({ wxid: id, message: Type.Optional(Type.String()) }),
    async ({ wxid, message = '' }, { runCommand, v2Codes }) => {
      const target = v2Codes.decode(wxid);
      const whom =
        target && 'contactId' in target ? target : { contactId: resolveContactId(wxid, undefined) };
      await runCommand('friendshipAdd', { ...whom, hello: message });
      return [];
    },
  ),
  kind(
    'acceptFriend',
    10,
    'changes',
    Type.Object({ v1: Type.Optional(Type.String()), v2: id }),
    async ({ v1 = '', v2 }, { runCommand, v2Codes }) => {
      const target = v2Codes.decode(v2);
      if (!target) throw new WechatError('NOT_FOUND', 'friendshipNotFound', { id: v2.slice(0, 128) });
      if ('friendship' in target) await runCommand('friendshipAccept', { id: target.friendship });
      else await runCommand('friendshipAdd', target);
      const cgi = '/cgi-bin/micromsg-bin/verifyuser';
      return [{ type: callbackTypes.accepted, cgi, ...packet([v1 || 'v1_@stranger']) }];
    },
  ),
  kind('initContact', 45, 'reads', noParams, async (_task, { runCommand, selfId }) => {
    const contacts = (await runCommand('contactFindAll')) as ContactView[];
    const cgi = '/cgi-bin/micromsg-bin/initcontact';
    const raw = packet(contacts.map((contact) => contact.id));
    return [{ type: callbackTypes.contactsPacket, cgi, ...raw }, ...contactCallbacks(contacts, selfId)];
  }),
  kind(
    'newGetUserLists',
    46,
    'reads',
    Type.Object({ wxidLists: Type.Array(id, { minItems: 1, maxItems: maxPeople }) }),
    async ({ wxidLists }, context) => {
      const searches = wxidLists.map((wxid) => findContact(context, wxid));
      const settled = await Promise.allSettled(searches);
      const contacts = settled.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []));
      // If nobody was found, the task fails with the first error.
      if (contacts.length === 0) await searches[0];
      return contactCallbacks(contacts, context.selfId);
    },
  ),
  kind('getUserInfo', 19, 'reads', Type.Object({ wxid: id }), async ({ wxid }, context) =>
    contactCallbacks([await findContact(context, wxid)], context.selfId),
  ),
  kind('netGetUserInfo', 30, 'reads', Type.Object({ wxid: id }), async ({ wxid }, context) => {
    const person = personOf(await findContact(context, wxid));
    const raw = packet([person.wxid, person.nick, person.headPic]);
    return [
      { type: callbackTypes.contactPacket, cgi: '/cgi-bin/micromsg-bin/getcontact', ...raw, ...person },
    ];
  }),
  kind('getChatRoomLists', 47, 'reads', noParams, async (_task, { runCommand, selfId }) =>
    roomCallbacks((await runCommand('roomFindAll', { members: 'ids' })) as RoomView[], selfId),
  ),
  kind('getChatRoomUserLists', 6, 'reads', Type.Object({ wxid: id }), async ({ wxid }, { runCommand }) => [
    membersCallback(
      wxid,
      (await runCommand('roomMemberAllGet', { id: rejectPattern(wxid) })) as MemberView[],
    ),
  ]),
  kind('getRoomUserV2', 34, 'reads', Type.Object({ chatroom: id, wxid: id }), async (task, context) => {
    const { runCommand, v2Codes } = context;
    const room = rejectPattern(task.chatroom);
    const member = (await runCommand('roomMemberGet', {
      id: room,
      contactId: rejectPattern(task.wxid),
    })) as MemberView;
    const contact = await findContact(context, member.id);
    return [{ type: callbackTypes.ticket, ...personOf(contact), v2: v2Codes.encodeMember(contact.id, room) }];
  }),
  kind('getLoginStatus', 20, 'reads', withInfo, loginStatus),
  kind('isLoginInfo', 8, 'reads', withInfo, loginStatus),
  kind('getLoginQrCode', 36, 'reads', noParams, async (_task, { runCommand, qrCode }) => {
    if (qrCode !== undefined) return [{ code: qrCodeCode, message: qrCode }];
    const { logonoff } = (await runCommand('wechatyLogonoff')) as { logonoff: boolean };
    if (logonoff) throw new WechatError('FAILED', 'alreadyLoggedIn');
    // The QR code follows as a callback of its own.
    await runCommand('wechatyStart');
    return [];
  }),
  kind('outLogin', 39, 'changes', noParams, async (_task, { runCommand }) => {
    // The logout event is posted as a callback of its own.
    await runCommand('wechatyLogout');
    return [];
  }),
  unsupported('delUser', 17),
  unsupported('updateRoomAsName', 44),
];

const byApi = new Map(kinds.map((one) => [one.api, one]));
const byCode = new Map(kinds.flatMap((one) => (one.code === undefined ? [] : [[one.code, one] as const])));

/** All kinds of tasks. */
export const taskKinds = kinds;

/**
 * Parses an untrusted task. Its number counts only if it has no name.
 * @throws WechatError INVALID_PARAMS for no task or wrong fields, UNSUPPORTED for an unknown task.
 */
export function parseTask(raw: unknown): { kind: TaskKind; task: WireTask } {
  if (typeof raw !== 'object' || raw === null || Array.isArray(raw)) {
    throw new WechatError('INVALID_PARAMS', 'notATask');
  }
  const task = raw as WireTask;
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

/** Maximum delay of a task. */
const maxDelayMs = 24 * 60 * 60 * 1000;

/**
 * The delay of a task, in ms (section "轮询消息": its `time`).
 * @param unitMs unit of `time`.
 * @throws WechatError INVALID_PARAMS if it is no number, or longer than a day.
 */
export function delayOf({ time }: WireTask, unitMs: number): number {
  if (time === undefined || time === null || time === '') return 0;
  const delay = typeof time === 'number' || typeof time === 'string' ? Number(time) * unitMs : NaN;
  if (delay >= 0 && delay <= maxDelayMs) return delay;
  throw new WechatError('INVALID_PARAMS', 'badTaskTime');
}

/** Tasks with a common key, such as a conversation, run in order. */
export function orderingKeysOf(task: WireTask, { api }: TaskKind): string[] {
  const keys = [task.chatroom, task.wxid].filter((one) => typeof one === 'string');
  return keys.length > 0 ? keys : [api];
}
