/** The protocol's document: what it shows is what clients get, and its own programs work as they stand there. */
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
import { aBot, aRemote, startMirror } from './mqtt-fixture';
import { needs, type Stoppable, stopAll } from './required-tools';
import { Peer, type Told } from './mqtt-peer';
import { goMissing, paho1Missing, Program } from './external-program';

const credentials = { username: 'tester', password: 'secret' };

/**
 * The languages of the document's programs, and whom the program of each writes to; in Go it has only one that listens.
 * Those in Java are left out: their closing braces are missing, and no system's packages have what they need.
 */
const languages = [
  { name: 'JavaScript', extension: 'js', broker: 'mqtt://127.0.0.1', to: ['Ming', 'Alice'] },
  { name: 'TypeScript', extension: 'ts', broker: 'mqtt://127.0.0.1', to: ['Bob', '王芳'] },
  { name: 'Python', extension: 'py', broker: '127.0.0.1', to: ['李雷', '韩梅梅'], missing: paho1Missing },
  { name: 'Go', extension: 'go', broker: 'tcp://127.0.0.1', to: [], missing: goMissing },
] as const;

describe('the document of WeChatRemote', function () {
  this.timeout(60_000);
  const started: Stoppable[] = [];
  let broker: Mosquitto;
  let nodeRed: NodeRed;
  let peer: Peer;

  before(async function () {
    needs.call(this, documentMissing() ?? mosquittoMissing());
    broker = await Mosquitto.start({ users: { tester: 'secret' } });
    started.push(broker);
    nodeRed = await startMirror(
      aBot('shop'),
      ...aRemote('shop-remote', 'shop', broker.url, { credentials }),
      aBot('other', { login: 'scan' }),
      ...aRemote('other-remote', 'other', broker.url, { credentials, simple: true }),
    );
    started.push(nodeRed);
    peer = await Peer.connect(broker.url, 'shop-remote', credentials);
    started.push({ stop: () => peer.end() });
  });
  after(() => stopAll(started));

  describe('its API', () => {
    let team: string;
    let said: string;
    before(async () => {
      team = await nodeRed.world('shop', (world) => world.room('Team').id);
      said = await nodeRed.world('shop', (world) => world.contact('Ming').say('hello').to(world.self).id);
    });

    /** What the document's examples would say of our simulated friends. */
    const ours = (): Record<string, object> => ({
      contactFind: { id: 'wxid_ming', name: 'Ming' },
      contactSay: { contacts: ['Ming', 'Alice'] },
      roomFind: { id: team, topic: 'Team' },
      roomMemberAllGet: { id: team, topic: 'Team' },
      roomSay: { rooms: [team] },
      roomSayAt: { room: team, contacts: ['Ming', 'Alice'] },
      messageSay: { id: said },
    });

    const shown = (name: string): Example => {
      const example = examples().get(name);
      assert.ok(example, `the document shows ${name}`);
      return example;
    };

    async function asked(name: string, changes: object = {}): Promise<Told> {
      const { request } = shown(name);
      // As it stands there: the same reqId in each example, and a time long past.
      await peer.publish(
        JSON.stringify({ ...request, params: { ...(request.params as object), ...changes } }),
      );
      return peer.answerTo(request.reqId, (answer) => answer.name === name);
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
      it(`answers ${name} in the form it shows`, async () => {
        const [answer] = shown(name).answers;
        const told = await asked(name, ours()[name]);
        assert.deepEqual(differences(answer, told), []);
        assert.deepEqual(
          [told.reqId, told.method, told.code, told.message],
          [answer?.reqId, 'response', 200, 'success'],
        );
      });
    }

    it('has no other commands', () => {
      assert.equal(examples().size, 11);
    });

    it('says of an unknown message what it shows', async () => {
      const [, none] = shown('messageSay').answers;
      const told = await asked('messageSay', { id: 'no-such-message' });
      assert.deepEqual([told.code, told.message, told.params], [none?.code, none?.message, none?.params]);
    });

    it('has sent what it was told to send', async () => {
      const texts = await nodeRed.world('shop', (world) =>
        world
          .messages()
          .filter(({ talkerId }) => talkerId === world.self.id)
          .map(({ text, roomId, listenerId }) => [roomId ?? listenerId, text]),
      );
      const received = (where: string): number => texts.filter(([to]) => to === where).length;
      assert.equal(received('wxid_ming'), 2, 'contactSay and messageSay');
      assert.equal(received('wxid_alice'), 1, 'contactSay');
      assert.equal(received(team), 2, 'roomSay and roomSayAt');
    });
  });

  it('shows the events that are told', async () => {
    const shown = eventExamples();
    const events = await Peer.connect(broker.url, 'other-remote', credentials);
    const told = async (name: string): Promise<void> => {
      assert.deepEqual(differences(shown.get(name), await events.event(name)), [], name);
      shown.delete(name);
    };
    await nodeRed.world('other', (world) => {
      world.expireQrCode();
    });
    await told('scan');
    await nodeRed.world('other', (world) => world.scan());
    await told('login');
    await told('ready');
    await nodeRed.world('other', (world) => void world.contact('Ming').say('h').in(world.room('Team')));
    await told('message');
    await nodeRed.world('other', (world) => {
      world.breakConnection();
    });
    await told('error');
    await nodeRed.status('other-remote', /^connected/);
    await events.call('wechatyLogout');
    await told('logout');
    await events.end();
    assert.deepEqual([...shown.keys()], [], 'all that the document shows');
  });

  for (const { name, extension, to, ...language } of languages) {
    describe(`its programs in ${name}`, () => {
      before(function () {
        if ('missing' in language) needs.call(this, language.missing());
      });

      /** The program with what the document asks the reader to put in. */
      const filledIn = (program: string, clientId: string): string =>
        program
          .replaceAll(/\w+:\/\/your-mqtt-broker-url/g, language.broker)
          .replace(/(MQTT_PORT\b.*?= |tcp:.*:)1883/, `$1${broker.port}`)
          // Go refuses to compile what it does not use.
          .replace(/^ +"time"\n/m, '')
          .replaceAll('xxxx', clientId)
          .replaceAll('your-username', 'tester')
          .replaceAll('your-password', 'secret')
          .replaceAll('ledongmao', to[0] ?? '')
          .replaceAll('choogoo', to[1] ?? '');

      const callsACommand = async (): Promise<void> => {
        const program = Program.ofSource(extension, filledIn(programs(name).calls ?? '', 'shop-remote'));
        const line = await program.line(/^Received message from .*\/response\/d2c\//);
        const answer = JSON.parse(line.slice(line.indexOf('{'))) as Told;
        assert.deepEqual([answer.name, answer.code], ['contactSay', 200]);
        const { success, fail } = answer.params as { success: unknown[]; fail: unknown[] };
        assert.deepEqual([success.length, fail.length], [2, 0]);
        const heard = await nodeRed.world(
          'shop',
          (world, names) =>
            names.map((who) => world.messages({ conversation: world.contact(who) }).at(-1)?.text),
          [...to],
        );
        assert.deepEqual(heard, ['hello', 'hello']);
      };
      if (to.length > 0) it('call a command and see the answer', callsACommand);

      it('hear what is said to the bot', async () => {
        const program = Program.ofSource(extension, filledIn(programs(name).listens, 'shop-remote'));
        // Go compiles it first, and all that it needs.
        await program.line(/^Subscribed to topic/, 50_000);
        // It may print this before the broker has agreed, so it is told more than once.
        const speaking = setInterval(() => {
          void nodeRed.world(
            'shop',
            (world, text) => void world.contact('Bob').say(text).to(world.self),
            `from ${name}`,
          );
        }, 100);
        try {
          await program.line(new RegExp(`from ${name}`));
        } finally {
          clearInterval(speaking);
        }
      });
    });
  }
});
