import assert from 'node:assert/strict';
import { FlowTab } from '../support/flow-tab';
import { type FlowNode, type NodeRed, startNodeRed } from '../support/node-red';

/** The payload of the event. */
interface StatePayload {
  readonly state: string;
  readonly reason: string;
  readonly user: { readonly id: string; readonly name: string } | null;
  readonly since: number;
}

describe('the event state', () => {
  let nodeRed: NodeRed;

  before(async () => {
    nodeRed = await startNodeRed();
  });

  after(() => nodeRed.stop());

  const bot = (properties: object = {}): FlowNode => ({ id: 'bot', type: 'wechat-bot', ...properties });
  const listener = (name: string): FlowNode[] => [
    { id: name, type: 'wechat-on-event', events: ['state'], wires: [[`${name}-out`]] },
    { id: `${name}-out`, type: 'test-sink', wires: [] },
  ];
  const states = (tab: FlowTab, name: string): StatePayload[] =>
    tab.sink(`${name}-out`).all.map(({ payload }) => payload as StatePayload);

  it('tells each change once, and the present state to a node that is deployed later', async () => {
    const tab = await FlowTab.deploy(nodeRed, bot(), ...listener('first'));
    await tab.sink('first-out').next(({ payload }) => (payload as StatePayload).user?.name === 'Bot');
    await tab.ready();
    await tab.redeploy([bot(), ...listener('first'), ...listener('second')], 'nodes');
    const { topic, payload } = await tab.sink('second-out').next();
    const { since, ...present } = payload as StatePayload;
    assert.equal(topic, 'state');
    assert.ok(Number.isInteger(since));
    assert.deepEqual(present, {
      state: 'ready',
      reason: 'ready: Bot',
      user: { id: 'wxid_bot', name: 'Bot' },
    });
    const told = states(tab, 'first');
    assert.equal(new Set(told.map((state) => JSON.stringify(state))).size, told.length, JSON.stringify(told));
    assert.deepEqual(states(tab, 'second').length, 1);
  });

  it('tells that a bot has failed, and why', async () => {
    const tab = await FlowTab.deploy(
      nodeRed,
      bot({ puppet: 'wechaty-puppet-missing' }),
      ...listener('first'),
    );
    const { payload } = await tab
      .sink('first-out')
      .next((message) => (message.payload as StatePayload).state === 'failed');
    assert.match((payload as StatePayload).reason, /npm install .*wechaty-puppet-missing/);
  });

  it('tells that a bot restarts, without secrets', async () => {
    const options = '{"faults": {"failStart": true}, "token": "very-secret-token"}';
    const tab = await FlowTab.deploy(nodeRed, bot({ options }), ...listener('first'));
    const { payload } = await tab
      .sink('first-out')
      .next((message) => (message.payload as StatePayload).state === 'restarting');
    assert.match((payload as StatePayload).reason, /^restarting in \d+ s: starting fails on purpose/);
    assert.ok(!JSON.stringify(states(tab, 'first')).includes('very-secret-token'));
  });

  it('reaches each of twenty nodes once', async () => {
    const names = Array.from({ length: 20 }, (_, index) => `node${index}`);
    const tab = await FlowTab.deploy(nodeRed, bot({ autoStart: false }), ...names.flatMap(listener));
    for (const name of names) await tab.sink(`${name}-out`).next();
    assert.deepEqual(
      names.flatMap((name) => states(tab, name).map(({ state }) => state)),
      names.map(() => 'stopped'),
    );
  });
});
