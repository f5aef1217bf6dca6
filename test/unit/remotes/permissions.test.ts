/** One meaning of `allow` and `deny` in all protocols (docs/decisions/0013): the same cases for each of them. */
import assert from 'node:assert/strict';
import type { CommandName } from '../../../src/commands/table';
import type { AllowDenyRules } from '../../../src/remotes/dispatch/command-policy';
import type { SimulatedBot } from '../../support/simulated-bot';
import { MqttFixture } from './mqtt/fixture';
import { OpenwxFixture } from './openwx/fixture';
import { FrameClient, PadchatFixture } from './padchat/fixture';
import { WehelpFixture } from './wehelp/fixture';
import { WxbotFixture } from './wxbot/fixture';

/** A remote with a client of its protocol. */
interface Client {
  readonly simulated: SimulatedBot;
  /** Sends a text to Alice, whom it names as far as the protocol can. @returns whether it was permitted. */
  send(text: string): Promise<boolean>;
  /** Lists or reads contacts; `undefined` when the protocol cannot. */
  readonly read?: () => Promise<boolean>;
  stop(): Promise<void>;
}

interface Protocol {
  /** The commands behind `send` and `read`. */
  readonly commands: { readonly send: CommandName; readonly read?: CommandName };
  readonly connect: (permissions: AllowDenyRules) => Promise<Client>;
}

const protocols: Readonly<Record<string, Protocol>> = {
  mqtt: {
    commands: { send: 'contactSay', read: 'contactFindAll' },
    connect: async (permissions) => {
      const fixture = await MqttFixture.start({ permissions });
      const call = async (name: string, params: object): Promise<boolean> => {
        const { code } = await fixture.client.call(name, params);
        assert.ok([200, 403].includes(code), String(code));
        return code === 200;
      };
      return {
        simulated: fixture.simulated,
        send: (text) => call('contactSay', { contacts: ['Alice'], messagePayload: text }),
        read: () => call('contactFindAll', {}),
        stop: () => fixture.end(),
      };
    },
  },
  openwx: {
    commands: { send: 'contactSay', read: 'contactFindAll' },
    connect: async (permissions) => {
      const fixture = await OpenwxFixture.start({ settings: { permissions } });
      return {
        simulated: fixture.simulated,
        send: async (text) => {
          const params = { displayname: 'Alice', content: text };
          const { code } = await fixture.call('send_friend_message', params);
          assert.ok(code === 0 || code === -6, String(code));
          return code === 0;
        },
        read: async () => (await fixture.get('get_friend_info')).text.startsWith('['),
        stop: () => fixture.stop(),
      };
    },
  },
  padchat: {
    commands: { send: 'send', read: 'contactFind' },
    connect: async (permissions) => {
      const fixture = await PadchatFixture.start({ permissions });
      const client = await FrameClient.connect(`${fixture.url}/key`);
      const call = async (name: string, params: object): Promise<boolean> => {
        const reply = await client.cmd(name, params);
        if (reply.success !== true) assert.match(JSON.stringify(reply), /"REFUSED"/);
        return reply.success === true;
      };
      return {
        simulated: fixture.simulated,
        send: (text) => call('sendMsg', { toUserName: 'wxid_alice', content: text }),
        read: () => call('getContact', { userId: 'wxid_alice' }),
        stop: async () => {
          client.close();
          await fixture.stop();
        },
      };
    },
  },
  wehelp: {
    commands: { send: 'send', read: 'contactFindAll' },
    connect: async (permissions) => {
      const fixture = await WehelpFixture.start({ settings: { permissions } });
      const run = async (task: object): Promise<boolean> => {
        const done = fixture.auditRecords.length;
        fixture.service.enqueueTasks(task);
        await fixture.service.until(() => fixture.auditRecords.length > done);
        return fixture.auditRecords[done]?.code === 200;
      };
      return {
        simulated: fixture.simulated,
        send: (text) => run({ api: 'sendTextMessage', wxid: 'wxid_alice', text }),
        read: () => run({ api: 'initContact' }),
        stop: () => fixture.stop(),
      };
    },
  },
  wxbot: {
    commands: { send: 'send' },
    connect: async (permissions) => {
      const fixture = await WxbotFixture.start({ permissions });
      const [simulated] = fixture.bots;
      assert.ok(simulated);
      return {
        simulated,
        send: async (text) => {
          const { retCode } = await fixture.sendText(text);
          assert.ok(retCode === 0 || retCode === 1004, String(retCode));
          return retCode === 0;
        },
        stop: () => fixture.end(),
      };
    },
  },
};

/** Commands that remotes use to find recipients and to complete responses. */
const lookUps = ['contactFind', 'contactFindAll', 'roomFind', 'roomFindAll', 'roomMemberGet', 'messageFind'];

interface Case {
  readonly title: string;
  readonly rules: (commands: Protocol['commands']) => Partial<AllowDenyRules>;
  readonly send: boolean;
  readonly read: boolean;
}

const cases: readonly Case[] = [
  { title: 'empty lists permit everything', rules: () => ({}), send: true, read: true },
  { title: 'allow read-only', rules: () => ({ allow: ['read-only'] }), send: false, read: true },
  { title: 'allow the send command only', rules: ({ send }) => ({ allow: [send] }), send: true, read: false },
  { title: 'deny the send command', rules: ({ send }) => ({ deny: [send] }), send: false, read: true },
  { title: 'deny look-ups, which sends need', rules: () => ({ deny: lookUps }), send: true, read: false },
  { title: 'deny read-only', rules: () => ({ deny: ['read-only'] }), send: true, read: false },
  {
    title: 'deny before allow',
    rules: ({ send }) => ({ allow: [send], deny: [send] }),
    send: false,
    read: false,
  },
];

describe('allow and deny', () => {
  for (const [name, { commands, connect }] of Object.entries(protocols)) {
    describe(`of the ${name} remote`, () => {
      let client: Client;
      afterEach(() => client.stop());

      for (const { title, rules, send, read } of cases) {
        it(title, async () => {
          client = await connect({ allow: [], deny: [], ...rules(commands) });
          const { simulated } = client;
          const recorded: string[] = [];
          simulated.bot.on('command', ({ name: command, nodeId }) => {
            if (nodeId !== undefined) recorded.push(command);
          });
          assert.equal(await client.send('hello'), send, 'send');
          if (client.read) assert.equal(await client.read(), read, 'read');
          const texts = simulated.simulation.messages({ conversation: 'Alice' }).map(({ text }) => text);
          assert.deepEqual(texts, send ? ['hello'] : [], 'nothing is sent by a refused operation');
          const expected = [
            ...(send ? [commands.send] : []),
            ...(read && commands.read ? [commands.read] : []),
          ];
          assert.deepEqual(recorded, expected, 'commands recorded under the node');
        });
      }
    });
  }
});
