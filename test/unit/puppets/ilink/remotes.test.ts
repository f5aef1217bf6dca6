/** Every protocol remote on a bot that uses WeChat's own bot API: an event out, a command in. */
import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { declaration } from '../../../../src/nodes/openwx-remote/properties';
import { readProperties } from '../../../../src/nodes/runtime/read-properties';
import { MqttRemote } from '../../../../src/remotes/mqtt/remote';
import { OpenwxRemote } from '../../../../src/remotes/openwx/remote';
import { PadchatRemote } from '../../../../src/remotes/padchat/remote';
import { WehelpRemote } from '../../../../src/remotes/wehelp/remote';
import { WxbotRemote } from '../../../../src/remotes/wxbot/remote';
import { IlinkBotFixture } from '../../../support/ilink-bot';
import type { Person } from '../../../support/ilink-service/person';
import { IlinkService } from '../../../support/ilink-service/service';
import { Broker, MqttTestClient } from '../../remotes/mqtt/fixture';
import { FrameClient } from '../../remotes/padchat/fixture';
import { FakeService } from '../../remotes/wehelp/fixture';
import { FakeBotLookup, key, post, WxbotTestClient } from '../../remotes/wxbot/fixture';

const host = { onStatusChange: () => undefined, onAudit: () => undefined, log: () => undefined };
const access = {
  permissions: { allow: [], deny: [] },
  files: { local: [], privateAddresses: 'refuse', maxBytes: 1024 * 1024 } as const,
};
const listener = { host: '127.0.0.1', port: 0, ...access };

/** A program that uses a remote. */
interface Program {
  /** Resolves when it has received a message with this text. */
  receives(text: string): Promise<unknown>;
  /** Sends a text to a contact. */
  sends(to: string, text: string): Promise<unknown>;
  stop(): Promise<unknown>;
}

type StartProgram = (bot: IlinkBotFixture['bot'], directory: string) => Promise<Program>;

const programs: Readonly<Record<string, StartProgram>> = {
  async MQTT(bot, directory) {
    const broker = new Broker();
    await broker.start();
    const client = await MqttTestClient.connect(broker.url, 'shop');
    const settings = {
      url: broker.url,
      protocolVersion: '4',
      qos: 1,
      nodeName: 'Shop',
      directory,
      clientId: 'shop',
      events: [],
      simple: false,
      secretKey: '',
      sealed: false,
      ...access,
      maxCommandAge: 3600,
      outboxMaxBytes: 1024 * 1024,
      version: '1.2.3',
    } as const;
    const remote = new MqttRemote(bot, settings, host);
    await remote.start();
    return {
      receives: (text) => client.next((message) => message.text.includes(text)),
      sends: (to, text) => client.call('contactSay', { contacts: [to], messagePayload: text }),
      async stop() {
        await remote.stop();
        await client.end();
        await broker.stop();
      },
    };
  },
  async Openwx(bot, directory) {
    const { postEvents } = readProperties({}, declaration);
    const http = { token: '', postApi: '', postEvents, postMediaData: true, pollApi: '', pollIntervalMs: 10 };
    const settings = {
      ...listener,
      ...http,
      eventQueueSize: 20,
      allowStop: false,
      directory,
      version: '1.2.3',
    };
    const remote = new OpenwxRemote(bot, settings, host);
    await remote.start();
    const get = async (path: string, params: Record<string, string> = {}): Promise<string> => {
      const query = new URLSearchParams(params).toString();
      return (await fetch(`http://${remote.status.address}/openwx/${path}?${query}`)).text();
    };
    return {
      async receives(text) {
        while (!(await get('check_event')).includes(text));
      },
      sends: (id, content) => get('send_friend_message', { id, content }),
      stop: () => remote.stop(),
    };
  },
  async WXBot(bot) {
    const settings = { ...listener, key, tokens: [{ token: 't1', bot: '' }] };
    const remote = new WxbotRemote(new FakeBotLookup(new Map([['', bot]])), settings, host);
    await remote.start();
    const { address } = remote.status;
    const client = await WxbotTestClient.open(address);
    await client.handshake();
    return {
      receives: (text) => client.nextMessage(text),
      sends: (UserName, Content) =>
        post(address, `/wxapi/pc/message/sendText?key=${key}`, { Token: 't1', UserName, Content }),
      async stop() {
        await client.end();
        await remote.stop();
      },
    };
  },
  async PadChat(bot) {
    const remote = new PadchatRemote(
      bot,
      { ...listener, protocolVersions: ['A', 'B', 'C'], authKeys: [] },
      host,
    );
    await remote.start();
    const client = await FrameClient.authenticated(`ws://${remote.status.address}`);
    return {
      receives: (text) => client.nextPushedItem(({ Content }) => Content === text),
      sends: (toUserName, content) => client.call('sendMsg', { toUserName, content }),
      async stop() {
        client.close();
        await remote.stop();
      },
    };
  },
  async WeHelp(bot, directory) {
    const service = new FakeService();
    await service.start();
    const { callbackUrl, pollUrl } = service;
    const pace = { pollIntervalMs: 10, timeUnitMs: 1000, outboxMaxBytes: 1024 * 1024 };
    const remote = new WehelpRemote(bot, { callbackUrl, pollUrl, ...pace, directory, ...access }, host);
    await remote.start();
    return {
      receives: (text) => service.waitForCallback(({ message }) => message === text),
      sends(wxid, text) {
        service.enqueueTasks({ api: 'sendTextMessage', wxid, text });
        return Promise.resolve();
      },
      async stop() {
        await remote.stop();
        await service.goOffline();
      },
    };
  },
};

describe('ilink: protocol remotes', function () {
  this.timeout(60_000);
  let service: IlinkService;
  let fixture: IlinkBotFixture;
  let ming: Person;

  before(async () => {
    service = await IlinkService.start();
    ming = service.person('Ming');
    fixture = await IlinkBotFixture.login(service, ming);
  });
  after(async () => {
    await fixture.remove();
    await service.stop();
    assert.deepEqual(service.violations, []);
  });

  for (const [name, start] of Object.entries(programs)) {
    it(`${name}: a message goes out, a command sends one`, async () => {
      const directory = await mkdtemp(join(tmpdir(), 'wechat-ilink-remote-'));
      const program = await start(fixture.bot, directory);
      try {
        const received = program.receives(`to ${name}`);
        ming.say(`to ${name}`);
        await received;
        const count = ming.inbox.length;
        await program.sends(ming.userId, `from ${name}`);
        assert.equal((await ming.received(count + 1)).at(-1)?.text, `from ${name}`);
      } finally {
        await program.stop();
        await rm(directory, { recursive: true, force: true });
      }
    });
  }
});
