import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { connectAsync } from 'mqtt';
import { CommsClient } from '../support/comms-client';
import { AsyncQueue } from '../support/async-queue';

const demo = join(__dirname, '..', '..', 'dist', 'demo', 'demo.js');

describe('npm start', () => {
  const userDir = mkdtempSync(join(tmpdir(), 'wechat-demo-'));
  const defaultPort = createServer();
  let child: ChildProcess;
  let url: string;
  let mqttPort: string;
  const lines = new AsyncQueue<string>('line of the demo');

  before('start while the default port is in use', async function () {
    this.timeout(60_000);
    defaultPort.on('error', () => undefined); // Already in use.
    defaultPort.listen(1880, '127.0.0.1');
    await once(defaultPort, 'listening').catch(() => undefined);
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
    defaultPort.close();
    rmSync(userDir, { recursive: true, force: true });
  });

  it('prints a loopback URL, where a flow replies to simulated contacts', async () => {
    assert.match(url, /^http:\/\/127\.0\.0\.1:\d+\/$/);
    assert.notEqual(new URL(url).port, '1880');
    const comms = await CommsClient.open(url);
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

  it('mirrors the bot to MQTT and prints a working command', async () => {
    const client = await connectAsync(`mqtt://127.0.0.1:${mqttPort}`);
    const received = new AsyncQueue<Record<string, unknown>>('MQTT message');
    client.on('message', (topic, payload) => {
      received.add({ topic, ...(JSON.parse(payload.toString()) as object) });
    });
    await client.subscribeAsync('thing/chatbot/shop/#');
    const online = await received.next(({ topic }) => topic === 'thing/chatbot/shop/property/post');
    assert.equal((online.properties as { online: boolean }).online, true);
    const printed = await lines.next((text) => text.includes('mosquitto_pub'));
    const [, topic = '', payload = ''] = / -t (\S+) -m '(.*)'$/.exec(printed) ?? [];
    await client.publishAsync(topic, payload);
    const response = await received.next(({ method }) => method === 'response');
    assert.deepEqual([response.name, response.code], ['contactSay', 200]);
    await client.endAsync();
  });

  it('has a tab whose MQTT nodes call the bot and show the response', async () => {
    const comms = await CommsClient.open(url);
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
