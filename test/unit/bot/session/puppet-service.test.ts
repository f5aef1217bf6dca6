import assert from 'node:assert/strict';
import { FileBox } from 'file-box';
import type { MessageView } from '../../../../src/bot/views';
import { PuppetServer } from '../../../support/puppet-server-process';
import { SimulatedBot } from '../../../support/simulated-bot';
import { freePort } from '../../../support/free-port';

const token = 'insecure_4e1f2a9c-tests';

describe('Bot on a puppet service in another process', function () {
  this.timeout(60_000);
  let endpoint: string;
  let server: PuppetServer;
  let simulated: SimulatedBot;

  beforeEach(async () => {
    endpoint = `127.0.0.1:${await freePort()}`;
    server = await PuppetServer.start(endpoint, token);
    simulated = await SimulatedBot.start({
      settings: { puppet: 'wechaty-puppet-service', token, options: JSON.stringify({ endpoint }) },
      dependencies: {
        timings: { minRetryMs: 3_000, maxRetryMs: 3_000 },
        timeouts: { probe: 500, idle: 1_000 },
      },
    });
  });

  afterEach(async () => {
    await simulated.stop();
    await server.kill();
  });

  /** A friend sends a text there, and the bot emits it here. */
  async function receive(text: string): Promise<void> {
    const event = simulated.nextEvent('message', (report) => (report.message as MessageView).text === text);
    server.request({ contact: 'Ming', text: text });
    const { talker, listener } = await event;
    assert.deepEqual(
      [talker, listener].map((contact) => (contact as { name: string }).name),
      ['Ming', 'Bot'],
    );
  }

  /** The bot sends a text here, and it arrives there. */
  async function send(text: string): Promise<void> {
    const id = await simulated.bot.send('wxid_alice', 'messageSendText', (puppet) =>
      puppet.messageSendText('wxid_alice', text),
    );
    const { content, listenerId } = await server.sent.next((message) => message.id === id);
    assert.deepEqual([content, listenerId], [{ kind: 'text', text }, 'wxid_alice']);
  }

  it('sends and receives texts and files', async () => {
    await receive('ding');
    await send('dong');
    const data = Buffer.alloc(300_000, 'file');
    const id = await simulated.bot.send('wxid_alice', 'messageSendFile', (puppet) =>
      puppet.messageSendFile('wxid_alice', FileBox.fromBuffer(data, '报告.pdf')),
    );
    const { content } = await server.sent.next((message) => message.id === id);
    assert.deepEqual(content, { kind: 'file', name: '报告.pdf', data });
  });

  for (const how of ['kill', 'end'] as const) {
    it(`restarts after the server ${how === 'kill' ? 'was killed' : 'has exited'}`, async () => {
      const restarting = simulated.untilState('restarting');
      await server[how]();
      const { reason } = await restarting;
      assert.match(String(reason.values.error), /connection to WeChat was lost/);

      server = await PuppetServer.start(endpoint, token);
      await simulated.untilState('ready');
      await receive('are you back?');
      await send('I am');
    });
  }

  it('closes its sockets on stop, with and without a server', async () => {
    const sockets = (): number =>
      process.getActiveResourcesInfo().filter((name) => /^(TCPSocketWrap|TLSWrap|TCPWRAP)$/.test(name))
        .length;
    assert.ok(sockets() > 0);
    await simulated.bot.stop();
    assert.equal(simulated.bot.state.name, 'stopped');
    assert.equal(sockets(), 0);

    simulated.bot.start();
    await simulated.untilState('ready');
    await server.kill();
    await simulated.bot.stop();
    assert.equal(sockets(), 0);
  });
});
