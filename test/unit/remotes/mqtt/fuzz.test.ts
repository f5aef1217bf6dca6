import assert from 'node:assert/strict';
import { megabytesInUse } from '../../../support/heap';
import { MqttFixture } from './fixture';

/** A seeded pseudo-random number generator, from 0 to 1. */
function seededRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    return state / 2_147_483_648;
  };
}

const malformed = 20_000;
const seed = 20_240_116;

describe('MqttRemote with 20,000 malformed commands', function () {
  this.timeout(60_000);
  let fixture: MqttFixture;
  before(async () => {
    fixture = await MqttFixture.start({ qos: 1 });
  });
  after(() => fixture.end());

  const random = seededRandom(seed);
  const pick = <T>(list: readonly [T, ...T[]]): T => list[Math.floor(random() * list.length)] ?? list[0];
  const names = [
    'contactFind',
    'roomFindAll',
    'messageSay',
    'contactSay',
    'tagAdd',
    'nope',
    '',
    '__proto__',
  ] as const;

  const junk = (depth = 0): unknown =>
    pick<() => unknown>([
      () => null,
      () => random() * 1e9,
      () => -1,
      () => 'x'.repeat(Math.floor(random() * 50)),
      () => '/(a+)+$/',
      () => '\u0000#+/\ud800',
      () => true,
      () => (depth > 3 ? [] : [junk(depth + 1), junk(depth + 1)]),
      () => (depth > 3 ? {} : { id: junk(depth + 1), page: junk(depth + 1), contacts: junk(depth + 1) }),
    ])();

  /** A command that is never valid. */
  const malformedCommand = (): string | Buffer => {
    const text = JSON.stringify({
      reqId: pick<() => unknown>([() => 'bad', () => junk(), () => undefined])(),
      method: pick<() => unknown>([() => 'command', () => junk()])(),
      name: pick<() => unknown>([() => pick(names), () => junk()])(),
      params: { id: { invalid: junk() }, contacts: [{}], rooms: 5, page: 'x', tag: 1, messageType: junk() },
      timestamp: junk(),
    });
    switch (Math.floor(random() * 5)) {
      case 0:
        return text.slice(0, Math.floor(random() * text.length));
      case 1: {
        const bytes = Buffer.from(text);
        for (let times = 0; times < 3; times += 1)
          bytes[Math.floor(random() * bytes.length)] = random() * 256;
        return Buffer.concat([bytes, Buffer.from('}')]);
      }
      case 2:
        return JSON.stringify(junk());
      default:
        return text;
    }
  };

  it('answers each of them, and the valid ones in between', async () => {
    const { client, remote, simulation } = fixture;
    const valid: string[] = [];
    let sent = 0;
    let early = 0;
    while (sent < malformed) {
      const sends: Promise<unknown>[] = [];
      for (let index = 0; index < 500; index += 1) sends.push(client.send(malformedCommand()));
      sent += 500;
      sends.push(
        client.sendCommand('wechatyLogonoff').then((reqId) => valid.push(reqId)),
        client.sendCommand('contactFind', { name: 'Alice' }).then((reqId) => valid.push(reqId)),
      );
      await Promise.all(sends);
      const last = await client.sendCommand('wechatyLogonoff');
      valid.push(last);
      await client.responseTo(last);
      // Responses to malformed commands are counted and dropped, to measure the memory of the remote itself.
      counted += dropAllExcept(valid);
      if (sent === malformed / 4) early = await megabytesInUse();
    }
    await Promise.all(valid.map((reqId) => client.responseTo(reqId)));
    for (const reqId of valid) {
      assert.deepEqual(
        client.responsesTo(reqId).map(({ code }) => code),
        [200],
        reqId,
      );
    }
    await client.nextAll(
      malformed - counted,
      ({ topic, envelope }) => topic.includes('/d2c/') && !valid.includes(envelope.reqId),
    );
    assert.equal(counted + dropAllExcept(valid), malformed);
    assert.equal(remote.status.isConnected, true);
    assert.equal(simulation.messages({}).length, 0);
    // Flat: memory does not grow with the last three quarters, the client and the broker in this process included.
    const grown = (await megabytesInUse()) - early;
    assert.ok(grown < 2, `${grown.toFixed(2)} MB more`);
  });

  let counted = 0;
  function dropAllExcept(reqIds: readonly string[]): number {
    const { received } = fixture.client;
    const remaining = received.filter(
      ({ topic, envelope }) => !topic.includes('/d2c/') || reqIds.includes(envelope.reqId),
    );
    const dropped = received.length - remaining.length;
    received.splice(0, received.length, ...remaining);
    fixture.audited.length = 0;
    return dropped;
  }
});
