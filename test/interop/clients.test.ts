/** Clients by others, the transports and the versions of MQTT. */
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { Mosquitto, mosquittoMissing } from '../support/mosquitto';
import type { NodeRed } from '../support/node-red';
import { aBot, aRemote, startMirror } from './mqtt-fixture';
import { needs, type Stoppable, stopAll } from './required-tools';
import { Peer, textOf, type Told } from './mqtt-peer';
import { mosquitto, pahoMissing, Program } from './external-program';

/** Two brokers: one for everybody, and one with passwords, TLS and WebSockets. */
const remotes = [
  'auto',
  'five',
  'four',
  'qos0',
  'qos2',
  'login',
  'tls',
  'websockets',
  'websockets-tls',
] as const;

describe('mirrors on Mosquitto', function () {
  this.timeout(60_000);
  const started: Stoppable[] = [];
  let open: Mosquitto;
  let guarded: Mosquitto;
  let nodeRed: NodeRed;

  before(async function () {
    needs.call(this, mosquittoMissing());
    open = await Mosquitto.start();
    started.push(open);
    guarded = await Mosquitto.start({ users: { bot: 'secret' }, tls: true, websockets: true });
    started.push(guarded);
    const credentials = { username: 'bot', password: 'secret' };
    nodeRed = await startMirror(
      aBot('shop'),
      {
        id: 'certificates',
        type: 'tls-config',
        cert: '',
        key: '',
        ca: guarded.caFile,
        verifyservercert: true,
      },
      ...aRemote('auto', 'shop', open.url),
      ...aRemote('five', 'shop', open.url, { protocolVersion: '5' }),
      ...aRemote('four', 'shop', open.url, { protocolVersion: '4' }),
      ...aRemote('qos0', 'shop', open.url, { qos: '0' }),
      ...aRemote('qos2', 'shop', open.url, { qos: '2' }),
      ...aRemote('login', 'shop', guarded.url, { credentials }),
      ...aRemote('tls', 'shop', guarded.tlsUrl, { credentials, tls: 'certificates' }),
      ...aRemote('websockets', 'shop', guarded.wsUrl, { credentials }),
      ...aRemote('websockets-tls', 'shop', guarded.wssUrl, { credentials, tls: 'certificates' }),
    );
    started.push(nodeRed);
  });
  after(() => stopAll(started));

  const brokerOf = (remote: string): Mosquitto =>
    ['login', 'tls', 'websockets', 'websockets-tls'].includes(remote) ? guarded : open;
  const say = (text: string): Promise<void> =>
    nodeRed.world('shop', (world, said) => void world.contact('Ming').say(said).to(world.self), text);
  const command = (name: string, params: object): { reqId: string; text: string } => {
    const reqId = randomUUID();
    const text = JSON.stringify({
      reqId,
      method: 'command',
      version: '1.0',
      timestamp: Date.now(),
      name,
      params,
    });
    return { reqId, text };
  };

  for (const remote of remotes) {
    it(`tell and obey by way of "${remote}"`, async () => {
      const peer = await Peer.connect(brokerOf(remote).url, remote, { username: 'bot', password: 'secret' });
      await say(`to ${remote}`);
      await peer.event('message', (event) => textOf(event) === `to ${remote}`);
      const answer = await peer.call('contactSay', { contacts: ['Alice'], messagePayload: `by ${remote}` });
      assert.equal(answer.code, 200);
      await peer.event('message', (event) => textOf(event) === `by ${remote}`);
      await peer.end();
    });
  }

  it('are refused without the password', async () => {
    await assert.rejects(Peer.connect(guarded.url, 'login', { username: 'bot', password: 'wrong' }));
    await nodeRed.status('login', /^connected/);
  });

  for (const version of ['mqttv311', 'mqttv5']) {
    it(`talk with mosquitto_pub and mosquitto_sub (${version})`, async () => {
      const common = ['-V', version, '-q', '1'];
      const listener = mosquitto('sub', open.port, ...common, '-v', '-d', '-t', 'thing/chatbot/auto/#');
      await listener.line(/SUBACK|Subscribed/);
      const { reqId, text } = command('wechatyLogonoff', {});
      mosquitto('pub', open.port, ...common, '-t', 'thing/chatbot/auto/command/invoke', '-m', text);
      const line = await listener.line(new RegExp(`^thing/chatbot/auto/response/d2c/${reqId} `));
      const answer = JSON.parse(line.slice(line.indexOf('{'))) as Told;
      assert.deepEqual(answer.params, { logonoff: true });
      await say(`to ${version}`);
      assert.match(await listener.line(/^thing\/chatbot\/auto\/event\/post /), new RegExp(`to ${version}`));
    });
  }

  for (const version of ['MQTTv311', 'MQTTv5']) {
    it(`talk with Paho of Python (${version})`, async function () {
      needs.call(this, pahoMissing());
      const { reqId, text } = command('contactFind', { name: 'Ming' });
      const program = Program.ofSource(
        'py',
        `
import paho.mqtt.client as mqtt
client = mqtt.Client(*([mqtt.CallbackAPIVersion.VERSION1] if hasattr(mqtt, 'CallbackAPIVersion') else []), protocol=mqtt.${version})
def on_connect(client, *rest):
    client.subscribe('thing/chatbot/auto/response/d2c/${reqId}', 1)
def on_subscribe(client, *rest):
    client.publish('thing/chatbot/auto/command/invoke', ${JSON.stringify(text)}, 1)
def on_message(client, userdata, message):
    print('answer', message.payload.decode())
client.on_connect, client.on_subscribe, client.on_message = on_connect, on_subscribe, on_message
client.connect('127.0.0.1', ${open.port})
client.loop_forever()
`,
      );
      const line = await program.line(/^answer/);
      const { params } = JSON.parse(line.slice('answer '.length)) as { params: { id: string } };
      assert.equal(params.id, 'wxid_ming');
    });
  }
});
