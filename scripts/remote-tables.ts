/** The tables of what the remotes support, for the pages of their protocols. */
import { operations } from '../src/remotes/padchat/operations/table';
import { taskKinds } from '../src/remotes/wehelp/tasks/table';
import { code, type Language, table } from './markdown';

/** The words of the tables in one language. */
interface Words {
  readonly padchatHead: readonly string[];
  readonly wehelpHead: readonly string[];
  readonly unsupported: string;
}

const words: Readonly<Record<Language, Words>> = {
  'en-US': {
    padchatHead: ['PadChat command', 'What it does', 'Commands behind it'],
    wehelpHead: ['Task', '`code`', 'What it does', 'Callbacks', 'Commands behind it'],
    unsupported: 'unsupported: Wechaty has no such call',
  },
  'zh-CN': {
    padchatHead: ['PadChat 命令', '作用', '对应的命令'],
    wehelpHead: ['任务', '`code`', '作用', '回调', '对应的命令'],
    unsupported: '不支持：Wechaty 没有此调用',
  },
};

/** What `allow` and `deny` of a remote name. */
function commandsOf(
  {
    commands = [],
    optionalCommands = [],
  }: { readonly commands?: readonly string[]; readonly optionalCommands?: readonly string[] },
  isUnsupported: boolean,
  language: Language,
): string {
  return isUnsupported
    ? words[language].unsupported
    : [...commands, ...optionalCommands].map(code).join(', ');
}

/** The operations of the PadChat remote, with the names of all versions. */
export function padchatTable(language: Language): string {
  const rows = operations.map((operation) => [
    [...new Set(Object.values(operation.names))].map(code).join(', '),
    operation.summary[language],
    commandsOf(operation, operation.unsupported !== undefined, language),
  ]);
  return table(words[language].padchatHead, rows);
}

/** The tasks of the WeHelp remote. */
export function wehelpTable(language: Language): string {
  const rows = taskKinds.map((kind) => [
    code(kind.api),
    String(kind.code ?? ''),
    kind.summary[language],
    (kind.callbacks ?? []).join(', '),
    commandsOf(kind, kind.isUnsupported ?? false, language),
  ]);
  return table(words[language].wehelpHead, rows);
}
