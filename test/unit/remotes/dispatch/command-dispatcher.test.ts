import assert from 'node:assert/strict';
import { CommandDispatcher, type RemotePolicy } from '../../../../src/remotes/dispatch/command-dispatcher';
import type { AuditRecord } from '../../../../src/remotes/dispatch/audit';
import { failure } from '../../../support/commanded-bot';
import { SimulatedBot } from '../../../support/simulated-bot';

describe('CommandDispatcher', () => {
  let simulated: SimulatedBot;
  const records: AuditRecord[] = [];
  before(async () => {
    simulated = await SimulatedBot.start({ settings: { token: 'puppet-token-of-the-owner' } });
  });
  after(() => simulated.stop());
  beforeEach(() => records.splice(0));

  const createDispatcher = (rules: Partial<RemotePolicy['permissions']> = {}): CommandDispatcher =>
    new CommandDispatcher(
      simulated.bot,
      {
        permissions: { allow: [], deny: [], ...rules },
        files: { local: [], privateAddresses: 'refuse', maxBytes: 1000 },
      },
      { nodeId: 'remote-node', onAudit: (record) => records.push(record) },
    );

  it('rejects commands that are not permitted, by name or alias', async () => {
    const readOnly = createDispatcher({ allow: ['read-only'], deny: ['roomFindAll'] });
    assert.ok(Array.isArray(await readOnly.run('contactFindAll', {})));
    await assert.rejects(readOnly.run('roomFindAll', {}), failure('REFUSED', 'roomFindAll'));
    for (const [alias, name] of [
      ['contactAdd', 'friendshipAdd'],
      ['contactSay', 'contactSay'],
    ] as const) {
      await assert.rejects(readOnly.runUntrusted(alias), failure('REFUSED', name));
    }
    await assert.rejects(readOnly.runUntrusted('noSuchThing'), failure('INVALID_PARAMS', 'noSuchThing'));
  });

  it('refuses a request before its work when one of its commands is not permitted', async () => {
    const dispatcher = createDispatcher({ deny: ['roomAdd'] });
    const request = { name: 'x', params: {}, commands: ['contactFind', 'roomAdd'] } as const;
    const work = (): Promise<never> => assert.fail('the work was started');
    await assert.rejects(dispatcher.runAudited(request, work), failure('REFUSED', 'roomAdd'));
    assert.deepEqual(
      records.map(({ code }) => code),
      [403],
    );
  });

  it('records commands run for a client under its node, and queries under none', async () => {
    const dispatcher = createDispatcher({ deny: ['contactFind'] });
    const recorded: unknown[] = [];
    const unsubscribe = simulated.bot.on('command', ({ name, nodeId }) => recorded.push([name, nodeId]));
    await dispatcher.run('contactFindAll', {});
    await dispatcher.query('contactFind', { id: 'wxid_alice' });
    unsubscribe();
    assert.deepEqual(recorded, [
      ['contactFindAll', 'remote-node'],
      ['contactFind', undefined],
    ]);
  });

  it('applies the file policy', async () => {
    const say = (messagePayload: unknown): Promise<unknown> =>
      createDispatcher().run('contactSay', { contacts: ['Alice'], messageType: 'Image', messagePayload });
    await assert.rejects(say('/etc/hostname'), failure('REFUSED'));
    await assert.rejects(say('http://127.0.0.1:9/x.png'), failure('REFUSED'));
    await assert.rejects(say({ base64: Buffer.alloc(1001).toString('base64') }), failure('REFUSED'));
  });

  it('audits results and errors with the codes of the protocol', async () => {
    const dispatcher = createDispatcher();
    const result = await dispatcher.runAudited({ name: 'their-name', params: { q: 1 }, reqId: 'r1' }, () =>
      dispatcher.run('contactFind', { id: 'wxid_alice' }),
    );
    assert.ok(result);
    const denied = createDispatcher({ deny: ['contactFind'] });
    const work = (): Promise<unknown> => denied.run('contactFind', { id: 'wxid_alice' });
    await assert.rejects(denied.runAudited({ name: 'a', params: {} }, work), failure('REFUSED'));
    await assert.rejects(
      denied.runAudited({ name: 'b', params: {} }, work, undefined, () => ({ code: -1, message: 'no' })),
      failure('REFUSED'),
    );
    assert.deepEqual(
      records.map(({ name, reqId, code }) => [name, reqId, code]),
      [
        ['their-name', 'r1', 200],
        ['a', '', 403],
        ['b', '', -1],
      ],
    );
    assert.ok(records.every(({ ms }) => ms >= 0));
  });

  it('wraps other errors, without tokens', async () => {
    const failingWork = (): Promise<never> =>
      Promise.reject(new Error('bad token puppet-token-of-the-owner'));
    await assert.rejects(
      createDispatcher().runAudited({ name: 'x', params: {} }, failingWork),
      failure('FAILED', 'bad token'),
    );
    assert.doesNotMatch(JSON.stringify(records), /puppet-token-of-the-owner/);
    assert.equal(records[0]?.code, 500);
  });

  it('resolves whenIdle after the last request', async () => {
    const dispatcher = createDispatcher();
    await dispatcher.whenIdle();
    let finish: () => void = () => undefined;
    const work = dispatcher.runAudited(
      { name: 'x', params: {} },
      () => new Promise<void>((resolve) => (finish = resolve)),
    );
    let isIdle = false;
    const idle = dispatcher.whenIdle().then(() => (isIdle = true));
    await Promise.resolve();
    assert.equal(isIdle, false);
    finish();
    await Promise.all([work, idle]);
  });
});
