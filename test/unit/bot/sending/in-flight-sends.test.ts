import assert from 'node:assert/strict';
import { InFlightSends } from '../../../../src/bot/sending/in-flight-sends';
import { SimulatedBot } from '../../../support/simulated-bot';

describe('InFlightSends', () => {
  let simulated: SimulatedBot;

  afterEach(() => simulated.stop());

  const say = (text: string): Promise<unknown> =>
    simulated.bot.send('wxid_alice', 'messageSendText', (puppet) =>
      puppet.messageSendText('wxid_alice', text),
    );

  it('settle before the bot stops', async () => {
    simulated = await SimulatedBot.start({ simulator: { latency: 30 } });
    const sent = say('last words');
    // Queued sends are rejected.
    const queued = assert.rejects(say('one more'), { key: 'stoppedBeforeSend' });
    await new Promise((resolve) => setImmediate(resolve));
    await simulated.bot.stop();
    const [message, ...others] = simulated.simulation.messages();
    assert.equal(await sent, message?.id);
    assert.equal(others.length, 0);
    await queued;
  });

  it('reject when the connection breaks', async () => {
    simulated = await SimulatedBot.start({ dependencies: { timeouts: { probe: 20 } } });
    simulated.simulation.faults = { hangSends: true };
    const sent = say('lost');
    const interrupted = assert.rejects(sent, { code: 'FAILED', key: 'sendInterrupted' });
    await new Promise((resolve) => setImmediate(resolve));
    simulated.simulation.breakConnection();
    await interrupted;
  });

  it('are awaited within the timeout', async () => {
    simulated = await SimulatedBot.create();
    const sends = new InFlightSends();
    const lost = sends.track(new Promise(() => undefined));
    await sends.settled(20);
    sends.abort();
    await assert.rejects(lost, { key: 'sendInterrupted' });
    await sends.settled(60_000);
  });

  it('reject without the token in the message', async () => {
    simulated = await SimulatedBot.start({ settings: { token: 'puppet_secret' } });
    const failing = simulated.bot.send('wxid_alice', 'messageSendText', () =>
      Promise.reject(new Error('no service for puppet_secret')),
    );
    await assert.rejects(failing, /messageSendText failed: no service for \*\*\*/);
  });
});
