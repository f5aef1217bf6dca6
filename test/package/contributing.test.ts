/** Follows CONTRIBUTING.md literally in a copy of the sources: types, lint and the tests concerned must pass. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { root } from '../support/package-install';
import { read } from '../docs/markdown';

/** What the copy consists of, besides `node_modules`. */
const copied = [
  ...['bench', 'docs', 'examples', 'scripts', 'src', 'test'],
  ...['CHANGELOG.md', 'CONTRIBUTING.md', 'README.md', 'README.zh-CN.md'],
  ...['eslint.config.mjs', 'package.json', 'tsconfig.json'],
];

/** A code block and where it belongs, which the comment before it says. */
interface Step {
  readonly action: string;
  readonly file: string;
  readonly anchor: string;
  readonly code: string;
}

const steps: Step[] = [
  ...read('CONTRIBUTING.md').matchAll(
    /^<!-- (new file|add to|replace in) (\S+?)(?:: (before |after )?"(.+)")? -->\n\n```\w+\n([^]*?)^```$/gm,
  ),
].map(([, action = '', file = '', position = '', anchor = '', code = '']) => ({
  action: `${action} ${position}`.trim(),
  file,
  anchor,
  code,
}));

/** The file with the code block in its place. */
function applied(text: string, { action, file, anchor, code }: Step): string {
  if (action === 'new file') return code;
  const start = text.indexOf(anchor);
  assert.ok(start >= 0, `${file} has no ${anchor}`);
  const end = start + anchor.length;
  if (action === 'replace in') return text.slice(0, start) + code.trim() + text.slice(end);
  const place = action === 'add to before' ? start : text.indexOf('\n', end) + 1;
  return `${text.slice(0, place)}${code}${action === 'add to before' && !code.startsWith(' ') ? '\n' : ''}${text.slice(place)}`;
}

describe('CONTRIBUTING.md', function () {
  this.timeout(240_000);
  const copy = join(root, '.cache', `contributing-${process.pid}`);
  const touched = [...new Set(steps.map(({ file }) => file))];

  /** Runs a program of `node_modules` in the copy. */
  function run(program: string, ...options: string[]): void {
    const { status, stdout, stderr } = spawnSync(
      process.execPath,
      [join(root, 'node_modules', program), ...options],
      { cwd: copy, encoding: 'utf8' },
    );
    assert.equal(status, 0, `${program} ${options.join(' ')}\n${stdout}${stderr}`);
  }

  before(() => {
    mkdirSync(copy, { recursive: true });
    for (const name of copied) cpSync(join(root, name), join(copy, name), { recursive: true });
    symlinkSync(join(root, 'node_modules'), join(copy, 'node_modules'), 'junction');
    for (const step of steps) {
      const file = join(copy, step.file);
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(file, applied(existsSync(file) ? readFileSync(file, 'utf8') : '', step));
    }
    run('prettier/bin/prettier.cjs', '--write', ...touched);
    run('tsx/dist/cli.mjs', 'scripts/generate-tables.ts');
  });
  after(() => {
    rmSync(copy, { recursive: true, force: true });
  });

  it('has examples of a command, an event, a node and a protocol', () => {
    for (const folder of ['src/commands/', 'src/events/', 'src/nodes/', 'src/remotes/', 'test/unit/']) {
      assert.ok(
        touched.some((file) => file.startsWith(folder)),
        folder,
      );
    }
  });

  it('has examples with correct types', () => {
    run('typescript/bin/tsc', '-p', 'tsconfig.json');
    run('typescript/bin/tsc', '-p', 'src/tsconfig.json');
  });

  it('has examples that pass lint', () => {
    run('eslint/bin/eslint.js', '--max-warnings', '0', ...touched.filter((file) => file.endsWith('.ts')));
  });

  it('has examples that pass the tests concerned', () => {
    const tests = ['commands/every-command', 'commands/table', 'remotes/plain/remote'];
    run('mocha/bin/mocha.js', ...tests.map((name) => `test/unit/${name}.test.ts`), 'test/docs/pages.test.ts');
  });
});
