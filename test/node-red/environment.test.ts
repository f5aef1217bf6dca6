import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import type { Bot } from '../../src/bot/bot';
import type { WechatError } from '../../src/bot/errors';
import type { PropertyType } from '../../src/nodes/shared/property-types';
import { nodeTypes } from '../../scripts/node-tables';
import { type CaughtMessage, FlowTab } from '../support/flow-tab';
import { type FlowNode, type NodeRed, startNodeRed } from '../support/node-red';

const load = createRequire(__filename);

type Kind = PropertyType<unknown, unknown>['kind'];

/** The declared properties of a node type. */
function propertiesOf(type: string): [name: string, kind: Kind, initial: unknown][] {
  const { declaration } = load(`../../src/nodes/${type.replace('wechat-', '')}/properties.ts`) as {
    declaration: { types: Readonly<Record<string, PropertyType<unknown, unknown>>> };
  };
  return Object.entries(declaration.types).map(([name, { kind, initial }]) => [name, kind, initial]);
}

/** Variables of a flow: their type and value in the editor, and the kinds of properties that cannot be read from them. */
const variables: Readonly<Record<string, { type: string; value: string; rejectedBy: readonly Kind[] }>> = {
  number: { type: 'num', value: '7', rejectedBy: ['boolean', 'choice', 'list'] },
  boolean: { type: 'bool', value: 'true', rejectedBy: ['number', 'choice', 'list'] },
  list: { type: 'json', value: '["a","b"]', rejectedBy: ['text', 'boolean', 'number', 'choice'] },
  object: {
    type: 'json',
    value: '{"a":1}',
    rejectedBy: ['text', 'boolean', 'number', 'choice', 'list', 'names'],
  },
  text: { type: 'str', value: 'abc', rejectedBy: ['boolean', 'number', 'choice'] },
  word: { type: 'str', value: 'off', rejectedBy: ['number', 'choice'] },
};

/** Nothing is there to connect to, and any port may be taken. */
const harmless = { url: 'mqtt://127.0.0.1:9', callbackUrl: '', pollUrl: 'http://127.0.0.1:9/', port: '0' };

/** What only a program that trips over a type would say. */
const tripped = /TypeError|is not a function|Cannot read|is not iterable|must be of type/;

