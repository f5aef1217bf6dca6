import assert from 'node:assert/strict';
import { setTimeout as delay } from 'node:timers/promises';
import { PuppetSimulator } from '../../../../src/puppets/simulator';
import { SimulatedBot } from '../../../support/simulated-bot';

describe('PuppetSession watchdog', () => {
  let simulated: SimulatedBot;

  afterEach(() => simulated.stop());

  const dependencies = { timeouts: { idle: 30, probe: 30 } };

  it('ends the session when the puppet stops answering pings', async () => {
    simulated = await SimulatedBot.start({ dependencies: dependencies });
    simulated.simulation.faults = { rejectAll: true };
    const { reason } = await simulated.untilState('restarting');
    assert.match(String(reason.values.error), /connection to WeChat was lost: no event/);
  });

  it('keeps a puppet that has never answered a ping', async () => {
    let onFifthPing = (): void => undefined;
    const fivePings = new Promise<void>((resolve) => {
      onFifthPing = resolve;
    });
    let pings = 0;
    class Mute extends PuppetSimulator {
      override ding(): void {
        pings += 1;
        if (pings === 5) onFifthPing();
      }
    }
    simulated = await SimulatedBot.start({
      dependencies: { ...dependencies, puppets: { simulator: () => Mute } },
    });
    await fivePings;
    assert.equal(simulated.bot.state.name, 'ready');
    assert.ok(!simulated.states.some(({ name }) => name === 'restarting'));
  });

  it('emits dong events of other pings only', async () => {
    simulated = await SimulatedBot.start({ dependencies: dependencies });
    const dong = simulated.nextEvent('dong');
    simulated.bot.account().puppet.ding('anybody?');
    assert.equal((await dong).data, 'anybody?');
    assert.equal(simulated.events.filter(({ event }) => event === 'dong').length, 1);
  });

  /** Its `ding` emits `dong` itself, as in some puppets. */
  class SelfAnswering extends PuppetSimulator {
    override ding(data?: string): void {
      this.emit('dong', { data: data ?? '' });
    }
  }

  it('ends a start without a login after an error, though the puppet answers its pings itself', async () => {
    class Offline extends SelfAnswering {
      override async onStart(): Promise<void> {
        setImmediate(() => this.emit('error', new Error('no network')));
        await Promise.resolve();
      }
    }
    simulated = await SimulatedBot.create({
      dependencies: { ...dependencies, puppets: { simulator: () => Offline } },
    });
    simulated.bot.start();
    const { reason } = await simulated.untilState('restarting');
    assert.match(String(reason.values.error), /connection to WeChat was lost: no network/);
  });

  it('keeps a login after an error if the puppet answers its pings itself', async () => {
    simulated = await SimulatedBot.start({
      dependencies: { timeouts: { idle: 60_000, probe: 1 }, puppets: { simulator: () => SelfAnswering } },
    });
    simulated.bot.account().puppet.emit('error', new Error('harmless'));
    // A timer set after that of the probe, and longer.
    await delay(20);
    assert.equal(simulated.bot.state.name, 'ready');
  });

  it('tells the error of a failed start once', async () => {
    simulated = await SimulatedBot.create({ simulator: { faults: { failStart: 1 } } });
    simulated.bot.start();
    await simulated.untilState('ready');
    const errors = simulated.events.filter(({ event }) => event === 'error');
    assert.deepEqual(
      errors.map(({ message, count }) => [message, count]),
      [['starting fails on purpose (fault failStart)', 1]],
    );
  });

  it('names a likely cause when the puppet stumbles over its own error', async () => {
    class Broken extends PuppetSimulator {
      override async onStart(): Promise<void> {
        await Promise.resolve();
        throw new TypeError("Cannot read properties of undefined (reading 'errcode')");
      }
    }
    simulated = await SimulatedBot.create({ dependencies: { puppets: { simulator: () => Broken } } });
    simulated.bot.start();
    const { reason } = await simulated.untilState('restarting');
    assert.match(String(reason.values.error), /want of a network or because of a wrong option: Cannot read/);
  });
});
