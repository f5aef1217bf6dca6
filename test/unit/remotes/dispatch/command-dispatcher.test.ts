import assert from 'node:assert/strict';
import { Commander, type CommandRules } from '../../../../src/remotes/dispatch/command-dispatcher';
import type { Handled } from '../../../../src/remotes/dispatch/audit';
import { failure } from '../../../support/commanded-bot';
import { SimulatedBot } from '../../../support/simulated-bot';

describe('a commander', () => {
  let simulated: SimulatedBot;
  const told: Handled[] = [];
  before(async () => {
    simulated = await SimulatedBot.start({ settings: { token: 'puppet-token-of-the-owner' } });
  });
  after(() => simulated.end());
  beforeEach(() => told.splice(0));

  const commander = (rules: Partial<CommandRules['permits']> = {}): Commander =>
    new Commander(
      simulated.bot,
      {
        permits: { allow: [], deny: [], ...rules },
        files: { local: [], privateAddresses: 'refuse', maxBytes: 1000 },
      },
      { handled: (handled) => told.push(handled) },
    );

  it('does what the owner allows, by name or alias, and nothing else', async () => {
    const readOnly = commander({ allow: ['read-only'], deny: ['roomFindAll'] });
    assert.ok(Array.isArray(await readOnly.ask('contactFindAll')));
    await assert.rejects(readOnly.ask('contactSay', {}), failure('REFUSED', 'contactSay'));
    await assert.rejects(readOnly.ask('roomFindAll'), failure('REFUSED', 'roomFindAll'));
    await assert.rejects(readOnly.ask('noSuchThing'), failure('INVALID_PARAMS', 'noSuchThing'));
    assert.deepEqual(
      ['contactFind', 'contactSay', 'roomFindAll', 'noSuchThing'].map((name) => readOnly.isPermitted(name)),
      [true, false, false, false],
    );
  });

  it('keeps to the file policy', async () => {
    const say = (messagePayload: unknown): Promise<unknown> =>
      commander().ask('contactSay', { contacts: ['Alice'], messageType: 'Image', messagePayload });
    await assert.rejects(say('/etc/hostname'), failure('REFUSED'));
    await assert.rejects(say('http://127.0.0.1:9/x.png'), failure('REFUSED'));
    await assert.rejects(say({ base64: Buffer.alloc(1001).toString('base64') }), failure('REFUSED'));
  });

  it("tells how it ended, in the protocol's own words", async () => {
    const one = commander();
    const result = await one.serve({ name: 'their-name', params: { q: 1 }, reqId: 'r1' }, () =>
      one.ask('contactFind', { id: 'wxid_alice' }),
    );
    assert.ok(result);
    const denied = commander({ deny: ['contactFind'] });
    const ask = (): Promise<unknown> => denied.ask('contactFind', { id: 'wxid_alice' });
    await assert.rejects(denied.serve({ name: 'a', params: {} }, ask), failure('REFUSED'));
    await assert.rejects(
      denied.serve({ name: 'b', params: {} }, ask, undefined, () => ({ code: -1, message: 'no' })),
      failure('REFUSED'),
    );
    assert.deepEqual(
      told.map(({ name, reqId, code }) => [name, reqId, code]),
      [
        ['their-name', 'r1', 200],
        ['a', '', 403],
        ['b', '', -1],
      ],
    );
    assert.ok(told.every(({ ms }) => ms >= 0));
  });

  it('puts what somebody else threw into our words, without tokens', async () => {
    const thrown = (): Promise<never> => Promise.reject(new Error('bad token puppet-token-of-the-owner'));
    await assert.rejects(
      commander().serve({ name: 'x', params: {} }, thrown),
      failure('FAILED', 'bad token'),
    );
    assert.doesNotMatch(JSON.stringify(told), /puppet-token-of-the-owner/);
    assert.equal(told[0]?.code, 500);
  });

  it('knows when nothing is being done any more', async () => {
    const one = commander();
    await one.idle();
    let finish: () => void = () => undefined;
    const work = one.serve(
      { name: 'x', params: {} },
      () => new Promise<void>((resolve) => (finish = resolve)),
    );
    let isIdle = false;
    const idle = one.idle().then(() => (isIdle = true));
    await Promise.resolve();
    assert.equal(isIdle, false);
    finish();
    await Promise.all([work, idle]);
  });
});
