import assert from 'node:assert/strict';
import type { Fields } from '../../src/nodes/shared/typed-inputs';
import { failed, FlowTab, passed } from '../support/flow-tab';
import { type NodeRed, startNodeRed } from '../support/node-red';

describe('objects whose fields come from different places', () => {
  let nodeRed: NodeRed;

  before(async () => {
    nodeRed = await startNodeRed();
  });
  after(() => nodeRed.stop());

  const commanding = (command: string, fields: Fields | string): Promise<FlowTab> =>
    FlowTab.around(nodeRed, {
      id: 'command',
      type: 'wechat-command',
      command,
      params: typeof fields === 'string' ? fields : JSON.stringify(fields),
      paramsType: 'fields',
    });

  it('are the parameters of a command', async () => {
    const tab = await commanding('contactAliasSet', {
      id: { type: 'msg', value: 'who' },
      alias: { type: 'jsonata', value: '$uppercase(payload)' },
    });
    passed(await tab.outcome('command', { who: 'Alice', payload: 'liz' }));
    assert.equal(await tab.world((world) => world.contact('Alice').alias), 'LIZ');
  });

  it('lack what the message lacks', async () => {
    const tab = await commanding('contactFindAll', {
      query: { type: 'msg', value: 'query' },
      page: { type: 'num', value: '1' },
      size: { type: 'num', value: '2' },
    });
    const all = passed(await tab.outcome('command', {})).payload as unknown[];
    assert.equal(all.length, 2);
    const some = passed(await tab.outcome('command', { query: 'Alice' })).payload as { name: string }[];
    assert.deepEqual(
      some.map(({ name }) => name),
      ['Alice'],
    );
  });

  it('are lists and contents within a command', async () => {
    const link: Fields = {
      url: { type: 'str', value: 'https://example.com/' },
      title: { type: 'msg', value: 'topic' },
    };
    const tab = await commanding('contactSay', {
      contacts: { type: 'json', value: '["Ming"]' },
      messageType: { type: 'str', value: 'Url' },
      messagePayload: { type: 'fields', value: JSON.stringify(link) },
    });
    passed(await tab.outcome('command', { topic: 'News' }));
    const sent = await tab.world((world) => JSON.stringify(world.messages().at(-1)));
    assert.match(sent, /https:\/\/example\.com\//);
    assert.match(sent, /News/);
  });

  it('are what a node says', async () => {
    const place: Fields = {
      latitude: { type: 'num', value: '31.23' },
      longitude: { type: 'msg', value: 'payload' },
      name: { type: 'str', value: 'The Bund' },
    };
    const tab = await FlowTab.around(nodeRed, {
      id: 'say',
      type: 'wechat-contact-say',
      to: 'Ming',
      contentType: 'Location',
      content: JSON.stringify(place),
      contentValueType: 'fields',
    });
    passed(await tab.outcome('say', { payload: 121.47 }));
    const sent = await tab.world((world) => JSON.stringify(world.messages().at(-1)));
    for (const part of ['31.23', '121.47', 'The Bund']) assert.ok(sent.includes(part), sent);
  });

  it('are refused when the flow holds something else', async () => {
    for (const saved of ['{"id": "Alice"}', '[', '["id"]']) {
      const tab = await commanding('contactFind', saved);
      const { error } = failed(await tab.outcome('command', {}));
      assert.match(error.message, /params could not be read/);
      assert.equal(error.code, 'INVALID_PARAMS');
    }
  });
});
