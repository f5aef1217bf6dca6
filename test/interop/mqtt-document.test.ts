/** The protocol's documentation: responses have the documented shape, and the documented programs work unchanged. */
import assert from 'node:assert/strict';
import { Mosquitto, mosquittoMissing } from '../support/mosquitto';
import type { NodeRed } from '../support/node-red';
import {
  differences,
  documentMissing,
  eventExamples,
  type Example,
  examples,
  programs,
} from './mqtt-document';
import { botNode, remoteNodes, startWithRemotes } from './mqtt-fixture';
import { skipIfMissing, type Stoppable, stopAll } from './required-tools';
import { MqttTestClient, type WireMessage } from './mqtt-peer';
import { goMissing, paho1Missing, ExternalProgram } from './external-program';

const credentials = { username: 'tester', password: 'secret' };

/**
 * The languages of the documented programs, and the recipients in each; there is no Go program that sends commands. Java
 * is left out: the documented programs do not compile.
 */
const languages = [
  { name: 'JavaScript', extension: 'js', broker: 'mqtt://127.0.0.1', to: ['Ming', 'Alice'] },
  { name: 'TypeScript', extension: 'ts', broker: 'mqtt://127.0.0.1', to: ['Bob', '王芳'] },
  { name: 'Python', extension: 'py', broker: '127.0.0.1', to: ['李雷', '韩梅梅'], missing: paho1Missing },
  { name: 'Go', extension: 'go', broker: 'tcp://127.0.0.1', to: [], missing: goMissing },
] as const;

