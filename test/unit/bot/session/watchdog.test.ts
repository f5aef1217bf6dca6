import assert from 'node:assert/strict';
import { PuppetSimulator } from '../../../../src/puppets/simulator';
import { SimulatedBot } from '../../../support/simulated-bot';

describe('a bot that hears nothing', () => {
  let simulated: SimulatedBot;

  afterEach(() => simulated.end());

  const parts = { deadlines: { idle: 30, probe: 30 } };

  it('starts anew when the puppet does not answer any more', async () => {
    simulated = await SimulatedBot.start({ parts });
    simulated.world.faults = { rejectAll: true };
    const { reason } = await simulated.state('restarting');
    assert.match(String(reason.values.error), /connection to WeChat was lost: nothing was heard/);
  });

  it('does not mind a puppet that has never answered', async () => {
    let heard = (): void => undefined;
    const often = new Promise<void>((resolve) => {
      heard = resolve;
    });
    let dings = 0;
    class Mute extends PuppetSimulator {
      override ding(): void {
        dings += 1;
        if (dings === 5) heard();
      }
    }
    simulated = await SimulatedBot.start({ parts: { ...parts, puppets: { simulator: () => Mute } } });
    await often;
    assert.equal(simulated.bot.state.name, 'ready');
    assert.ok(!simulated.states.some(({ name }) => name === 'restarting'));
  });

  it('keeps its own questions to itself, and passes on what others asked', async () => {
    simulated = await SimulatedBot.start({ parts });
    const dong = simulated.next('dong');
    simulated.bot.account().puppet.ding('anybody?');
    assert.equal((await dong).data, 'anybody?');
    assert.equal(simulated.events.filter(({ event }) => event === 'dong').length, 1);
  });
});
