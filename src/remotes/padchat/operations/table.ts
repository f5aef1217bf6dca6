/** The table of all operations in all protocol versions. Transports and generated documents read it. */
import Type from 'typebox';
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
  handle: () => Promise.resolve(ok()),
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

/** The operation with this name; any version may use the names of the others. */
export function findOperation(name: string): Operation | undefined {
  return byName.get(name);
}
