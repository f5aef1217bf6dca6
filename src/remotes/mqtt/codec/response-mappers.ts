/** What each command answers on the wire, and how it says that it failed. */
import type { ErrorCode, WechatError } from '../../../bot/errors';
import type { ContactView, MemberView, MessageView, RoomView } from '../../../bot/views';
import { failureNumbers } from '../../dispatch/audit';
import type { Answer } from './codec';
import {
  contactJson,
  contactOrNull,
  memberJson,
  messageJson,
  type Parties,
  roomJson,
  type WechatyJson,
} from './wire-objects';

/** Executes a command of the table. @throws WechatError */
export type Ask = (command: string, params: Readonly<Record<string, unknown>>) => Promise<unknown>;

/** A message as the commands about messages give it. */
export type MessageRecord = MessageView & Parties;

/** What the commands that send to several answer. */
export interface Sent {
  readonly success: readonly { readonly id: string; readonly messageId?: string }[];
  readonly fail: readonly {
    readonly id: string;
    readonly error: { readonly code: ErrorCode; readonly message: string };
  }[];
}

/** An answer the protocol gives in place of an error, by the key of the error. */
type Documented = Readonly<Partial<Record<WechatError['key'], Pick<Answer, 'code' | 'message' | 'params'>>>>;

const badParams = { code: 200, message: '参数错误', params: {} };
const badContent: Documented = {
  badParams,
  emptyContent: badParams,
  badContent: badParams,
  unknownContentType: badParams,
};

const documented: Readonly<Record<string, Documented>> = {
  contactFind: { paramMissing: { code: 400, message: 'params error', params: {} } },
  roomFind: { paramMissing: { code: 200, message: '群id和topic不能同时为空', params: {} } },
  roomMemberAllGet: {
    paramMissing: { code: 200, message: '群id不能为空', params: [] },
    roomNotFound: { code: 200, message: 'success', params: [] },
  },
  roomSay: { ...badContent, noRecipients: badParams },
  messageSay: {
    ...badContent,
    messageNotFound: { code: 200, message: '消息不存在', params: {} },
    callFailed: { code: 200, message: '发送失败', params: {} },
  },
};

/** The answer to a command that failed. */
export function failure(command: string, thrown: WechatError): Answer {
  const { code, message, key } = thrown;
  const told = documented[command]?.[key] ?? { code: failureNumbers[code], message };
  return { ...told, error: { code, message } };
}

/** Lists whose entries look different on the wire; all others go as they are. */
const items: Readonly<Record<string, (entry: never, ask: Ask) => unknown>> = {
  contactFindAll: contactJson,
  roomFindAll: roomJson,
  messageFindAll: messageRecord,
  roomMemberAllGet: async (member: MemberView, ask) => {
    const contact = await ask('contactFind', { id: member.id }).catch(() => null);
    return memberJson(member, contact as ContactView | null);
  },
};

/** Turns one entry of a list into its form on the wire. */
export function listItem(command: string, entry: unknown, ask: Ask): unknown {
  const shape = items[command];
  return shape ? shape(entry as never, ask) : entry;
}

const aContact = (found: ContactView | null) => contactOrNull(found) ?? {};
const aRoom = (found: RoomView | null) => (found ? roomJson(found) : undefined);

/** Results that look different on the wire; all others go as they are. */
const results: Readonly<Record<string, (result: never, ask: Ask) => unknown>> = {
  wechatyUserSelf: aContact,
  contactFind: aContact,
  contactSync: aContact,
  roomOwnerGet: aContact,
  roomInvitationInviter: aContact,
  friendshipSearch: aContact,
  messageContact: aContact,
  roomFind: aRoom,
  roomSync: aRoom,
  roomMemberGet: (member: MemberView, ask) => listItem('roomMemberAllGet', member, ask),
  messageFind: (found: MessageRecord | null) => (found ? messageRecord(found) : {}),
  // The protocol's document shows an answer without params here, whatever was sent.
  roomSayAt: () => undefined,
};

/** The answer to a command that was done, whose result is not a list. */
export async function success(command: string, result: unknown, ask: Ask): Promise<Answer> {
  if (isSent(result)) {
    const [first] = result.fail;
    if (first && result.success.length === 0) {
      return {
        code: failureNumbers[first.error.code],
        message: first.error.message,
        params: result,
        error: first.error,
      };
    }
    const params = command === 'roomSay' ? await saidInRooms(result, ask) : result;
    return { code: 200, message: 'success', params, ...(first ? { error: first.error } : {}) };
  }
  const shape = results[command];
  const params = shape ? await shape(result as never, ask) : withoutBuffers(result);
  return { code: 200, message: 'success', params };
}

/** What is asked of the command table in place of what came: lists are cut into pages here, not there. */
export function paramsFor(
  command: string,
  params: Readonly<Record<string, unknown>>,
): Readonly<Record<string, unknown>> {
  const { page, size, ...rest } = params;
  if (command === 'roomFind') return { members: 'ids', ...params };
  return command in items && (page !== undefined || size !== undefined) ? rest : params;
}

/** A message that was found. */
export function messageRecord(record: MessageRecord): WechatyJson {
  return messageJson(record, record);
}

/** Of the only room the message, or the room where the puppet gives no message; of several what became of each. */
async function saidInRooms(sent: Sent, ask: Ask): Promise<unknown> {
  const [only, ...others] = sent.success;
  if (!only || others.length > 0 || sent.fail.length > 0) return sent;
  const { id, messageId } = only;
  if (messageId === undefined) return { id };
  const found = await ask('messageFind', { id: messageId }).catch(() => null);
  return found ? messageRecord(found as MessageRecord) : { id: messageId };
}

function isSent(result: unknown): result is Sent {
  const { success: done, fail } = (result ?? {}) as { success?: unknown; fail?: unknown };
  return Array.isArray(done) && Array.isArray(fail);
}

/** Files go as Base64. */
function withoutBuffers(result: unknown): unknown {
  const { data } = (result ?? {}) as { data?: unknown };
  return Buffer.isBuffer(data) ? { ...(result as object), data: data.toString('base64') } : result;
}
