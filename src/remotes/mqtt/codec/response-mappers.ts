/** Response mappers: results and errors of commands on the wire. */
import { errorCodes, type WechatError } from '../../../bot/errors';
import type { ContactView, RoomView } from '../../../bot/views';
import type { SendResult } from '../../../commands/broadcast';
import type { MessageRecord } from '../../../commands/find-message';
import type { CommandName, ResultOf, RunCommand } from '../../../commands/table';
import type { ResponseBody } from './codec';
import {
  contactJson,
  contactOrNull,
  memberJson,
  messageJson,
  roomJson,
  type WechatyJson,
} from './wire-objects';

/** Functions of the result of a command, by the command's name. */
export type ResultMappers<Output> = {
  readonly [Name in CommandName]?: (result: ResultOf<Name>, query: RunCommand) => Output;
};

/** Functions of one entry of the result of a command that returns a list. */
type ItemMappers = {
  readonly [Name in CommandName]?: ResultOf<Name> extends readonly (infer Item)[]
    ? (item: Item, query: RunCommand) => unknown
    : never;
};

/** Responses that the protocol documents in place of an error, by error key. */
type DocumentedResponses = Readonly<
  Partial<Record<WechatError['key'], Pick<ResponseBody, 'code' | 'message' | 'params'>>>
>;

const badParams = { code: 200, message: '参数错误', params: {} };
const badContent: DocumentedResponses = {
  badParams,
  paramMissing: badParams,
  emptyContent: badParams,
  badContent: badParams,
  unknownContentType: badParams,
};

const documentedErrors: Readonly<Record<string, DocumentedResponses>> = {
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

/** The response to a failed command. */
export function mapError(command: string, thrown: WechatError): ResponseBody {
  const { code, message, key } = thrown;
  const body = documentedErrors[command]?.[key] ?? { code: errorCodes[code].httpStatus, message };
  return { ...body, error: { code, message } };
}

async function memberOrContact(member: ResultOf<'roomMemberGet'>, query: RunCommand): Promise<WechatyJson> {
  return memberJson(member, await query('contactFind', { id: member.id }).catch(() => null));
}

/** Mappers of list entries; entries of other lists are unchanged on the wire. */
const itemMappers: Readonly<Record<string, (item: never, query: RunCommand) => unknown>> = {
  contactFindAll: contactJson,
  roomFindAll: roomJson,
  messageFindAll: messageRecord,
  roomMemberAllGet: memberOrContact,
} satisfies ItemMappers;

/** Maps one entry of a list result. @param query loads what the entry lacks. */
export function mapListItem(command: string, item: unknown, query: RunCommand): unknown {
  const mapper = itemMappers[command];
  return mapper ? mapper(item as never, query) : item;
}

const contactOrEmpty = (found: ContactView | null) => contactOrNull(found) ?? {};
const roomOrUndefined = (found: RoomView | null) => (found ? roomJson(found) : undefined);

/** Mappers of results; other results are unchanged on the wire. */
const resultMappers: Readonly<Record<string, (result: never, query: RunCommand) => unknown>> = {
  wechatyUserSelf: contactOrEmpty,
  contactFind: contactOrEmpty,
  contactSync: contactOrEmpty,
  roomOwnerGet: contactOrEmpty,
  roomInvitationInviter: contactOrEmpty,
  friendshipSearch: contactOrEmpty,
  messageContact: contactOrEmpty,
  roomFind: roomOrUndefined,
  roomSync: roomOrUndefined,
  roomMemberGet: memberOrContact,
  messageFind: (found) => (found ? messageRecord(found) : {}),
  // The protocol documents a response without params.
  roomSayAt: () => undefined,
} satisfies ResultMappers<unknown>;

/** The response to a command whose result is not a list. @param query loads what the result lacks. */
export async function mapResult(command: string, result: unknown, query: RunCommand): Promise<ResponseBody> {
  if (isSendResult(result)) {
    const [first] = result.fail;
    if (first && result.success.length === 0) {
      const { code, message } = first.error;
      return { code: errorCodes[code].httpStatus, message, params: result, error: first.error };
    }
    const params = command === 'roomSay' ? await sentRoomMessage(result, query) : result;
    return { code: 200, message: 'success', params, ...(first ? { error: first.error } : {}) };
  }
  const mapper = resultMappers[command];
  const params = mapper ? await mapper(result as never, query) : encodeBuffers(result);
  return { code: 200, message: 'success', params };
}

/** The params passed to the command table: without page parameters, because pagination is done by the codec. */
export function toCommandParams(
  command: string,
  params: Readonly<Record<string, unknown>>,
): Readonly<Record<string, unknown>> {
  const { page, size, ...rest } = params;
  if (command === 'roomFind') return { members: 'ids', ...params };
  return command in itemMappers && (page !== undefined || size !== undefined) ? rest : params;
}

/** Maps a message. */
export function messageRecord(record: MessageRecord): WechatyJson {
  return messageJson(record, record);
}

/** The message sent to a single room, or the room's id when the puppet returns no message; otherwise the full result. */
async function sentRoomMessage(sent: SendResult, query: RunCommand): Promise<unknown> {
  const [only, ...others] = sent.success;
  if (!only || others.length > 0 || sent.fail.length > 0) return sent;
  const { id, messageId } = only;
  if (messageId === undefined) return { id };
  const found = await query('messageFind', { id: messageId }).catch(() => null);
  return found ? messageRecord(found) : { id: messageId };
}

function isSendResult(result: unknown): result is SendResult {
  const { success: done, fail } = (result ?? {}) as { success?: unknown; fail?: unknown };
  return Array.isArray(done) && Array.isArray(fail);
}

/** Encodes file content as Base64. */
function encodeBuffers(result: unknown): unknown {
  const { data } = (result ?? {}) as { data?: unknown };
  return Buffer.isBuffer(data) ? { ...(result as object), data: data.toString('base64') } : result;
}
