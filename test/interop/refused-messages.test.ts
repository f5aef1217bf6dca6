/** What a broker hangs up at must not stop the rest: neither now nor after a restart. */
import assert from 'node:assert/strict';
import type { IClientPublishOptions } from 'mqtt';
import { Mosquitto, mosquittoMissing } from '../support/mosquitto';
import type { NodeRed } from '../support/node-red';
import { botNode, remoteNodes, startWithRemotes, whenConnected } from './mqtt-fixture';
import { skipIfMissing, type Stoppable, stopAll } from './required-tools';
import { MqttTestClient } from './mqtt-peer';

/** The response to a command whose reqId cannot be part of a topic. */
const unknown = 'response/d2c/unknown';

/** The largest packet of the broker in bytes. Fits a list of 50 contacts, but not one of 500. */
const maxPacket = 60_000;

describe('MqttRemote and messages at which a broker hangs up', function () {
  this.timeout(60_000);
  const started: Stoppable[] = [];
  let broker: Mosquitto;
  let nodeRed: NodeRed;
  let client: MqttTestClient;

  const nodes = () =>
    [
      botNode('bot', { contacts: 500 }),
      ...remoteNodes('five', 'bot', broker.url, { protocolVersion: '5' }),
      ...remoteNodes('four', 'bot', broker.url, { protocolVersion: '4' }),
    ].map((node) => (node.type === 'wechat-mqtt-remote' ? { ...node, id: `remote-${node.id}` } : node));

  before(async function () {
    skipIfMissing.call(this, mosquittoMissing());
    broker = await Mosquitto.start({ maxPacket });
    started.push(broker);
    nodeRed = await startWithRemotes(...nodes());
    started.push(nodeRed);
  });
  after(() => stopAll(started));
  afterEach(() => client.end());

  async function restart(): Promise<void> {
    await nodeRed.kill('SIGKILL');
    await nodeRed.start();
    await whenConnected(nodeRed, nodes());
  }

  /** Events and responses still come, also after a restart. */
  async function assertWorks(clientId: string): Promise<void> {
    for (const step of [() => Promise.resolve(), restart]) {
      await step();
      assert.equal((await client.call('wechatyLogonoff')).code, 200);
      await nodeRed.send(`remote-${clientId}`, { topic: 'still-here', payload: {} });
      await client.event('still-here');
    }
  }

  const levels = (count: number) => Array.from({ length: count }, () => 'a').join('/');
  const list = { name: 'contactFindAll', params: { page: 1, size: 50 } };

  interface Case {
    /** Part of the command. */
    readonly command?: object;
    readonly options?: IClientPublishOptions;
    /** The path of the response's topic, and its code. */
    readonly response: readonly [path: string, code: number];
    readonly codeOfMqtt3?: number;
  }
  const cases: Readonly<Record<string, Case>> = {
    'a reqId with U+FFFF': { command: { reqId: 'a\uFFFF' }, response: [unknown, 400] },
    'a reqId with U+FFFE': { command: { reqId: '\uFFFEa' }, response: [unknown, 400] },
    'a reqId with U+FDD0': { command: { reqId: '\uFDD0' }, response: [unknown, 400] },
    'a reqId with U+FDEF': { command: { reqId: '\uFDEF' }, response: [unknown, 400] },
    'a reqId with U+1FFFF': { command: { reqId: '\u{1FFFF}' }, response: [unknown, 400] },
    'a reqId with U+10FFFE': { command: { reqId: '\u{10FFFE}' }, response: [unknown, 400] },
    'a reqId with a control character': { command: { reqId: 'a\u0085' }, response: [unknown, 400] },
    'a reqId with half a character': { command: { reqId: 'a\uD800' }, response: [unknown, 400] },
    'a response topic of 202 levels': {
      command: { reqId: 'levels' },
      options: { properties: { responseTopic: levels(202) } },
      response: ['response/d2c/levels', 400],
      // MQTT 3.1.1 has no response topic.
      codeOfMqtt3: 200,
    },
    'correlation data as large as a packet': {
      command: { reqId: 'correlation' },
      options: { properties: { correlationData: Buffer.alloc(maxPacket - 200, 7) } },
      response: ['response/d2c/correlation', 200],
    },
    'correlation data and a list that are together larger than a packet': {
      command: { ...list, reqId: 'both' },
      options: { properties: { correlationData: Buffer.alloc(maxPacket / 2, 7) } },
      response: ['response/d2c/both', 200],
    },
    'a list that is larger than a packet': {
      command: { ...list, reqId: 'list', params: { page: 1, size: 500 } },
      response: ['response/d2c/list', 403],
    },
  };
  for (const [what, { command, options, response, codeOfMqtt3 }] of Object.entries(cases)) {
    for (const clientId of ['five', 'four']) {
      it(`answers ${what}, and goes on (${clientId})`, async () => {
        client = await MqttTestClient.connect(broker.url, clientId);
        const wire = { method: 'command', name: 'wechatyUserSelf', timestamp: Date.now(), ...command };
        await client.publish(JSON.stringify(wire), options);
        const [path, code] = response;
        const { text } = await client.received.next(({ topic }) => topic === client.topic(path));
        assert.equal(
          (JSON.parse(text) as { code: number }).code,
          clientId === 'four' ? (codeOfMqtt3 ?? code) : code,
        );
        assert.equal((await client.call('wechatyLogonoff')).code, 200);
      });
    }
  }

  for (const clientId of ['five', 'four']) {
    it(`works after all of them and a restart (${clientId})`, async () => {
      client = await MqttTestClient.connect(broker.url, clientId);
      await assertWorks(clientId);
    });

    it(`sets an event aside that is larger than a packet, tells, and goes on (${clientId})`, async () => {
      client = await MqttTestClient.connect(broker.url, clientId);
      const publish = (topic: string, payload: unknown) =>
        nodeRed.send(`remote-${clientId}`, { topic, payload });
      await publish('before', {});
      await publish('too-large', 'x'.repeat(maxPacket));
      await publish('after', {});
      await client.event('before');
      await client.event('after');
      await nodeRed.status(`remote-${clientId}`, /^connected, 1 lost$/);
      await assertWorks(clientId);
    });

    it(`sets aside what the previous run has left (${clientId})`, async () => {
      client = await MqttTestClient.connect(broker.url, clientId);
      await broker.kill('SIGKILL');
      await nodeRed.status(`remote-${clientId}`, /^reconnecting/);
      for (const [topic, payload] of [
        ['first', {}],
        ['too-large', 'x'.repeat(maxPacket)],
        ['also-too-large', 'y'.repeat(maxPacket)],
        ['last', {}],
      ] as const)
        await nodeRed.send(`remote-${clientId}`, { topic, payload });
      await nodeRed.kill('SIGKILL');
      await broker.start();
      await nodeRed.start();
      await client.event('first');
      await client.event('last');
      await nodeRed.status(`remote-${clientId}`, /^connected, 3 lost$/);
      await assertWorks(clientId);
    });
  }
});
