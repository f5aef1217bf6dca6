import assert from 'node:assert/strict';
import type { Fields } from '../../src/nodes/shared/typed-inputs';
import { assertFailed, FlowTab, assertPassed } from '../support/flow-tab';
import { type NodeRed, startNodeRed } from '../support/node-red';

describe('typed fields', () => {
  let nodeRed: NodeRed;

  before(async () => {
    nodeRed = await startNodeRed();
  });
  after(() => nodeRed.stop());

  const deployCommand = (command: string, fields: Fields | string): Promise<FlowTab> =>
    FlowTab.deployNode(nodeRed, {
      id: 'command',
      type: 'wechat-command',
      command,
      params: typeof fields === 'string' ? fields : JSON.stringify(fields),
      paramsType: 'fields',
    });

  it('evaluate to the parameters of a command', async () => {
    const tab = await deployCommand('contactAliasSet', {
      id: { type: 'msg', value: 'who' },
      alias: { type: 'jsonata', value: '$uppercase(payload)' },
    });
    assertPassed(await tab.outcome('command', { who: 'Alice', payload: 'liz' }));
    assert.equal(await tab.simulation((simulation) => simulation.contact('Alice').alias), 'LIZ');
  });

  it('omit fields that the message lacks', async () => {
    const tab = await deployCommand('contactFindAll', {
      query: { type: 'msg', value: 'query' },
      page: { type: 'num', value: '1' },
      size: { type: 'num', value: '2' },
    });
    const all = assertPassed(await tab.outcome('command', {})).payload as unknown[];
    assert.equal(all.length, 2);
    const some = assertPassed(await tab.outcome('command', { query: 'Alice' })).payload as { name: string }[];
    assert.deepEqual(
      some.map(({ name }) => name),
      ['Alice'],
    );
  });

  it('can contain lists and contents', async () => {
    const link: Fields = {
      url: { type: 'str', value: 'https://example.com/' },
      title: { type: 'msg', value: 'topic' },
    };
    const tab = await deployCommand('contactSay', {
      contacts: { type: 'json', value: '["Ming"]' },
      messageType: { type: 'str', value: 'Url' },
      messagePayload: { type: 'fields', value: JSON.stringify(link) },
    });
    assertPassed(await tab.outcome('command', { topic: 'News' }));
    const sent = await tab.simulation((simulation) => JSON.stringify(simulation.messages().at(-1)));
    assert.match(sent, /https:\/\/example\.com\//);
    assert.match(sent, /News/);
  });

  it('evaluate to the content of a message', async () => {
    const place: Fields = {
      latitude: { type: 'num', value: '31.23' },
      longitude: { type: 'msg', value: 'payload' },
      name: { type: 'str', value: 'The Bund' },
    };
    const tab = await FlowTab.deployNode(nodeRed, {
      id: 'say',
      type: 'wechat-contact-say',
      to: 'Ming',
      contentType: 'Location',
      content: JSON.stringify(place),
      contentValueType: 'fields',
    });
    assertPassed(await tab.outcome('say', { payload: 121.47 }));
    const sent = await tab.simulation((simulation) => JSON.stringify(simulation.messages().at(-1)));
    for (const part of ['31.23', '121.47', 'The Bund']) assert.ok(sent.includes(part), sent);
  });

  it('are rejected if the saved value is invalid', async () => {
    for (const saved of ['{"id": "Alice"}', '[', '["id"]']) {
      const tab = await deployCommand('contactFind', saved);
      const { error } = assertFailed(await tab.outcome('command', {}));
      assert.match(error.message, /params could not be read/);
      assert.equal(error.code, 'INVALID_PARAMS');
    }
  });
});
