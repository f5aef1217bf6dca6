import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createRequire } from 'node:module';
import type { Node, NodeInitializer } from 'node-red';

/** The used part of node-red-node-test-helper, whose own types require packages that are not installed. */
interface Helper {
  init(runtimePath: string): void;
  startServer(done: () => void): void;
  stopServer(done: () => void): void;
  load(nodes: NodeInitializer[], flow: object[]): Promise<void>;
  unload(): Promise<void>;
  getNode(id: string): Node | null;
}

const load = createRequire(__filename);
const helper = load('node-red-node-test-helper') as Helper;
const catchNode = load('@node-red/nodes/core/common/25-catch') as NodeInitializer;

const nodes = ['contact-say', 'room-say', 'room-find', 'message-reply', 'command'];

/** The built module of a node. */
function built(name: string): NodeInitializer {
  return load(`../../dist/nodes/${name}/${name}`) as NodeInitializer;
}

describe('nodes without a bot', () => {
  helper.init(load.resolve('node-red'));
  before((done) => {
    helper.startServer(done);
  });
  after((done) => {
    helper.stopServer(done);
  });
  afterEach(() => helper.unload());

  for (const name of nodes) {
    it(`wechat-${name} passes the error and the message to Catch nodes`, async () => {
      const flow = [
        { id: 'tab', type: 'tab' },
        { id: 'sender', type: `wechat-${name}`, z: 'tab', bot: 'gone', wires: [['output']] },
        { id: 'catcher', type: 'catch', z: 'tab', x: 1, y: 1, scope: null, wires: [['caught']] },
        { id: 'caught', type: 'helper', z: 'tab', wires: [] },
        { id: 'output', type: 'helper', z: 'tab', wires: [] },
      ];
      await helper.load([catchNode, built(name)], flow);
      const [node, caught, output] = ['sender', 'caught', 'output'].map((id) => helper.getNode(id));
      assert.ok(node && caught && output);
      output.on('input', () => {
        assert.fail('unexpected output');
      });
      const failure = once(caught, 'input') as Promise<[{ payload: unknown; error: { message: string } }]>;
      node.receive({ payload: 'kept' });
      const [{ payload, error }] = await failure;
      assert.match(error.message, /No bot is chosen/);
      assert.equal(payload, 'kept');
    });
  }
});
