/** Brokers that offer less than all of MQTT: the remote works with what there is, and says what is missing. */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { type AddressInfo, connect, createServer } from 'node:net';
import { Mosquitto, mosquittoMissing } from '../support/mosquitto';
import { botNode, remoteNodes, startWithRemotes } from './mqtt-fixture';
import { skipIfMissing, type Stoppable, stopAll } from './required-tools';
import { MqttTestClient, textOf } from './mqtt-peer';

const noRetain = /keeps no retained messages/;
const qos0 = /offers QoS 0 at most/;
const qos1 = /offers QoS 1 at most/;

interface Case {
  /** Lines of mosquitto.conf. */
  readonly lines?: readonly string[];
  /** What a broker that speaks MQTT 3.1 only does when a client speaks another version. */
  readonly mqtt31?: 'refuses' | 'closes';
  readonly versions: readonly ('auto' | '5' | '4')[];
  readonly qos?: string;
  /** What the log says; of MQTT 3.1.1 brokers no more is known. */
  readonly missing?: readonly RegExp[];
  readonly missingInMqtt3?: readonly RegExp[];
}

const cases: Readonly<Record<string, Case>> = {
  'no retained messages': {
    lines: ['retain_available false'],
    versions: ['auto', '5', '4'],
    missing: [noRetain],
    missingInMqtt3: [/properties on .* are no longer retained/],
  },
  'QoS 0 only': { lines: ['max_qos 0'], versions: ['auto', '5', '4'], missing: [qos0] },
  'QoS 1 at most': { lines: ['max_qos 1'], versions: ['auto', '5', '4'], qos: '2', missing: [qos1] },
  'neither retained messages nor QoS 1': {
    lines: ['retain_available false', 'max_qos 0'],
    versions: ['5'],
    missing: [noRetain, qos0],
  },
  'one message at a time, no topic alias and a short keep-alive': {
    lines: ['max_inflight_messages 1', 'max_topic_alias 0', 'max_keepalive 10'],
    versions: ['5', '4'],
  },
  'MQTT 3.1 only, and refuses others': { mqtt31: 'refuses', versions: ['auto'], missing: [/MQTT 3\.1 only/] },
  'MQTT 3.1 only, and closes others': { mqtt31: 'closes', versions: ['auto'], missing: [/MQTT 3\.1 only/] },
};

describe('MqttRemote with a broker that offers', function () {
  this.timeout(90_000);
  const started: Stoppable[] = [];
  before(function () {
    skipIfMissing.call(this, mosquittoMissing());
  });
  afterEach(() => stopAll(started.splice(0)));

  for (const [what, { lines = [], mqtt31, versions, qos = '1', ...logged }] of Object.entries(cases)) {
    for (const protocolVersion of versions) {
      it(`${what} (version ${protocolVersion})`, async () => {
        const broker = await Mosquitto.start({ lines });
        started.unshift(broker);
        const url = mqtt31 ? await startMqtt31(broker.port, mqtt31, started) : broker.url;
        const client = await MqttTestClient.connect(broker.url, 'shop');
        const nodeRed = await startWithRemotes(
          botNode('bot'),
          ...remoteNodes('remote', 'bot', url, { clientId: 'shop', protocolVersion, qos }),
        );
        started.unshift(nodeRed);
        const { missing = [], missingInMqtt3 = missing } = logged;
        for (const sentence of protocolVersion === '4' ? missingInMqtt3 : missing)
          await nodeRed.logged(sentence);
        await nodeRed.status('remote', /^connected/);
        for (let times = 0; times < 20; times += 1) {
          const say = { contacts: ['Alice'], messagePayload: 'hi' };
          const { code } = await client.responseTo(await client.sendCommand('contactSay', say, { qos: 0 }));
          assert.equal(code, 200);
        }
        await nodeRed.simulation('bot', (simulation) => {
          for (let index = 0; index < 20; index += 1)
            simulation.contact('Alice').say(`event ${index}`).to(simulation.self);
        });
        for (let index = 0; index < 20; index += 1)
          await client.event('message', (event) => textOf(event) === `event ${index}`);
        await nodeRed.kill('SIGKILL');
        await client.received.next(({ text }) => text.includes('"online":false'));
        await client.end();
      });
    }
  }
});

/**
 * A broker that speaks MQTT 3.1 only: in front of a real one, it lets CONNECT packets of that version pass.
 * @returns its URL.
 */
async function startMqtt31(
  brokerPort: number,
  behaviour: 'refuses' | 'closes',
  started: Stoppable[],
): Promise<string> {
  const server = createServer((socket) => {
    socket.on('error', () => undefined);
    socket.once('data', (first) => {
      if (!first.subarray(0, 16).includes('MQIsdp')) {
        socket.end(behaviour === 'refuses' ? Buffer.from([0x20, 2, 0, 1]) : Buffer.alloc(0));
        return;
      }
      const upstream = connect(brokerPort, '127.0.0.1');
      upstream.on('error', () => socket.destroy());
      upstream.write(first);
      socket.pipe(upstream);
      upstream.pipe(socket);
      socket.once('close', () => upstream.destroy());
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  started.push({
    stop: () => {
      server.close();
      return Promise.resolve();
    },
  });
  return `mqtt://127.0.0.1:${(server.address() as AddressInfo).port}`;
}
