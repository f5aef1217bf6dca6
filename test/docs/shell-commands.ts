/** The shell commands that documents show, for the tests that check or run them. */
import { codeBlocks, documents, read } from './markdown';

/** One command line of a document. */
export interface ShellCommand {
  readonly document: string;
  /** As it is written. */
  readonly line: string;
  readonly program: string;
  /** The arguments, without quotes. */
  readonly options: readonly string[];
}

/** Splits a command line at spaces outside quotes, and removes the quotes. */
function splitWords(line: string): string[] {
  return [...line.matchAll(/(?:'[^']*'|"[^"]*"|[^\s'"])+/g)].map(([word]) =>
    word.replace(
      /'([^']*)'|"([^"]*)"/g,
      (_quoted, single?: string, double?: string) => single ?? double ?? '',
    ),
  );
}

/** All command lines in blocks of shell code. */
export const shellCommands: readonly ShellCommand[] = documents.flatMap((document) =>
  codeBlocks(read(document))
    .filter(({ language }) => language === 'sh')
    .flatMap(({ code }) => code.trim().split('\n'))
    .map((line) => {
      const [program = '', ...options] = splitWords(line);
      return { document, line, program, options };
    }),
);

/** The services that `test/interop/documented-commands.test.ts` starts in place of the addresses in documents. */
export const services = {
  '127.0.0.1:3000': 'openwx',
  '192.168.1.5:3000': 'openwx-with-token',
  '127.0.0.1:19095': 'wxbot',
} as const;

/** The address in a URL among the options of curl: `127.0.0.1:3000`. */
export function addressIn(options: readonly string[]): string | undefined {
  const url = options.find((option) => option.startsWith('http:'));
  return url === undefined ? undefined : new URL(url).host;
}
