import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { connectAsync } from 'mqtt';
import { Comms } from '../support/comms-client';
import { Inbox } from '../support/async-queue';

const demo = join(__dirname, '..', '..', 'dist', 'demo', 'demo.js');

describe('npm start', () => {
  const userDir = mkdtempSync(join(tmpdir(), 'wechat-demo-'));
  const usualPort = createServer();
  let child: ChildProcess;
  let url: string;
  let mqttPort: string;
  const lines = new Inbox<string>('line of the demo');

  before('starts while the usual port is taken', async function () {
    this.timeout(60_000);
    usualPort.on('error', () => undefined); // Somebody else has it: just as well.
    usualPort.listen(1880, '127.0.0.1');
    await once(usualPort, 'listening').catch(() => undefined);
    child = spawn(process.execPath, [demo, userDir], { stdio: ['ignore', 'pipe', 'inherit'] });
    assert.ok(child.stdout);
    createInterface({ input: child.stdout }).on('line', (line) => {
      lines.add(line);
    });
    const line = await lines.next((text) => text.includes('open  http://'), 60_000);
    url = /http:\S+/.exec(line)?.[0] ?? '';
    const subscribe = await lines.next((text) => text.includes('mosquitto_sub'));
    mqttPort = / -p (\d+) /.exec(subscribe)?.[1] ?? '';
  });
  after(() => {
    child.kill('SIGKILL');
    usualPort.close();
    rmSync(userDir, { recursive: true, force: true });
  });

  it('prints an address on this machine where a flow answers simulated friends', async () => {
    assert.match(url, /^http:\/\/127\.0\.0\.1:\d+\/$/);
    assert.notEqual(new URL(url).port, '1880');
    const comms = await Comms.open(url);
    const shown = await comms.messages.next(
      ({ topic, data }) => topic === 'debug' && (data as { name?: string }).name === 'sent',
      15_000,
    );
    const { msg } = shown.data as { msg: string };
    assert.equal((JSON.parse(msg) as { success: unknown[] }).success.length, 1);
    const bots = (await (await fetch(new URL('wechat/bots', url))).json()) as { state: string }[];
    assert.deepEqual(
      bots.map(({ state }) => state),
      ['ready'],
    );
    comms.close();
  });

  it('shows the bot on MQTT, and prints a command that works when published', async () => {
    const client = await connectAsync(`mqtt://127.0.0.1:${mqttPort}`);
    const heard = new Inbox<Record<string, unknown>>('MQTT message');
    client.on('message', (topic, payload) => {
      heard.add({ topic, ...(JSON.parse(payload.toString()) as object) });
    });
    await client.subscribeAsync('thing/chatbot/shop/#');
    const online = await heard.next(({ topic }) => topic === 'thing/chatbot/shop/property/post');
    assert.equal((online.properties as { online: boolean }).online, true);
    const printed = await lines.next((text) => text.includes('mosquitto_pub'));
    const [, topic = '', payload = ''] = / -t (\S+) -m '(.*)'$/.exec(printed) ?? [];
    await client.publishAsync(topic, payload);
    const answer = await heard.next(({ method }) => method === 'response');
    assert.deepEqual([answer.name, answer.code], ['contactSay', 200]);
    await client.endAsync();
  });

  it('has a tab whose own MQTT nodes call the bot and show the answer', async () => {
    const comms = await Comms.open(url);
    await fetch(new URL('inject/a1d0c35e7b264f0d', url), { method: 'POST' });
    const shown = await comms.messages.next(
      ({ topic, data }) => topic === 'debug' && (data as { name?: string }).name === 'answer',
      15_000,
    );
    const { msg } = shown.data as { msg: string };
    assert.equal((JSON.parse(msg) as { name: string }).name, 'contactSay');
    comms.close();
  });

  it('stops cleanly on Ctrl-C', async () => {
    const exit = once(child, 'exit');
    child.kill('SIGINT');
    assert.deepEqual(await exit, [0, null]);
  });
});
