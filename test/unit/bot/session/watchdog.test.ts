import assert from 'node:assert/strict';
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
});
