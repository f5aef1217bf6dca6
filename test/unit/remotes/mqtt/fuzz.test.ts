import assert from 'node:assert/strict';
import { megabytesInUse } from '../../../support/heap';
import { Setting } from './fixture';

/** The same numbers for the same seed, from 0 to 1. */
function chance(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    return state / 2_147_483_648;
  };
}

const malformed = 20_000;
const seed = 20_240_116;

describe('20,000 malformed commands', function () {
  this.timeout(60_000);
  let setting: Setting;
  before(async () => {
    setting = await Setting.start({ qos: 1 });
  });
  after(() => setting.end());

  const random = chance(seed);
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

  /** A command that is wrong in some way, never one that could be right. */
  const wrong = (): string | Buffer => {
    const text = JSON.stringify({
      reqId: pick<() => unknown>([() => 'bad', () => junk(), () => undefined])(),
      method: pick<() => unknown>([() => 'command', () => junk()])(),
      name: pick<() => unknown>([() => pick(names), () => junk()])(),
      params: { id: { wrong: junk() }, contacts: [{}], rooms: 5, page: 'x', tag: 1, messageType: junk() },
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

  it('are answered one by one, and so are the valid ones among them', async () => {
    const { peer, remote, world } = setting;
    const valid: string[] = [];
    let sent = 0;
    let early = 0;
    while (sent < malformed) {
      const sends: Promise<unknown>[] = [];
      for (let index = 0; index < 500; index += 1) sends.push(peer.send(wrong()));
      sent += 500;
      sends.push(
        peer.command('wechatyLogonoff').then((reqId) => valid.push(reqId)),
        peer.command('contactFind', { name: 'Alice' }).then((reqId) => valid.push(reqId)),
      );
      await Promise.all(sends);
      const last = await peer.command('wechatyLogonoff');
      valid.push(last);
      await peer.answer(last);
      // What was heard of the malformed ones is counted and dropped, to see the remote's own memory.
      counted += forgetAllBut(valid);
      if (sent === malformed / 4) early = await megabytesInUse();
    }
    await Promise.all(valid.map((reqId) => peer.answer(reqId)));
    for (const reqId of valid) {
      assert.deepEqual(
        peer.answers(reqId).map(({ code }) => code),
        [200],
        reqId,
      );
    }
    await peer.hearAll(
      malformed - counted,
      ({ topic, envelope }) => topic.includes('/d2c/') && !valid.includes(envelope.reqId),
    );
    assert.equal(counted + forgetAllBut(valid), malformed);
    assert.equal(remote.status.isConnected, true);
    assert.equal(world.messages({}).length, 0);
    // Flat: three quarters of them leave next to nothing, the peer and the broker in this process included.
    const grown = (await megabytesInUse()) - early;
    assert.ok(grown < 2, `${grown.toFixed(2)} MB more`);
  });

  let counted = 0;
  function forgetAllBut(reqIds: readonly string[]): number {
    const { heard } = setting.peer;
    const kept = heard.filter(
      ({ topic, envelope }) => !topic.includes('/d2c/') || reqIds.includes(envelope.reqId),
    );
    const gone = heard.length - kept.length;
    heard.splice(0, heard.length, ...kept);
    setting.handled.length = 0;
    return gone;
  }
});
