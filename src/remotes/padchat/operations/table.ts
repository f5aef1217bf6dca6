/** The table of all operations in all protocol versions. Transports and generated documents read it. */
import Type from 'typebox';
import { Compile, type Validator } from 'typebox/compile';
import { WechatError } from '../../../bot/errors';
import { contactOperations } from './contact-operations';
import { labelOperations } from './label-operations';
import { messageOperations } from './message-operations';
import { momentOperations } from './moment-operations';
import { ok, operation, type Operation } from './operation';
import { roomOperations } from './room-operations';
import { sessionOperations } from './session-operations';
import { unsupportedOperations } from './unsupported-operations';

/** The first request of a client of version A; here the client is already authenticated. */
const auth = operation({
  names: { A: 'auth' },
  summary: { 'en-US': 'shows the key, within 10 s', 'zh-CN': '连接认证，须在 10 秒内完成' },
  readOnly: true,
  params: Type.Object({}),
  run: () => Promise.resolve(ok()),
});

/** The table, in the order of the PadChat document. */
export const operations: readonly Operation[] = [
  auth,
  ...sessionOperations,
  ...contactOperations,
  ...roomOperations,
  ...messageOperations,
  ...momentOperations,
  ...labelOperations,
  ...unsupportedOperations,
] as readonly Operation[];

const byName = new Map<string, Operation>();
for (const entry of operations) {
  for (const name of [...Object.values(entry.names), ...(entry.aliases ?? [])]) byName.set(name, entry);
}

const validators = new Map<Operation, Validator>();

/** The operation with this name; any version may use the names of the others. */
export function findOperation(name: string): Operation | undefined {
  return byName.get(name);
}

/** Validates parameters. @throws WechatError INVALID_PARAMS */
export function checkParams(name: string, entry: Operation, params: unknown): void {
  const validator = validators.get(entry) ?? Compile(entry.params);
  validators.set(entry, validator);
  if (validator.Check(params)) return;
  const [first] = validator.Errors(params);
  const place = first?.instancePath.replaceAll('/', '.').replace(/^\./, '') ?? '';
  const problem = [place, first?.message ?? ''].filter(Boolean).join(' ');
  throw new WechatError('INVALID_PARAMS', 'badParams', { command: name, problem });
}
