/** The puppet of WeChat's own bot API in a Wechaty program, without Node-RED, from the packed tarball. */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { AsyncQueue } from '../support/async-queue';
import { IlinkService } from '../support/ilink-service/service';
import { installedModules, nodeBinary, packName } from '../support/package-install';

/** A program as the documents show it. */
const program = `
const { createRequire } = require('node:module');
const [modules, options] = process.argv.slice(2);
const load = createRequire(modules + '/${packName}/index.js');
const { WechatyBuilder } = load('wechaty');
const { PuppetIlink } = load('${packName}/puppet-ilink');

const bot = WechatyBuilder.build({ puppet: new PuppetIlink(JSON.parse(options)) });
bot.on('scan', (qrcode, status) => console.log('scan ' + status + ' ' + qrcode));
bot.on('login', (user) => console.log('login ' + user.id));
bot.on('message', async (message) => {
  if (message.self()) return;
  console.log('message ' + message.text());
  await message.say('you said: ' + message.text());
});
bot.start();
process.on('SIGTERM', () => bot.stop().then(() => process.exit()));
`;

describe('a Wechaty program on the puppet ilink', function () {
  this.timeout(300_000);

  it('logs in, receives and answers', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'wechat-bare-'));
    const service = await IlinkService.start();
    const ming = service.person('Ming');
    const script = join(folder, 'bot.cjs');
    writeFileSync(script, program);
    const options = JSON.stringify({ baseUrl: service.baseUrl, cdnUrl: service.cdnUrl });
    const env = { ...process.env, WECHATY_LOG: 'silent' };
    const child = spawn(nodeBinary, [script, installedModules(), options], {
      cwd: folder,
      env,
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const exited = new Promise((resolve) => child.once('exit', resolve));
    const lines = new AsyncQueue<string>('line');
    createInterface(child.stdout).on('line', (line) => {
      lines.add(line);
    });
    try {
      const scan = await lines.next((line) => line.startsWith('scan 2 '), 60_000);
      ming.scanAndConfirm(scan.replace('scan 2 ', ''));
      await lines.next((line) => line === `login ${ming.bot.id}`);
      ming.say('hello');
      await lines.next((line) => line === 'message hello');
      await ming.received(1);
      assert.deepEqual(ming.texts, ['you said: hello']);
      assert.deepEqual(service.violations, []);
    } finally {
      child.kill('SIGTERM');
      await exited;
      await service.stop();
      rmSync(folder, { recursive: true });
    }
  });
});
