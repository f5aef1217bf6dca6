/** JSON as the service writes it, and the checks of what it reads. */
import type { IncomingMessage, ServerResponse } from 'node:http';

/** A request that the service refuses because it breaks a rule of the protocol. */
export class RuleViolation extends Error {}

/** A JSON object of which nothing is known. */
export type JsonObject = Readonly<Record<string, unknown>>;

/** JSON in which a bigint is a number with all its digits, as the service writes uint64 ids. */
function toWireJson(value: unknown): string {
  return JSON.stringify(value, (_key, field: unknown) =>
    typeof field === 'bigint' ? `#uint64:${field}` : field,
  ).replace(/"#uint64:(\d+)"/g, '$1');
}

/** Answers with JSON, without `ret` when it is 0 and left out. */
export function writeJson(response: ServerResponse, answer: unknown, omitsRet: boolean): void {
  const { ret, ...rest } = answer as { ret?: number };
  const body = ret === 0 && omitsRet ? rest : answer;
  response.writeHead(200, { 'content-type': 'application/json' }).end(toWireJson(body));
}

/** @throws RuleViolation unless it is an object. */
export function objectOf(value: unknown, what: string): JsonObject {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new RuleViolation(`${what} is not an object`);
  return value as JsonObject;
}

/** @throws RuleViolation unless it is a string. */
export function stringOf(value: unknown, what: string): string {
  if (typeof value !== 'string') throw new RuleViolation(`${what} is not a string`);
  return value;
}

/** @throws RuleViolation unless the condition holds. */
export function require(condition: boolean, rule: string): asserts condition {
  if (!condition) throw new RuleViolation(rule);
}

const product = /^[\w.-]{1,32}\/[\w.+-]{1,32}( \([\x20-\x27\x2A-\x7E]{1,64}\))?$/;

/** Checks the rules of `base_info`. @throws RuleViolation */
export function checkBaseInfo(body: JsonObject): void {
  const info = objectOf(body.base_info, 'base_info');
  const version = stringOf(info.channel_version, 'base_info.channel_version');
  require(version !== '', 'base_info.channel_version is empty');
  const agent = stringOf(info.bot_agent, 'base_info.bot_agent');
  require(Buffer.byteLength(agent) <= 256, 'base_info.bot_agent is longer than 256 bytes');
  require(agent === 'OpenClaw' || product.test(agent), 'base_info.bot_agent is not Name/Version (comment)');
}

/** Checks the headers that every request has. @returns the client version. @throws RuleViolation */
export function checkCommonHeaders({ headers }: IncomingMessage): number {
  require(headers['ilink-app-id'] === 'bot', 'iLink-App-Id is not bot');
  const version = String(headers['ilink-app-clientversion']);
  require(/^[1-9]\d{0,9}$/.test(version), 'iLink-App-ClientVersion is not a number');
  return Number(version);
}

/** Checks the headers of POST requests. @throws RuleViolation */
export function checkPostHeaders({ headers }: IncomingMessage, seenUins: Set<string>): void {
  require(/^application\/json\b/.test(headers['content-type'] ?? ''), 'Content-Type is not application/json');
  require(headers.authorizationtype === 'ilink_bot_token', 'AuthorizationType is not ilink_bot_token');
  const uin = String(headers['x-wechat-uin']);
  const decimal = Buffer.from(uin, 'base64').toString();
  const isUint32 = /^\d{1,10}$/.test(decimal) && Number(decimal) < 2 ** 32;
  require(isUint32 && Buffer.from(decimal).toString('base64') === uin, 'X-WECHAT-UIN is no base64 uint32');
  require(!seenUins.has(uin), 'X-WECHAT-UIN was used before');
  seenUins.add(uin);
}

/** Reads a body. @throws RuleViolation when it is longer than the service accepts. */
export async function readBody(request: IncomingMessage, maxBytes: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    require(size <= maxBytes, 'the body is too large');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}
