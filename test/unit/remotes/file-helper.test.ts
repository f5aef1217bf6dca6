/** The file helper (文件传输助手) as a recipient in all protocols. */
import assert from 'node:assert/strict';
import type { SimulatedBot } from '../../support/simulated-bot';
import { MqttFixture } from './mqtt/fixture';
import { OpenwxFixture } from './openwx/fixture';
import { FrameClient, PadchatFixture } from './padchat/fixture';
import { WehelpFixture } from './wehelp/fixture';
import { WxbotFixture } from './wxbot/fixture';

interface Client {
  readonly simulated: SimulatedBot;
  /** Sends a text to each name of the file helper that the protocol accepts. */
  send(text: string): Promise<unknown>;
  /** How often `send` sends. */
  readonly sends: number;
  stop(): Promise<void>;
}

const protocols: Readonly<Record<string, () => Promise<Client>>> = {
  mqtt: async () => {
    const fixture = await MqttFixture.start();
    return {
      simulated: fixture.simulated,
      sends: 2,
      send: (text) =>
        Promise.all(
          ['filehelper', '文件传输助手'].map((contacts) =>
            fixture.client.call('contactSay', { contacts, messagePayload: text }),
          ),
        ),
      stop: () => fixture.end(),
    };
  },
  openwx: async () => {
    const fixture = await OpenwxFixture.start();
    return {
      simulated: fixture.simulated,
      sends: 2,
      send: async (content) => {
        for (const [key, name] of [
          ['id', 'filehelper'],
          ['displayname', '文件传输助手'],
        ] as const) {
          assert.equal((await fixture.call('send_friend_message', { [key]: name, content })).code, 0);
        }
      },
      stop: () => fixture.stop(),
    };
  },
  padchat: async () => {
    const fixture = await PadchatFixture.start();
    const client = await FrameClient.connect(`${fixture.url}/key`);
    return {
      simulated: fixture.simulated,
      sends: 1,
      send: (content) => client.cmd('sendMsg', { toUserName: 'filehelper', content }),
      stop: async () => {
        client.close();
        await fixture.stop();
      },
    };
  },
  wehelp: async () => {
    const fixture = await WehelpFixture.start();
    return {
      simulated: fixture.simulated,
      sends: 1,
      send: async (text) => {
        const done = fixture.auditRecords.length;
        fixture.service.enqueueTasks({ api: 'sendTextMessage', wxid: 'filehelper', text });
        await fixture.service.until(() => fixture.auditRecords.length > done);
      },
      stop: () => fixture.stop(),
    };
  },
  wxbot: async () => {
    const fixture = await WxbotFixture.start();
    const [simulated] = fixture.bots;
    assert.ok(simulated);
    return {
      simulated,
      sends: 1,
      send: (text) => fixture.sendText(text, { UserName: 'filehelper' }),
      stop: () => fixture.end(),
    };
  },
};

describe('the file helper', () => {
  for (const [name, connect] of Object.entries(protocols)) {
    it(`is a recipient in ${name}`, async () => {
      const client = await connect();
      try {
        await client.send('note');
        const texts = client.simulated.simulation
          .messages({ conversation: 'filehelper' })
          .map(({ text }) => text);
        assert.deepEqual(
          texts,
          Array.from({ length: client.sends }, () => 'note'),
        );
      } finally {
        await client.stop();
      }
    });
  }
});
