import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { freePort } from '../support/free-port';
import { type FlowNode, type NodeRed, startNodeRed } from '../support/node-red';
import { root } from '../support/package-install';

const botId = '9d74932bdb6f21dc';

/** An example whose flow is a client of its own remote: it greets Ming, and replies to its keyword. */
interface RemoteExample {
  readonly protocol: string;
  readonly file: string;
  /** What is replaced by a free port or by the URL of Node-RED. */
  readonly address: string;
  readonly remote: string;
  readonly connected: RegExp;
  /** The debug node of the response and the field that means success, if the protocol has responses. */
  readonly response?: readonly [node: string, field: string];
  /** The debug node of the audit message, with its topic and code. */
  readonly audit: readonly [node: string, topic: string, code: number];
  /** What the debug messages of the greeting contain. */
  readonly marker?: string;
}

const listening = /^listening on 127\.0\.0\.1:\d+, connections: 1$/;

const examples: readonly RemoteExample[] = [
  {
    protocol: 'WXBot',
    file: '13-wxbot',
    address: '19095',
    remote: 'server',
    connected: listening,
    response: ['answer', 'ok'],
    audit: ['request handled', 'sendText', 0],
  },
  {
    protocol: 'PadChat',
    file: '14-padchat',
    address: '7777',
    remote: 'server',
    connected: listening,
    response: ['reply', 'success'],
    audit: ['command handled', 'sendMsg', 0],
    marker: 'greeting',
  },
  {
    protocol: 'WeHelp',
    file: '15-wehelp',
    address: 'http://127.0.0.1:1880/',
    remote: 'client',
    connected: /^the service answers$/,
    audit: ['task handled', 'sendTextMessage', 200],
  },
];

describe('examples of remotes', () => {
  let nodeRed: NodeRed;
  let flows: FlowNode[];
  before(async () => {
    nodeRed = await startNodeRed();
    await nodeRed.comms();
  });
  after(() => nodeRed.stop());

  const idOf = (name: string): string => {
    const node = flows.find((one) => one.name === name);
    assert.ok(node, `there is a node called ${name}`);
    return node.id;
  };

  /** The next message of a debug node, parsed. */
  const shown = async (name: string, marker = ''): Promise<Record<string, unknown>> => {
    const { msg } = await nodeRed.debug(({ id, msg }) => id === idOf(name) && String(msg).includes(marker));
    return JSON.parse(String(msg)) as Record<string, unknown>;
  };

  for (const { protocol, file, address, remote, connected, response, audit, marker } of examples) {
    describe(file, () => {
      before(async () => {
        const text = readFileSync(join(root, 'examples', `${file}.json`), 'utf8');
        const actual = address.startsWith('http') ? nodeRed.url : String(await freePort());
        flows = JSON.parse(text.replaceAll(address, actual)) as FlowNode[];
        await nodeRed.deploy(flows);
        await nodeRed.status(idOf(remote), connected);
      });

      it('sends a greeting and an audit message', async () => {
        const [node, topic, code] = audit;
        const results = Promise.all([
          shown(node, marker),
          response ? shown(response[0], marker) : Promise.resolve(undefined),
        ]);
        await nodeRed.inject(idOf('greet Ming'));
        const [audited, responded] = await results;
        assert.deepEqual([audited.topic, (audited.payload as { code: number }).code], [topic, code]);
        if (response) assert.equal(responded?.[response[1]], true);
        const sent = await nodeRed.simulation(botId, (simulation) =>
          simulation.messages({ conversation: simulation.contact('Ming') }).map(({ text }) => text),
        );
        assert.equal(sent.at(-1), `Hello from ${protocol}`);
      });

      it('replies to its keyword, in the same conversation', async () => {
        const replies = await nodeRed.simulation(
          botId,
          async (simulation, keyword) => {
            const direct = simulation.contact('Alice').say(keyword.toLowerCase()).to(simulation.self);
            const inRoom = simulation.contact('Bob').say(keyword).in('Team');
            const messages = await Promise.all([direct, inRoom].map((sent) => simulation.nextReply(sent)));
            return messages.map(({ text, roomId }) => [text, roomId !== undefined]);
          },
          protocol,
        );
        assert.deepEqual(replies, [
          [`${protocol} is listening.`, false],
          [`${protocol} is listening.`, true],
        ]);
      });
    });
  }

  describe('15-wehelp, its client', () => {
    it('shows callbacks, an unavailable service and invalid settings', async () => {
      const deploy = (changes: object): Promise<void> =>
        nodeRed.deploy(flows.map((node) => (node.id === idOf('client') ? { ...node, ...changes } : node)));
      const { payload } = (await shown('callback', 'WeHelp')) as { payload: Record<string, unknown> };
      assert.deepEqual([payload.type, payload.msgType, payload.cwxid], [78, '1', 'wxid_bot']);
      await deploy({ callbackUrl: '', pollUrl: 'http://127.0.0.1:9/' });
      await nodeRed.status(idOf('client'), /^reconnecting since \d\d:\d\d:\d\d: .*ECONNREFUSED/);
      await deploy({ callbackUrl: '', pollUrl: '' });
      await nodeRed.status(idOf('client'), /fill in the URL/);
      await deploy({ pollUrl: 'no address' });
      await nodeRed.status(idOf('client'), /not an http or https URL/);
      await deploy({});
      await nodeRed.status(idOf('client'), /^the service answers$/);
    });
  });
});
