import assert from 'node:assert/strict';
import { OpenSends } from '../../../../src/bot/sending/in-flight-sends';
import { SimulatedBot } from '../../../support/simulated-bot';

describe('sends that have begun', () => {
  let simulated: SimulatedBot;

  afterEach(() => simulated.end());

  const say = (text: string): Promise<unknown> =>
    simulated.bot.send('wxid_alice', 'messageSendText', (puppet) =>
      puppet.messageSendText('wxid_alice', text),
    );

  it('are answered before the bot stops', async () => {
    simulated = await SimulatedBot.start({ simulator: { latency: 30 } });
    const sent = say('last words');
    // What waits behind it is turned away.
    const waiting = assert.rejects(say('one more'), { key: 'stoppedBeforeSend' });
    await new Promise((resolve) => setImmediate(resolve));
    await simulated.bot.stop();
    const [message, ...others] = simulated.world.messages();
    assert.equal(await sent, message?.id);
    assert.equal(others.length, 0);
    await waiting;
  });

  it('end with an error when the connection breaks and nobody will answer', async () => {
    simulated = await SimulatedBot.start({ parts: { deadlines: { probe: 20 } } });
    simulated.world.faults = { hangSends: true };
    const sent = say('into the void');
    const interrupted = assert.rejects(sent, { code: 'FAILED', key: 'sendInterrupted' });
    await new Promise((resolve) => setImmediate(resolve));
    simulated.world.breakConnection();
    await interrupted;
  });

  it('are waited for within limits', async () => {
    simulated = await SimulatedBot.make();
    const sends = new OpenSends();
    const lost = sends.watch(new Promise(() => undefined));
    await sends.answered(20);
    sends.interrupt();
    await assert.rejects(lost, { key: 'sendInterrupted' });
    await sends.answered(60_000);
  });

  it('that fail do so without the token', async () => {
    simulated = await SimulatedBot.start({ settings: { token: 'puppet_secret' } });
    const failing = simulated.bot.send('wxid_alice', 'messageSendText', () =>
      Promise.reject(new Error('no service for puppet_secret')),
    );
    await assert.rejects(failing, /messageSendText failed: no service for \*\*\*/);
  });
});
