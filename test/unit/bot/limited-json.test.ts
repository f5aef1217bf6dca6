import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseLimitedJson } from '../../../src/bot/limited-json';

const src = resolve(__dirname, '../../../src');

describe('parseLimitedJson', () => {
  for (const [what, bytes, key] of [
    ['too many bytes', Buffer.from('[1,2,3,4,5]'), 'payloadTooLarge'],
    ['too many values', Buffer.from('[1,2,3,4]'), 'payloadTooComplex'],
    ['too many levels', Buffer.from('[[[]]]'), 'payloadTooComplex'],
    ['no JSON', Buffer.from('[1'), 'notJson'],
    ['bytes that are not UTF-8', Buffer.from([0x22, 0xff, 0x22]), 'notUtf8'],
  ] as const) {
    it(`rejects ${what}`, () => {
      assert.throws(() => parseLimitedJson(bytes, { maxBytes: 10, maxDepth: 2, maxValues: 4 }), { key });
    });
  }

  it('counts nothing inside of texts, and skips a byte order mark', () => {
    assert.deepEqual(
      parseLimitedJson(Buffer.from('\uFEFF["[[{,,\\""]'), { maxBytes: 99, maxDepth: 1, maxValues: 2 }),
      ['[[{,,"'],
    );
  });
});

/** Runs a script with a heap that parsed documents of this size would exceed, and prints what it throws. */
function runWithSmallHeap(imports: string, work: string): string {
  const script = `
    ${imports}
    const nested = (megabytes) => Buffer.alloc(megabytes << 20, '[[],');
    try { ${work} } catch (error) { console.log(error.key); }`;
  const options = ['--max-old-space-size=150', '--import', 'tsx', '--input-type=module', '-e', script];
  return execFileSync(process.execPath, options, { encoding: 'utf8', cwd: resolve(src, '..') }).trim();
}

describe('Nested arrays from outside', function () {
  this.timeout(60_000);
  const cipher = `import * as cipherModule from '${join(src, 'remotes/mqtt/codec/cipher.ts')}';
    const { cbcCipher, gcmCipher } = cipherModule.default ?? cipherModule;
    import * as codecModule from '${join(src, 'remotes/mqtt/codec/codec.ts')}';
    const { decodeCommand } = codecModule.default ?? codecModule;`;
  const key = "'secret'";
  for (const [what, work, expected] of [
    ['16 MB in place of a payload in AES-CBC', `cbcCipher(${key}).decrypt(nested(16), false)`, 'sealBroken'],
    [
      '16 MB in place of a payload in AES-GCM',
      `gcmCipher(${key}, 'shop').decrypt(nested(16), false)`,
      'sealBroken',
    ],
    [
      '6 MB in a payload in AES-GCM',
      `const sealed = gcmCipher(${key}, 'shop').encrypt('{"a":' + nested(6).toString());
       gcmCipher(${key}, 'shop').decrypt(Buffer.from(sealed), false)`,
      'payloadTooComplex',
    ],
    ['8 MB in a plain payload', 'throw decodeCommand(nested(8)).error', 'payloadTooComplex'],
  ] as const) {
    it(`are not parsed: ${what}`, () => {
      assert.equal(runWithSmallHeap(cipher, work), expected);
    });
  }
});

describe('JSON.parse', () => {
  /**
   * Files that parse only what this program has written itself, what the user of the editor has, or a limited response
   * of WeChat's own service.
   */
  const ownInput = [
    'bot/events/delivered-messages.ts',
    'bot/limited-json.ts',
    'bot/session/puppet-loader.ts',
    'bot/session/puppet-secrets.ts',
    'bot/session/session-file.ts',
    'demo/flows.ts',
    'nodes/shared/typed-inputs.ts',
    'puppets/ilink/bindings/credentials-file.ts',
    'puppets/ilink/bindings/message-store.ts',
    'puppets/ilink/client/json.ts',
    'puppets/ilink/held-messages.ts',
    'remotes/mqtt/command-processor.ts',
    'remotes/mqtt/connection/outbox-publisher.ts',
    'remotes/storage/outbox-segment.ts',
    'remotes/storage/write-ahead-log.ts',
    'remotes/wehelp/task-store.ts',
    'remotes/wehelp/v2-codes.ts',
  ];

  it('is called for input from outside in parseLimitedJson only', () => {
    const callers = readdirSync(src, { recursive: true, encoding: 'utf8' })
      .filter((file) => file.endsWith('.ts') && !file.endsWith('.editor.ts') && !file.startsWith('editor/'))
      .filter((file) => readFileSync(join(src, file), 'utf8').includes('JSON.parse('));
    assert.deepEqual(callers.sort(), ownInput);
  });
});
