/** Encrypted payloads, opened and made here with Node.js' own cryptography as the document of the form says. */
import assert from 'node:assert/strict';
import { createCipheriv, createDecipheriv, createHash, randomBytes, randomUUID } from 'node:crypto';
import { Mosquitto, mosquittoMissing } from '../support/mosquitto';
import type { NodeRed } from '../support/node-red';
import { aBot, aRemote, startMirror } from './mqtt-fixture';
import { needs, type Stoppable, stopAll } from './required-tools';
import { Peer, textOf, type Told } from './mqtt-peer';

const key = randomBytes(32);
const passphrase = 'correct horse battery staple';
const derived = createHash('sha256').update(passphrase).digest();

interface Hex {
  readonly data: string;
  readonly iv: string;
  readonly tag?: string;
}

function openCbc(text: string, with_: Buffer): Told {
  const { data, iv } = JSON.parse(text) as Hex;
  const decipher = createDecipheriv('aes-256-cbc', with_, Buffer.from(iv, 'hex'));
  return JSON.parse(decipher.update(data, 'hex', 'utf8') + decipher.final('utf8')) as Told;
}

function makeCbc(value: object, with_: Buffer): string {
  const iv = randomBytes(16);
  const cipher = createCipheriv('aes-256-cbc', with_, iv);
  const data = cipher.update(JSON.stringify(value), 'utf8', 'hex') + cipher.final('hex');
  return JSON.stringify({ data, iv: iv.toString('hex') });
}

function openSealed(text: string): Told {
  const { data, iv, tag = '' } = JSON.parse(text) as Hex;
  const decipher = createDecipheriv('aes-256-gcm', key, Buffer.from(iv, 'hex'))
    .setAAD(Buffer.from('sealed'))
    .setAuthTag(Buffer.from(tag, 'hex'));
  return JSON.parse(decipher.update(data, 'hex', 'utf8') + decipher.final('utf8')) as Told;
}

function seal(value: object, { bot = 'sealed', with_ = key } = {}): string {
  const iv = randomBytes(12);
  const cipher = createCipheriv('aes-256-gcm', with_, iv).setAAD(Buffer.from(bot));
  const data = cipher.update(JSON.stringify(value), 'utf8', 'hex') + cipher.final('hex');
  return JSON.stringify({ data, iv: iv.toString('hex'), tag: cipher.getAuthTag().toString('hex') });
}

describe('encrypted mirrors', function () {
  this.timeout(60_000);
  const started: Stoppable[] = [];
  let broker: Mosquitto;
  let nodeRed: NodeRed;

  before(async function () {
    needs.call(this, mosquittoMissing());
    broker = await Mosquitto.start();
    started.push(broker);
    const secretKey = key.toString('base64');
    nodeRed = await startMirror(
      aBot('shop'),
      ...aRemote('secret', 'shop', broker.url, { credentials: { secretKey } }),
      ...aRemote('passphrase', 'shop', broker.url, { credentials: { secretKey: passphrase } }),
      ...aRemote('sealed', 'shop', broker.url, { sealed: true, credentials: { secretKey } }),
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
    nodeRed.world(
      'shop',
      (world, sought) => world.messages().filter((one) => one.text === sought).length,
      text,
    );

  /** The next thing on a topic, opened. */
  async function next(peer: Peer, end: string, open: (text: string) => Told): Promise<Told> {
    const { text } = await peer.heard.next(({ topic }) => topic === peer.topic(end));
    return open(text);
  }

  for (const [remote, with_] of [
    ['secret', key],
    ['passphrase', derived],
  ] as const) {
    it(`with ${remote === 'secret' ? 'a key' : 'a passphrase'} speak AES-256-CBC`, async () => {
      const peer = await Peer.connect(broker.url, remote);
      const asked = hello(`hidden ${remote}`);
      await peer.publish(makeCbc(asked, with_));
      const answer = await next(peer, `response/d2c/${asked.reqId}`, (text) => openCbc(text, with_));
      assert.deepEqual([answer.reqId, answer.code], [asked.reqId, 200]);
      const event = await next(peer, 'event/post', (text) => openCbc(text, with_));
      assert.equal(textOf(event), `hidden ${remote}`);
      const birth = await next(peer, 'property/post', (text) => openCbc(text, with_));
      assert.equal((birth.properties as { online: boolean }).online, true);
      assert.ok(
        peer.heard.all.every(({ text }) => !text.includes('hidden')),
        'nothing can be read in passing',
      );
      await peer.end();
    });
  }

  it('that are sealed speak AES-256-GCM', async () => {
    const peer = await Peer.connect(broker.url, 'sealed');
    const asked = hello('gcm');
    await peer.publish(seal(asked));
    const answer = await next(peer, `response/d2c/${asked.reqId}`, openSealed);
    assert.deepEqual([answer.reqId, answer.code], [asked.reqId, 200]);
    assert.equal(textOf(await next(peer, 'event/post', openSealed)), 'gcm');
    assert.equal(await arrived('gcm'), 1);
    await peer.end();
  });

  it('refuse what is not theirs', async () => {
    const peer = await Peer.connect(broker.url, 'sealed');
    const good = seal(hello('replayed'));
    const { data, iv, tag } = JSON.parse(seal(hello('altered'))) as Required<Hex>;
    const flipped = (data.startsWith('0') ? '1' : '0') + data.slice(1);
    await peer.publish(good);
    await peer.heard.next(({ topic }) => topic === peer.topic('event/post'));
    const bad = {
      replayed: good,
      plain: JSON.stringify(hello('plain')),
      'with another key': seal(hello('with another key'), { with_: derived }),
      'for another bot': seal(hello('for another bot'), { bot: 'other' }),
      altered: JSON.stringify({ data: flipped, iv, tag }),
      cut: JSON.stringify({ data: data.slice(0, -2), iv, tag }),
      unauthenticated: makeCbc(hello('unauthenticated'), key),
      old: seal({ ...hello('old'), timestamp: Date.now() - 6 * 60_000 }),
      early: seal({ ...hello('early'), timestamp: Date.now() + 6 * 60_000 }),
    };
    for (const payload of Object.values(bad)) {
      await peer.publish(payload);
      const answer = await next(peer, 'response/d2c/unknown', openSealed);
      assert.equal(answer.error?.code, 'REFUSED');
    }
    const counts = await Promise.all(['replayed', ...Object.keys(bad).slice(1)].map(arrived));
    assert.deepEqual(counts, [
      1,
      ...Object.keys(bad)
        .slice(1)
        .map(() => 0),
    ]);
    const last = hello('still there');
    await peer.publish(seal(last));
    assert.equal((await next(peer, `response/d2c/${last.reqId}`, openSealed)).code, 200);
    await peer.end();
  });
});