describe('properties from environment variables', () => {
  let nodeRed: NodeRed;
  before(async () => {
    nodeRed = await startNodeRed();
    await nodeRed.comms();
  });
  after(() => nodeRed.stop());

  /** One node for each property of each type but the bot, with `${V}` as that property. */
  function nodesWithVariable(): { node: FlowNode; property: string; kind: Kind }[] {
    return nodeTypes()
      .filter((type) => type !== 'wechat-bot')
      .flatMap((type) => {
        const properties = propertiesOf(type);
        const own = Object.fromEntries(
          Object.entries(harmless).filter(([name]) => properties.some(([known]) => known === name)),
        );
        return properties.map(([property, kind]) => {
          const id = `${type}-${property}`;
          const node = {
            id,
            type,
            bot: 'idle',
            wires: [[]],
            z: 'tab',
            x: 0,
            y: 0,
            ...own,
            [property]: '${V}',
          };
          return { node, property, kind };
        });
      });
  }

  for (const [variable, { type, value, rejectedBy }] of Object.entries(variables)) {
    it(`are read by their type, or rejected clearly: ${variable}`, async function () {
      this.timeout(60_000);
      const firstLine = nodeRed.logs.all.length;
      const nodes = nodesWithVariable();
      await nodeRed.deploy([
        { id: 'tab', type: 'tab', label: 'Test', env: [{ name: 'V', type, value }] },
        { id: 'idle', type: 'wechat-bot', name: 'idle', autoStart: false },
        { id: 'catch', type: 'catch', scope: null, z: 'tab', x: 0, y: 0, wires: [['caught']] },
        { id: 'caught', type: 'test-sink', z: 'tab', x: 0, y: 0, wires: [] },
        ...nodes.map(({ node }) => node),
      ]);
      for (const { node, property, kind } of nodes) {
        if (property === 'name') continue;
        const lines = nodeRed.logs.all.slice(firstLine).filter((line) => line.includes(`:${node.id}]`));
        const isRejected = lines.some((line) => line.includes(`${property} must be`));
        assert.equal(isRejected, rejectedBy.includes(kind), `${node.id}: ${lines.join('\n')}`);
        if (isRejected) await nodeRed.status(node.id, new RegExp(`^${property} must be`));
      }
      const inputs = nodes.filter(({ node }) => !/on-event|-remote$/.test(node.type));
      for (const { node } of inputs) await nodeRed.send(node.id, { payload: 'hi' });
      const caught = nodeRed.sink('caught');
      const errors = (await caught.take(inputs.length)) as unknown as CaughtMessage[];
      for (const { error } of errors) {
        assert.match(error.code ?? '', /^(INVALID_PARAMS|NOT_LOGGED_IN|UNSUPPORTED)$/, JSON.stringify(error));
      }
      const strange = nodeRed.logs.all.slice(firstLine).filter((line) => tripped.test(line));
      assert.deepEqual(strange, []);
    });

    it(`start a bot, or show what is wrong: ${variable}`, async () => {
      const pairs = propertiesOf('wechat-bot').filter(([name]) => !['name', 'puppet'].includes(name));
      await nodeRed.deploy([
        { id: 'tab', type: 'tab', label: 'Test', env: [{ name: 'V', type, value }] },
        ...pairs.map(([property]) => ({ id: property, type: 'wechat-bot', z: 'tab', [property]: '${V}' })),
      ]);
      for (const [property, kind] of pairs) {
        const { name, problem } = await nodeRed.evaluate(({ RED }, id) => {
          const { bot } = RED.nodes.getNode(id) as unknown as { bot: Bot };
          return new Promise<{ name: string; problem: boolean }>((resolve) => {
            const check = (): void => {
              const { name: state, reason } = bot.state;
              if (!['ready', 'failed', 'restarting', 'stopped'].includes(state)) return;
              resolve({
                name: state,
                problem: /^(options|property)Not/.test((reason.cause as WechatError | undefined)?.key ?? ''),
              });
            };
            bot.on('state', check);
            check();
          });
        }, property);
        const fails = kind === 'json' ? variable !== 'object' : rejectedBy.includes(kind);
        const isOff = property === 'autoStart' && variable === 'word';
        const expected = fails ? 'failed' : isOff ? 'stopped' : 'ready';
        assert.deepEqual([name, problem], [expected, fails], property);
      }
    });
  }

  it('are missed clearly if they are not set, but not in a name', async () => {
    await nodeRed.deploy([
      { id: 'tab', type: 'tab', label: 'Test' },
      { id: 'idle', type: 'wechat-bot', name: '${UNSET}', autoStart: false },
      {
        id: 'openwx',
        type: 'wechat-openwx-remote',
        bot: 'idle',
        deny: ['${UNSET}'],
        port: '0',
        z: 'tab',
        wires: [[]],
      },
      { id: 'event', type: 'wechat-on-event', bot: 'idle', mentioned: '${UNSET}', z: 'tab', wires: [[]] },
    ]);
    await nodeRed.status('openwx', /^deny is taken from \$\{UNSET\}, but there is no such/);
    await nodeRed.status('event', /^mentioned is taken from/);
  });

  it('never show a credential', async () => {
    await nodeRed.deploy([
      { id: 'tab', type: 'tab', label: 'Test', env: [{ name: 'V', type: 'json', value: '["a-secret"]' }] },
      { id: 'idle', type: 'wechat-bot', name: 'idle', autoStart: false },
      {
        id: 'secret',
        type: 'wechat-openwx-remote',
        bot: 'idle',
        port: '0',
        z: 'tab',
        wires: [[]],
        credentials: { token: '${V}' },
      },
      {
        id: 'unset',
        type: 'wechat-openwx-remote',
        bot: 'idle',
        port: '0',
        z: 'tab',
        wires: [[]],
        credentials: { token: '${UNSET}' },
      },
    ]);
    await nodeRed.status(
      'secret',
      'token must be a text, not array: correct it in the node, or the variable it is …',
    );
    await nodeRed.status('unset', /^token is taken from/);
    assert.ok(!nodeRed.logs.all.some((line) => line.includes('a-secret')));
  });

  for (const word of ['false', '0', 'no', 'off', 'FALSE']) {
    it(`turn filters off: ${word}`, async () => {
      const tab = await FlowTab.deploy(
        nodeRed,
        { id: 'bot', type: 'wechat-bot' },
        {
          id: 'event',
          type: 'wechat-on-event',
          mentioned: '${FLAG}',
          includeSelf: '${FLAG}',
          download: '${FLAG}',
          wires: [['out']],
        },
        { id: 'out', type: 'test-sink', wires: [] },
      );
      await nodeRed.deploy(
        (await nodeRed.flows()).map((node) =>
          node.type === 'tab' ? { ...node, env: [{ name: 'FLAG', type: 'str', value: word }] } : node,
        ),
      );
      await tab.ready();
      await tab.simulation((simulation) => {
        simulation.self.say('own').to(simulation.contact('Ming'));
        simulation.contact('Ming').say('plain').to();
      });
      const { payload } = await tab.sink('out').next();
      assert.equal(payload, 'plain');
    });
  }
});