describe('WeChatRemote documentation', function () {
  this.timeout(60_000);
  const started: Stoppable[] = [];
  let broker: Mosquitto;
  let nodeRed: NodeRed;
  let client: MqttTestClient;

  before(async function () {
    skipIfMissing.call(this, documentMissing() ?? mosquittoMissing());
    broker = await Mosquitto.start({ users: { tester: 'secret' } });
    started.push(broker);
    nodeRed = await startWithRemotes(
      botNode('shop'),
      ...remoteNodes('shop-remote', 'shop', broker.url, { credentials }),
      botNode('other', { login: 'scan' }),
      ...remoteNodes('other-remote', 'other', broker.url, { credentials, simple: true }),
    );
    started.push(nodeRed);
    client = await MqttTestClient.connect(broker.url, 'shop-remote', credentials);
    started.push({ stop: () => client.end() });
  });
  after(() => stopAll(started));

  describe('commands', () => {
    let team: string;
    let messageId: string;
    before(async () => {
      team = await nodeRed.simulation('shop', (simulation) => simulation.room('Team').id);
      messageId = await nodeRed.simulation(
        'shop',
        (simulation) => simulation.contact('Ming').say('hello').to(simulation.self).id,
      );
    });

    /** The params of the documented examples, adapted to the simulator. */
    const adaptedParams = (): Record<string, object> => ({
      contactFind: { id: 'wxid_ming', name: 'Ming' },
      contactSay: { contacts: ['Ming', 'Alice'] },
      roomFind: { id: team, topic: 'Team' },
      roomMemberAllGet: { id: team, topic: 'Team' },
      roomSay: { rooms: [team] },
      roomSayAt: { room: team, contacts: ['Ming', 'Alice'] },
      messageSay: { id: messageId },
    });

    const documented = (name: string): Example => {
      const example = examples().get(name);
      assert.ok(example, `${name} is documented`);
      return example;
    };

    async function call(name: string, changes: object = {}): Promise<WireMessage> {
      const { request } = documented(name);
      // Unchanged: all examples have the same reqId, and an old timestamp.
      await client.publish(
        JSON.stringify({ ...request, params: { ...(request.params as object), ...changes } }),
      );
      return client.responseTo(request.reqId, (response) => response.name === name);
    }

    for (const name of [
      'wechatyLogonoff',
      'wechatyUserSelf',
      'contactFindAll',
      'contactFind',
      'contactSay',
      'roomFindAll',
      'roomFind',
      'roomMemberAllGet',
      'roomSay',
      'roomSayAt',
      'messageSay',
    ]) {
      it(`answers ${name} as documented`, async () => {
        const [expected] = documented(name).responses;
        const response = await call(name, adaptedParams()[name]);
        assert.deepEqual(differences(expected, response), []);
        assert.deepEqual(
          [response.reqId, response.method, response.code, response.message],
          [expected?.reqId, 'response', 200, 'success'],
        );
      });
    }

    it('documents no other commands', () => {
      assert.equal(examples().size, 11);
    });

    it('answers an unknown message as documented', async () => {
      const [, none] = documented('messageSay').responses;
      const response = await call('messageSay', { id: 'no-such-message' });
      assert.deepEqual(
        [response.code, response.message, response.params],
        [none?.code, none?.message, none?.params],
      );
    });

    it('sends the messages of the examples', async () => {
      const texts = await nodeRed.simulation('shop', (simulation) =>
        simulation
          .messages()
          .filter(({ talkerId }) => talkerId === simulation.self.id)
          .map(({ text, roomId, listenerId }) => [roomId ?? listenerId, text]),
      );
      const received = (where: string): number => texts.filter(([to]) => to === where).length;
      assert.equal(received('wxid_ming'), 2, 'contactSay and messageSay');
      assert.equal(received('wxid_alice'), 1, 'contactSay');
      assert.equal(received(team), 2, 'roomSay and roomSayAt');
    });
  });

  it('publishes events as documented', async () => {
    const documented = eventExamples();
    const events = await MqttTestClient.connect(broker.url, 'other-remote', credentials);
    const check = async (name: string): Promise<void> => {
      assert.deepEqual(differences(documented.get(name), await events.event(name)), [], name);
      documented.delete(name);
    };
    await nodeRed.simulation('other', (simulation) => {
      simulation.expireQrCode();
    });
    await check('scan');
    await nodeRed.simulation('other', (simulation) => simulation.scan());
    await check('login');
    await check('ready');
    await nodeRed.simulation(
      'other',
      (simulation) => void simulation.contact('Ming').say('h').in(simulation.room('Team')),
    );
    await check('message');
    await nodeRed.simulation('other', (simulation) => {
      simulation.breakConnection();
    });
    await check('error');
    await nodeRed.status('other-remote', /^connected/);
    await events.call('wechatyLogout');
    await check('logout');
    await events.end();
    assert.deepEqual([...documented.keys()], [], 'all documented events');
  });

  for (const { name, extension, to, ...language } of languages) {
    describe(`programs in ${name}`, () => {
      before(function () {
        if ('missing' in language) skipIfMissing.call(this, language.missing());
      });

      /** The program with its placeholders replaced. */
      const configure = (program: string, clientId: string): string =>
        program
          .replaceAll(/\w+:\/\/your-mqtt-broker-url/g, language.broker)
          .replace(/(MQTT_PORT\b.*?= |tcp:.*:)1883/, `$1${broker.port}`)
          // Go does not compile unused imports.
          .replace(/^ +"time"\n/m, '')
          .replaceAll('xxxx', clientId)
          .replaceAll('your-username', 'tester')
          .replaceAll('your-password', 'secret')
          .replaceAll('ledongmao', to[0] ?? '')
          .replaceAll('choogoo', to[1] ?? '');

      const sendsCommand = async (): Promise<void> => {
        const program = ExternalProgram.ofSource(
          extension,
          configure(programs(name).commander ?? '', 'shop-remote'),
        );
        const line = await program.line(/^Received message from .*\/response\/d2c\//);
        const response = JSON.parse(line.slice(line.indexOf('{'))) as WireMessage;
        assert.deepEqual([response.name, response.code], ['contactSay', 200]);
        const { success, fail } = response.params as { success: unknown[]; fail: unknown[] };
        assert.deepEqual([success.length, fail.length], [2, 0]);
        const texts = await nodeRed.simulation(
          'shop',
          (simulation, names) =>
            names.map((who) => simulation.messages({ conversation: simulation.contact(who) }).at(-1)?.text),
          [...to],
        );
        assert.deepEqual(texts, ['hello', 'hello']);
      };
      if (to.length > 0) it('send a command and print the response', sendsCommand);

      it('print events', async () => {
        const program = ExternalProgram.ofSource(
          extension,
          configure(programs(name).subscriber, 'shop-remote'),
        );
        // Go compiles the program and its dependencies first.
        await program.line(/^Subscribed to topic/, 50_000);
        // It may print this before the broker has acknowledged the subscription: messages are sent repeatedly.
        const sending = setInterval(() => {
          void nodeRed.simulation(
            'shop',
            (simulation, text) => void simulation.contact('Bob').say(text).to(simulation.self),
            `from ${name}`,
          );
        }, 100);
        try {
          await program.line(new RegExp(`from ${name}`));
        } finally {
          clearInterval(sending);
        }
      });
    });
  }
});
