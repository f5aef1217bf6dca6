import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CommandDispatcher } from '../../../../src/remotes/dispatch/command-dispatcher';
import { CommandProcessor } from '../../../../src/remotes/mqtt/command-processor';
import { IdempotencyStore } from '../../../../src/remotes/storage/idempotency-store';
import { KeyValueStore } from '../../../../src/remotes/storage/key-value-store';
import { Outbox } from '../../../../src/remotes/storage/outbox';
import { SimulatedBot } from '../../../support/simulated-bot';

describe('CommandProcessor.resume', () => {
  let folder: string;
  let store: KeyValueStore;
  let idempotencyStore: IdempotencyStore;
  let simulated: SimulatedBot;

  const openStore = async (): Promise<void> => {
    store = await KeyValueStore.open(join(folder, 'store'), (problem) => assert.fail(problem));
    idempotencyStore = new IdempotencyStore(store);
  };
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'processor-'));
    await openStore();
    simulated = await SimulatedBot.start();
  });
  afterEach(async () => {
    await simulated.stop();
    idempotencyStore.close();
    await store.close();
    await rm(folder, { recursive: true, force: true });
  });

  /** Stores a command in one run and resumes it in the next. */
  async function resume(isStarted: boolean): Promise<CommandDispatcher> {
    const params = { contacts: ['Alice'], messagePayload: 'hello' };
    const wire = { reqId: 'r1', name: 'contactSay', params };
    const pending = { wire, receivedAt: 0, deadline: null, replyTo: [{}] };
    await idempotencyStore.accept('x', JSON.stringify(pending), isStarted);
    idempotencyStore.close();
    await store.close();
    await openStore();
    const outbox = new Outbox({
      store,
      maxBytes: 1_000_000,
      durable: true,
      onDropped: () => assert.fail(),
    });
    const policy = {
      permissions: { allow: [], deny: [] },
      files: { local: [], privateAddresses: 'refuse', maxBytes: 1000 },
    } as const;
    const dispatcher = new CommandDispatcher(simulated.bot, policy, { onAudit: () => undefined });
    const processor = new CommandProcessor({
      dispatcher,
      idempotencyStore,
      outbox,
      responseTopic: () => 'response',
      orderingKeys: () => ['Alice'],
      maxAgeMs: Infinity,
    });
    await processor.resume();
    return dispatcher;
  }

  it('stores that a command is started before it executes it', async () => {
    const dispatcher = await resume(false);
    assert.match(store.get('p!x') ?? '', /^\d+ begun /);
    await dispatcher.whenIdle();
    assert.match(store.get('a!x') ?? '', /"code":200/);
    assert.equal(simulated.simulation.messages({ conversation: 'Alice' }).length, 1);
  });

  it('does not execute a command that was started by the previous run', async () => {
    const dispatcher = await resume(true);
    await dispatcher.whenIdle();
    assert.match(store.get('a!x') ?? '', /"error":\{"code":"FAILED"/);
    assert.equal(simulated.simulation.messages({ conversation: 'Alice' }).length, 0);
  });
});
