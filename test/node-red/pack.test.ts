import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { flow, type NodeRed, startNodeRed } from '../support/node-red';
import { packName, root } from '../support/package-install';

interface Manifest {
  'node-red': { nodes: Record<string, string>; plugins: Record<string, string> };
}

/** The node set that a file registered. */
interface RegisteredSet {
  module: string;
  enabled: boolean;
  types?: string[];
  plugins?: { id: string }[];
  err?: string;
}

describe('the installed package', () => {
  const { nodes, plugins } = (JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as Manifest)[
    'node-red'
  ];
  let nodeRed: NodeRed;

  before(async () => {
    nodeRed = await startNodeRed();
  });

  after(() => nodeRed.stop());

  it('registers every node and plugin that package.json names, without an error', async () => {
    const sets: RegisteredSet[] = [];
    for (const path of ['nodes', 'plugins']) {
      const response = await nodeRed.request(path, { headers: { Accept: 'application/json' } });
      sets.push(...((await response.json()) as RegisteredSet[]).filter(({ module }) => module === packName));
    }
    assert.deepEqual(
      sets.filter(({ err, enabled }) => err !== undefined || !enabled),
      [],
    );
    assert.deepEqual(sets.flatMap(({ types = [] }) => types).sort(), Object.keys(nodes).sort());
    assert.deepEqual(
      sets.flatMap(({ plugins: found = [] }) => found.map(({ id }) => id)).sort(),
      Object.keys(plugins).sort(),
    );
  });

  it('loads no dependencies before the first bot starts', async () => {
    const loaded = await nodeRed.evaluate(({ require }, pack) => {
      const files = Object.keys(require.cache).filter((path) => path.endsWith('.js'));
      const home = files.find((path) => path.includes(`/node_modules/${pack}/`))?.split(`${pack}/`)[0];
      return files.filter((path) => home && path.startsWith(home) && !path.startsWith(home + pack));
    }, packName);
    assert.deepEqual(loaded, []);
  });

  for (const language of ['en-US', 'zh-CN']) {
    it(`has labels and help in ${language} for each of its nodes`, async () => {
      const html = await nodeRed.request('nodes', {
        headers: { Accept: 'text/html', 'Accept-Language': language },
      });
      const text = await html.text();
      for (const type of Object.keys(nodes)) {
        assert.ok(text.includes(`data-help-name="${type}"`), `${type} has no help`);
        const labels = await nodeRed.request(`nodes/${packName}/${type}/messages?lng=${language}`);
        assert.notDeepEqual(await labels.json(), {});
      }
    });
  }
});

describe('NodeRed (test harness)', () => {
  let nodeRed: NodeRed;

  before(async () => {
    nodeRed = await startNodeRed({
      flows: flow(
        { id: 'press', type: 'inject', props: [{ p: 'payload' }], payload: 'ding', wires: [['show']] },
        {
          id: 'show',
          type: 'function',
          func: 'node.status({ text: msg.payload }); return msg;',
          wires: [['end']],
        },
        { id: 'end', type: 'test-sink', wires: [] },
      ),
    });
  });

  after(() => nodeRed.stop());

  it('receives messages, Buffers and statuses, also after a restart', async () => {
    await nodeRed.inject('press');
    assert.equal((await nodeRed.sink('end').next()).payload, 'ding');
    await nodeRed.status('show', 'ding');

    await nodeRed.restart();
    await nodeRed.send('show', { payload: 'dong', file: Buffer.from([1, 2]) });
    const message = await nodeRed.sink('end').next();
    assert.deepEqual(message.file, Buffer.from([1, 2]));
    await nodeRed.status('show', 'dong');
  });

  it('deploys, and rejects unknown node types', async () => {
    const [tab, ...nodes] = await nodeRed.flows();
    assert.ok(tab);
    await nodeRed.deploy([tab, ...nodes.filter(({ id }) => id !== 'show')]);
    await assert.rejects(nodeRed.deploy(flow({ id: 'x', type: 'no-such-type', wires: [] })), /no-such-type/);
  });
});

it('NodeRed (test harness) fails a test in which Node-RED crashes', async () => {
  const nodeRed = await startNodeRed();
  const message = nodeRed.sink('end').next();
  await nodeRed.evaluate(
    () => void setImmediate(() => void Promise.reject(new Error('forgotten'))),
    undefined,
  );
  await assert.rejects(message, /forgotten/);
  await assert.rejects(nodeRed.stop(), /forgotten/);
});
