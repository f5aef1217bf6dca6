/** Response mappers: results and errors of commands on the wire. */
import type { ErrorCode, WechatError } from '../../../bot/errors';
import type { ContactView, MemberView, MessageView, RoomView } from '../../../bot/views';
import { httpStatusByCode } from '../../dispatch/audit';
import type { ResponseBody } from './codec';
import {
  contactJson,
  contactOrNull,
  memberJson,
  messageJson,
  type Parties,
  roomJson,
  type WechatyJson,
} from './wire-objects';

/** Runs a command of the table. @throws WechatError */
export type RunCommand = (command: string, params: Readonly<Record<string, unknown>>) => Promise<unknown>;

/** A message in the results of commands. */
export type MessageRecord = MessageView & Parties;

/** The result of commands with several recipients. */
export interface SendResult {
  readonly success: readonly { readonly id: string; readonly messageId?: string }[];
  readonly fail: readonly {
    readonly id: string;
    readonly error: { readonly code: ErrorCode; readonly message: string };
  }[];
}

/** Responses that the protocol documents in place of an error, by error key. */
type DocumentedResponses = Readonly<
  Partial<Record<WechatError['key'], Pick<ResponseBody, 'code' | 'message' | 'params'>>>
>;

const badParams = { code: 200, message: '参数错误', params: {} };
const badContent: DocumentedResponses = {
  badParams,
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
  const body = documentedErrors[command]?.[key] ?? { code: httpStatusByCode[code], message };
  return { ...body, error: { code, message } };
}

/** Mappers of list entries; entries of other lists are unchanged on the wire. */
const itemMappers: Readonly<Record<string, (entry: never, run: RunCommand) => unknown>> = {
  contactFindAll: contactJson,
  roomFindAll: roomJson,
  messageFindAll: messageRecord,
  roomMemberAllGet: async (member: MemberView, run) => {
    const contact = await run('contactFind', { id: member.id }).catch(() => null);
    return memberJson(member, contact as ContactView | null);
  },
};

/** Maps one entry of a list result. */
export function mapListItem(command: string, entry: unknown, run: RunCommand): unknown {
  const mapper = itemMappers[command];
  return mapper ? mapper(entry as never, run) : entry;
}

const contactOrEmpty = (found: ContactView | null) => contactOrNull(found) ?? {};
const roomOrUndefined = (found: RoomView | null) => (found ? roomJson(found) : undefined);

/** Mappers of results; other results are unchanged on the wire. */
const resultMappers: Readonly<Record<string, (result: never, run: RunCommand) => unknown>> = {
  wechatyUserSelf: contactOrEmpty,
  contactFind: contactOrEmpty,
  contactSync: contactOrEmpty,
  roomOwnerGet: contactOrEmpty,
  roomInvitationInviter: contactOrEmpty,
  friendshipSearch: contactOrEmpty,
  messageContact: contactOrEmpty,
  roomFind: roomOrUndefined,
  roomSync: roomOrUndefined,
  roomMemberGet: (member: MemberView, run) => mapListItem('roomMemberAllGet', member, run),
  messageFind: (found: MessageRecord | null) => (found ? messageRecord(found) : {}),
  // The protocol documents a response without params.
  roomSayAt: () => undefined,
};

/** The response to a command whose result is not a list. */
export async function mapResult(command: string, result: unknown, run: RunCommand): Promise<ResponseBody> {
  if (isSendResult(result)) {
    const [first] = result.fail;
    if (first && result.success.length === 0) {
      return {
        code: httpStatusByCode[first.error.code],
        message: first.error.message,
        params: result,
        error: first.error,
      };
    }
    const params = command === 'roomSay' ? await sentRoomMessage(result, run) : result;
    return { code: 200, message: 'success', params, ...(first ? { error: first.error } : {}) };
  }
  const mapper = resultMappers[command];
  const params = mapper ? await mapper(result as never, run) : encodeBuffers(result);
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
async function sentRoomMessage(sent: SendResult, run: RunCommand): Promise<unknown> {
  const [only, ...others] = sent.success;
  if (!only || others.length > 0 || sent.fail.length > 0) return sent;
  const { id, messageId } = only;
  if (messageId === undefined) return { id };
  const found = await run('messageFind', { id: messageId }).catch(() => null);
  return found ? messageRecord(found as MessageRecord) : { id: messageId };
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
