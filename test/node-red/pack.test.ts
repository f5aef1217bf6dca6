import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { flow, type NodeRed, startNodeRed } from '../support/node-red';
import { packName, root } from '../support/packed';

interface Manifest {
  'node-red': { nodes: Record<string, string> };
}

interface NodeSet {
  module: string;
  enabled: boolean;
  types: string[];
  err?: string;
}

describe('the packed pack in a real Node-RED', () => {
  let nodeRed: NodeRed;

  before(async () => {
    nodeRed = await startNodeRed();
  });

  after(() => nodeRed.stop());

  it('registers every node that package.json names, without an error', async () => {
    const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as Manifest;
    const response = await nodeRed.request('nodes', { headers: { Accept: 'application/json' } });
    const sets = ((await response.json()) as NodeSet[]).filter(({ module }) => module === packName);
    assert.deepEqual(
      sets.filter(({ err, enabled }) => err !== undefined || !enabled),
      [],
    );
    assert.deepEqual(
      sets.flatMap(({ types }) => types).sort(),
      Object.keys(manifest['node-red'].nodes).sort(),
    );
  });

  it('loads no Wechaty before the first bot starts', async () => {
    const loaded = await nodeRed.inside(
      ({ require }) => Object.keys(require.cache).filter((path) => /\/wechaty[^/]*\/.*\.js$/.test(path)),
      undefined,
    );
    assert.deepEqual(loaded, []);
  });

  for (const language of ['en-US', 'zh-CN']) {
    it(`has labels and help in ${language} for each of its nodes`, async () => {
      const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as Manifest;
      const html = await nodeRed.request('nodes', {
        headers: { Accept: 'text/html', 'Accept-Language': language },
      });
      const text = await html.text();
      for (const type of Object.keys(manifest['node-red'].nodes)) {
        assert.ok(text.includes(`data-help-name="${type}"`), `${type} has no help`);
        const labels = await nodeRed.request(`nodes/${packName}/${type}/messages?lng=${language}`);
        assert.notDeepEqual(await labels.json(), {});
      }
    });
  }
});

describe('the harness', () => {
  let nodeRed: NodeRed;

  beforeEach(async () => {
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

  afterEach(() => nodeRed.stop());

  it('sees messages, Buffers and statuses of a flow, also after a restart', async () => {
    await nodeRed.inject('press');
    assert.equal((await nodeRed.sink('end').next()).payload, 'ding');
    await nodeRed.status('show', 'ding');

    await nodeRed.restart();
    await nodeRed.send('show', { payload: 'dong', file: Buffer.from([1, 2]) });
    const message = await nodeRed.sink('end').next();
    assert.deepEqual(message.file, Buffer.from([1, 2]));
    await nodeRed.status('show', 'dong');
  });

  it('deploys, and refuses a type that nobody provides', async () => {
    const [tab, ...nodes] = await nodeRed.flows();
    assert.ok(tab);
    await nodeRed.deploy([tab, ...nodes.filter(({ id }) => id !== 'show')]);
    await assert.rejects(nodeRed.deploy(flow({ id: 'x', type: 'no-such-type', wires: [] })), /no-such-type/);
  });
});

it('the harness fails a test in which Node-RED crashes', async () => {
  const nodeRed = await startNodeRed();
  const message = nodeRed.sink('end').next();
  await nodeRed.inside(() => void setImmediate(() => void Promise.reject(new Error('forgotten'))), undefined);
  await assert.rejects(message, /forgotten/);
  await assert.rejects(nodeRed.stop(), /forgotten/);
});
