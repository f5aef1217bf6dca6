import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../support/package-install';
import { read } from './markdown';
import { addressIn, services, type ShellCommand, shellCommands } from './shell-commands';

const manifest = JSON.parse(read('package.json')) as { name: string; scripts: Record<string, string> };

function checkNpm({ options: [action = '', target = ''] }: ShellCommand): void {
  if (action === 'install') {
    assert.ok(target === manifest.name || read('docs/puppets.md').includes(`\`${target}\``), target);
    return;
  }
  const script = action === 'run' ? target : action;
  assert.ok(script in manifest.scripts, `there is no script ${script}`);
}

function checkNpx({ options: [program = '', ...files] }: ShellCommand): void {
  assert.equal(program, 'mocha');
  for (const file of files) assert.ok(existsSync(join(root, file)), `there is no ${file}`);
}

/** How each program is checked. Those that need a service run in `test/interop/documented-commands.test.ts`. */
const checks: Readonly<Record<string, (command: ShellCommand) => void>> = {
  npm: checkNpm,
  npx: checkNpx,
  cd: ({ options }) => assert.deepEqual(options, ['~/.node-red']),
  curl: ({ options }) => assert.ok((addressIn(options) ?? '') in services, 'no test starts this service'),
  mosquitto_pub: ({ options }) => assert.ok(options.includes('thing/chatbot/shop/command/invoke')),
  mosquitto_sub: ({ options }) => assert.ok(options.some((option) => option.includes('thing/chatbot/'))),
};

describe('shell commands in documents', () => {
  for (const command of shellCommands) {
    it(`exist: ${command.document}: ${command.line.slice(0, 100)}`, () => {
      const check = checks[command.program];
      assert.ok(check, `no test runs ${command.program}`);
      check(command);
    });
  }
});
