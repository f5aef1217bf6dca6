import assert from 'node:assert/strict';
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { FileBox } from 'file-box';
import type { MessageView } from '../../../../src/bot/views';
import { Inbox } from '../../../support/async-queue';
import type { Told, Wish } from '../../../support/puppet-server';
import { SimulatedBot } from '../../../support/simulated-bot';
import { freePort } from '../../../support/free-port';

type Said = Exclude<Told, string>['said'];

const token = 'insecure_4e1f2a9c-tests';

/** The puppet server, in a process of its own. */
class Server {
  readonly said = new Inbox<Said>('messages of the server’s world');
  readonly #listening = new Inbox<Told>('signs of the server');
  readonly #child: ChildProcess;

  private constructor(endpoint: string) {
    this.#child = fork(join(__dirname, '..', '..', '..', 'support', 'puppet-server.ts'), [endpoint, token], {
      execArgv: ['--no-warnings', '--require', 'tsx/cjs'],
      env: { ...process.env, WECHATY_LOG: 'silent' },
      serialization: 'advanced',
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    });
    this.#child.on('message', (told: Told) => {
      if (told === 'listening') this.#listening.add(told);
      else this.said.add(told.said);
    });
  }

  static async start(endpoint: string): Promise<Server> {
    const server = new Server(endpoint);
    await server.#listening.next();
    return server;
  }

  wish(wish: Wish): void {
    this.#child.send(wish);
  }

  async kill(): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    const exit = once(this.#child, 'exit');
    this.#child.kill('SIGKILL');
    await exit;
  }

  /** Lets it end by itself. */
  async end(): Promise<void> {
    const exit = once(this.#child, 'exit');
    this.wish('end');
    await exit;
  }
}

describe('a bot on a puppet service in another process', function () {
  this.timeout(60_000);
  let endpoint: string;
  let server: Server;
  let simulated: SimulatedBot;

  beforeEach(async () => {
    endpoint = `127.0.0.1:${await freePort()}`;
    server = await Server.start(endpoint);
    simulated = await SimulatedBot.start({
      settings: { puppet: 'wechaty-puppet-service', token, options: JSON.stringify({ endpoint }) },
      parts: { times: { firstRetry: 3_000, longestRetry: 3_000 }, deadlines: { probe: 500, idle: 1_000 } },
    });
  });

  afterEach(async () => {
    await simulated.end();
    await server.kill();
  });

  /** A friend says something there, and the bot tells of it here. */
  async function heard(text: string): Promise<void> {
    const event = simulated.next('message', (told) => (told.message as MessageView).text === text);
    server.wish({ who: 'Ming', say: text });
    const { talker, listener } = await event;
    assert.deepEqual(
      [talker, listener].map((contact) => (contact as { name: string }).name),
      ['Ming', 'Bot'],
    );
  }

  /** The bot says something here, and it arrives there. */
  async function said(text: string): Promise<void> {
    const id = await simulated.bot.send('wxid_alice', 'messageSendText', (puppet) =>
      puppet.messageSendText('wxid_alice', text),
    );
    const { content, listenerId } = await server.said.next((message) => message.id === id);
    assert.deepEqual([content, listenerId], [{ kind: 'text', text }, 'wxid_alice']);
  }

  it('passes texts and files through the network', async () => {
    await heard('ding');
    await said('dong');
    const data = Buffer.alloc(300_000, 'file');
    const id = await simulated.bot.send('wxid_alice', 'messageSendFile', (puppet) =>
      puppet.messageSendFile('wxid_alice', FileBox.fromBuffer(data, '报告.pdf')),
    );
    const { content } = await server.said.next((message) => message.id === id);
    assert.deepEqual(content, { kind: 'file', name: '报告.pdf', data });
  });

  for (const how of ['kill', 'end'] as const) {
    it(`comes back when the server ${how === 'kill' ? 'is killed' : 'ends'} and starts again`, async () => {
      const restarting = simulated.state('restarting');
      await server[how]();
      const { reason } = await restarting;
      assert.match(String(reason.values.error), /connection to WeChat was lost/);

      server = await Server.start(endpoint);
      await simulated.state('ready');
      await heard('are you back?');
      await said('I am');
    });
  }

  it('leaves no connection behind when it stops, whether the server lives or not', async () => {
    const sockets = (): number =>
      process.getActiveResourcesInfo().filter((name) => /^(TCPSocketWrap|TLSWrap|TCPWRAP)$/.test(name))
        .length;
    assert.ok(sockets() > 0);
    await simulated.bot.stop();
    assert.equal(simulated.bot.state.name, 'stopped');
    assert.equal(sockets(), 0);

    simulated.bot.start();
    await simulated.state('ready');
    await server.kill();
    await simulated.bot.stop();
    assert.equal(sockets(), 0);
  });
});
