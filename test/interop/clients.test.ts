/** Third-party clients, transports and MQTT versions. */
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { Mosquitto, mosquittoMissing } from '../support/mosquitto';
import type { NodeRed } from '../support/node-red';
import { botNode, remoteNodes, startWithRemotes } from './mqtt-fixture';
import { skipIfMissing, type Stoppable, stopAll } from './required-tools';
import { MqttTestClient, textOf, type WireMessage } from './mqtt-peer';
import { mosquitto, pahoMissing, ExternalProgram } from './external-program';

/** The remotes: on an open broker, and on one with passwords, TLS and WebSockets. */
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

describe('MqttRemote on Mosquitto', function () {
  this.timeout(60_000);
  const started: Stoppable[] = [];
  let open: Mosquitto;
  let secured: Mosquitto;
  let nodeRed: NodeRed;

  before(async function () {
    skipIfMissing.call(this, mosquittoMissing());
    open = await Mosquitto.start();
    started.push(open);
    secured = await Mosquitto.start({ users: { bot: 'secret' }, tls: true, websockets: true });
    started.push(secured);
    const credentials = { username: 'bot', password: 'secret' };
    nodeRed = await startWithRemotes(
      botNode('shop'),
      {
        id: 'certificates',
        type: 'tls-config',
        cert: '',
        key: '',
        ca: secured.caFile,
        verifyservercert: true,
      },
      ...remoteNodes('auto', 'shop', open.url),
      ...remoteNodes('five', 'shop', open.url, { protocolVersion: '5' }),
      ...remoteNodes('four', 'shop', open.url, { protocolVersion: '4' }),
      ...remoteNodes('qos0', 'shop', open.url, { qos: '0' }),
      ...remoteNodes('qos2', 'shop', open.url, { qos: '2' }),
      ...remoteNodes('login', 'shop', secured.url, { credentials }),
      ...remoteNodes('tls', 'shop', secured.tlsUrl, { credentials, tls: 'certificates' }),
      ...remoteNodes('websockets', 'shop', secured.wsUrl, { credentials }),
      ...remoteNodes('websockets-tls', 'shop', secured.wssUrl, { credentials, tls: 'certificates' }),
    );
    started.push(nodeRed);
  });
  after(() => stopAll(started));

  const brokerOf = (remote: string): Mosquitto =>
    ['login', 'tls', 'websockets', 'websockets-tls'].includes(remote) ? secured : open;
  const say = (text: string): Promise<void> =>
    nodeRed.simulation(
      'shop',
      (simulation, message) => void simulation.contact('Ming').say(message).to(simulation.self),
      text,
    );
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
    it(`publishes events and executes commands via "${remote}"`, async () => {
      const client = await MqttTestClient.connect(brokerOf(remote).url, remote, {
        username: 'bot',
        password: 'secret',
      });
      await say(`to ${remote}`);
      await client.event('message', (event) => textOf(event) === `to ${remote}`);
      const response = await client.call('contactSay', {
        contacts: ['Alice'],
        messagePayload: `by ${remote}`,
      });
      assert.equal(response.code, 200);
      await client.event('message', (event) => textOf(event) === `by ${remote}`);
      await client.end();
    });
  }

  it('requires the password of the broker', async () => {
    await assert.rejects(
      MqttTestClient.connect(secured.url, 'login', { username: 'bot', password: 'wrong' }),
    );
    await nodeRed.status('login', /^connected/);
  });

  for (const version of ['mqttv311', 'mqttv5']) {
    it(`works with mosquitto_pub and mosquitto_sub (${version})`, async () => {
      const common = ['-V', version, '-q', '1'];
      const listener = mosquitto('sub', open.port, ...common, '-v', '-d', '-t', 'thing/chatbot/auto/#');
      await listener.line(/SUBACK|Subscribed/);
      const { reqId, text } = command('wechatyLogonoff', {});
      mosquitto('pub', open.port, ...common, '-t', 'thing/chatbot/auto/command/invoke', '-m', text);
      const line = await listener.line(new RegExp(`^thing/chatbot/auto/response/d2c/${reqId} `));
      const response = JSON.parse(line.slice(line.indexOf('{'))) as WireMessage;
      assert.deepEqual(response.params, { logonoff: true });
      await say(`to ${version}`);
      assert.match(await listener.line(/^thing\/chatbot\/auto\/event\/post /), new RegExp(`to ${version}`));
    });
  }

  for (const version of ['MQTTv311', 'MQTTv5']) {
    it(`works with Paho for Python (${version})`, async function () {
      skipIfMissing.call(this, pahoMissing());
      const { reqId, text } = command('contactFind', { name: 'Ming' });
      const program = ExternalProgram.ofSource(
        'py',
        `
import paho.mqtt.client as mqtt
client = mqtt.Client(*([mqtt.CallbackAPIVersion.VERSION1] if hasattr(mqtt, 'CallbackAPIVersion') else []), protocol=mqtt.${version})
def on_connect(client, *rest):
    client.subscribe('thing/chatbot/auto/response/d2c/${reqId}', 1)
def on_subscribe(client, *rest):
    client.publish('thing/chatbot/auto/command/invoke', ${JSON.stringify(text)}, 1)
def on_message(client, userdata, message):
    print('response', message.payload.decode())
client.on_connect, client.on_subscribe, client.on_message = on_connect, on_subscribe, on_message
client.connect('127.0.0.1', ${open.port})
client.loop_forever()
`,
      );
      const line = await program.line(/^response/);
      const { params } = JSON.parse(line.slice('response '.length)) as { params: { id: string } };
      assert.equal(params.id, 'wxid_ming');
    });
  }
});
