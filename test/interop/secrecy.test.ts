/** Encrypted payloads, decrypted and encrypted by the test with Node.js crypto as documented. */
import assert from 'node:assert/strict';
import { createCipheriv, createDecipheriv, createHash, randomBytes, randomUUID } from 'node:crypto';
import { Mosquitto, mosquittoMissing } from '../support/mosquitto';
import type { NodeRed } from '../support/node-red';
import { botNode, remoteNodes, startWithRemotes } from './mqtt-fixture';
import { skipIfMissing, type Stoppable, stopAll } from './required-tools';
import { MqttTestClient, textOf, type WireMessage } from './mqtt-peer';

const key = randomBytes(32);
const passphrase = 'correct horse battery staple';
const derived = createHash('sha256').update(passphrase).digest();

interface Hex {
  readonly data: string;
  readonly iv: string;
  readonly tag?: string;
}

function decryptCbc(text: string, withKey: Buffer): WireMessage {
  const { data, iv } = JSON.parse(text) as Hex;
  const decipher = createDecipheriv('aes-256-cbc', withKey, Buffer.from(iv, 'hex'));
  return JSON.parse(decipher.update(data, 'hex', 'utf8') + decipher.final('utf8')) as WireMessage;
}

function encryptCbc(value: object, withKey: Buffer): string {
  const iv = randomBytes(16);
  const cipher = createCipheriv('aes-256-cbc', withKey, iv);
  const data = cipher.update(JSON.stringify(value), 'utf8', 'hex') + cipher.final('hex');
  return JSON.stringify({ data, iv: iv.toString('hex') });
}

function decryptGcm(text: string): WireMessage {
  const { data, iv, tag = '' } = JSON.parse(text) as Hex;
  const decipher = createDecipheriv('aes-256-gcm', key, Buffer.from(iv, 'hex'))
    .setAAD(Buffer.from('sealed'))
    .setAuthTag(Buffer.from(tag, 'hex'));
  return JSON.parse(decipher.update(data, 'hex', 'utf8') + decipher.final('utf8')) as WireMessage;
}

function encryptGcm(value: object, { bot = 'sealed', withKey = key } = {}): string {
  const iv = randomBytes(12);
  const cipher = createCipheriv('aes-256-gcm', withKey, iv).setAAD(Buffer.from(bot));
  const data = cipher.update(JSON.stringify(value), 'utf8', 'hex') + cipher.final('hex');
  return JSON.stringify({ data, iv: iv.toString('hex'), tag: cipher.getAuthTag().toString('hex') });
}

describe('MqttRemote with encryption', function () {
  this.timeout(60_000);
  const started: Stoppable[] = [];
  let broker: Mosquitto;
  let nodeRed: NodeRed;

  before(async function () {
    skipIfMissing.call(this, mosquittoMissing());
    broker = await Mosquitto.start();
    started.push(broker);
    const secretKey = key.toString('base64');
    nodeRed = await startWithRemotes(
      botNode('shop'),
      ...remoteNodes('secret', 'shop', broker.url, { credentials: { secretKey } }),
      ...remoteNodes('passphrase', 'shop', broker.url, { credentials: { secretKey: passphrase } }),
      ...remoteNodes('sealed', 'shop', broker.url, { sealed: true, credentials: { secretKey } }),
    );
    started.push(nodeRed);
  });
  after(() => stopAll(started));

  const command = (name: string, params: object, timestamp = Date.now()) => ({
    reqId: randomUUID(),
    method: 'command',
    version: '1.0',
    timestamp,
    name,
    params,
  });
  const hello = (text: string) => command('contactSay', { contacts: ['Alice'], messagePayload: text });
  const arrived = (text: string): Promise<number> =>
    nodeRed.simulation(
      'shop',
      (simulation, sought) => simulation.messages().filter((one) => one.text === sought).length,
      text,
    );

  /** The next message on a topic, decrypted. */
  async function next(
    client: MqttTestClient,
    path: string,
    decrypt: (text: string) => WireMessage,
  ): Promise<WireMessage> {
    const { text } = await client.received.next(({ topic }) => topic === client.topic(path));
    return decrypt(text);
  }

  for (const [remote, withKey] of [
    ['secret', key],
    ['passphrase', derived],
  ] as const) {
    it(`uses AES-256-CBC with ${remote === 'secret' ? 'a key' : 'a passphrase'}`, async () => {
      const client = await MqttTestClient.connect(broker.url, remote);
      const request = hello(`hidden ${remote}`);
      await client.publish(encryptCbc(request, withKey));
      const response = await next(client, `response/d2c/${request.reqId}`, (text) =>
        decryptCbc(text, withKey),
      );
      assert.deepEqual([response.reqId, response.code], [request.reqId, 200]);
      const event = await next(client, 'event/post', (text) => decryptCbc(text, withKey));
      assert.equal(textOf(event), `hidden ${remote}`);
      const birth = await next(client, 'property/post', (text) => decryptCbc(text, withKey));
      assert.equal((birth.properties as { online: boolean }).online, true);
      assert.ok(
        client.received.all.every(({ text }) => !text.includes('hidden')),
        'no payload is readable',
      );
      await client.end();
    });
  }

  it('uses AES-256-GCM when sealed', async () => {
    const client = await MqttTestClient.connect(broker.url, 'sealed');
    const request = hello('gcm');
    await client.publish(encryptGcm(request));
    const response = await next(client, `response/d2c/${request.reqId}`, decryptGcm);
    assert.deepEqual([response.reqId, response.code], [request.reqId, 200]);
    assert.equal(textOf(await next(client, 'event/post', decryptGcm)), 'gcm');
    assert.equal(await arrived('gcm'), 1);
    await client.end();
  });

  it('rejects replayed, altered and foreign payloads', async () => {
    const client = await MqttTestClient.connect(broker.url, 'sealed');
    const good = encryptGcm(hello('replayed'));
    const { data, iv, tag } = JSON.parse(encryptGcm(hello('altered'))) as Required<Hex>;
    const flipped = (data.startsWith('0') ? '1' : '0') + data.slice(1);
    await client.publish(good);
    await client.received.next(({ topic }) => topic === client.topic('event/post'));
    const bad = {
      replayed: good,
      plain: JSON.stringify(hello('plain')),
      'with another key': encryptGcm(hello('with another key'), { withKey: derived }),
      'for another bot': encryptGcm(hello('for another bot'), { bot: 'other' }),
      altered: JSON.stringify({ data: flipped, iv, tag }),
      cut: JSON.stringify({ data: data.slice(0, -2), iv, tag }),
      unauthenticated: encryptCbc(hello('unauthenticated'), key),
      old: encryptGcm({ ...hello('old'), timestamp: Date.now() - 6 * 60_000 }),
      early: encryptGcm({ ...hello('early'), timestamp: Date.now() + 6 * 60_000 }),
    };
    for (const payload of Object.values(bad)) {
      await client.publish(payload);
      const response = await next(client, 'response/d2c/unknown', decryptGcm);
      assert.equal(response.error?.code, 'REFUSED');
    }
    const counts = await Promise.all(['replayed', ...Object.keys(bad).slice(1)].map(arrived));
    assert.deepEqual(counts, [
      1,
      ...Object.keys(bad)
        .slice(1)
        .map(() => 0),
    ]);
    const last = hello('still there');
    await client.publish(encryptGcm(last));
    assert.equal((await next(client, `response/d2c/${last.reqId}`, decryptGcm)).code, 200);
    await client.end();
  });
});
