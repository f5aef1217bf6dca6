import assert from 'node:assert/strict';
import { assertFailed, FlowTab, assertPassed } from '../support/flow-tab';
import { type FlowNode, type NodeRed, startNodeRed } from '../support/node-red';
import { serve } from '../support/web-server';

describe('wechat-contact-say node', () => {
  let nodeRed: NodeRed;

  before(async () => {
    nodeRed = await startNodeRed({ env: { GREETED: 'Bob' } });
  });

  after(() => nodeRed.stop());

  const deploySay = (properties: object, bot: object = {}): Promise<FlowTab> =>
    FlowTab.deployNode(nodeRed, { id: 'say', type: 'wechat-contact-say', ...properties }, bot);

  /** The messages of a tab's simulation, as `recipient: text or file name`. */
  const sentMessages = (tab: FlowTab): Promise<string[]> =>
    tab.simulation((simulation) =>
      simulation.messages().map(({ listenerId, text }) => `${listenerId ?? ''}: ${text}`),
    );

  it('sends the payload to the configured contacts and passes the message with msg.sent', async () => {
    const tab = await deploySay({ to: 'Alice, 小明' });
    const { _msgid, ...message } = assertPassed(
      await tab.outcome('say', { payload: 'hello', kept: { as: 'it was' } }),
    );
    assert.ok(_msgid);
    const ids = await tab.simulation((simulation) => simulation.messages().map(({ id }) => id));
    assert.deepEqual(message, {
      payload: 'hello',
      kept: { as: 'it was' },
      sent: {
        success: [
          { id: 'wxid_alice', messageId: ids[0] },
          { id: 'wxid_ming', messageId: ids[1] },
        ],
        fail: [],
      },
    });
    assert.deepEqual(await sentMessages(tab), ['wxid_alice: hello', 'wxid_ming: hello']);
    await tab.status('say', 'ready: Bot');
  });

  it('evaluates recipients and content from all sources', async () => {
    const cases: [object, Record<string, unknown>, string][] = [
      [{ to: 'whom', toType: 'msg' }, { whom: ['Bob'], payload: 'a list' }, 'a list'],
      [
        { to: 'wechat.talker', toType: 'msg' },
        { wechat: { talker: { id: 'wxid_bob' } }, payload: 'a person' },
        'a person',
      ],
      [{ to: '$uppercase("b") & "ob"', toType: 'jsonata' }, { payload: 'an expression' }, 'an expression'],
      [{ to: '["Bob"]', toType: 'json' }, { payload: 'JSON' }, 'JSON'],
      [{ to: 'GREETED', toType: 'env' }, { payload: 'the environment' }, 'the environment'],
      [{ to: 'Bob', content: 'fixed', contentValueType: 'str' }, {}, 'fixed'],
      [{ to: 'Bob', content: '"Dear " & name', contentValueType: 'jsonata' }, { name: 'Bob' }, 'Dear Bob'],
      [{ to: '/^Bo/' }, { payload: 'a pattern' }, 'a pattern'],
    ];
    for (const [properties, message, expected] of cases) {
      const tab = await deploySay(properties);
      assertPassed(await tab.outcome('say', message));
      assert.deepEqual(await sentMessages(tab), [`wxid_bob: ${expected}`]);
    }
  });

  it('lets a message override recipients, content type and bot', async () => {
    const other: FlowNode = { id: 'other', type: 'wechat-bot', name: 'Branch' };
    const tab = await deploySay({ to: 'Alice' });
    assertPassed(await tab.outcome('say', { payload: 'to Bob', to: 'Bob' }));
    assertPassed(await tab.outcome('say', { payload: 'a list', to: ['Bob', { id: 'wxid_ming' }] }));
    assertPassed(await tab.outcome('say', { payload: 'https://example.com/', contentType: 'Url' }));
    assert.deepEqual(await sentMessages(tab), [
      'wxid_bob: to Bob',
      'wxid_bob: a list',
      'wxid_ming: a list',
      'wxid_alice: https://example.com/',
    ]);
    await tab.redeploy([
      other,
      { id: 'bot', type: 'wechat-bot' },
      { id: 'say', type: 'wechat-contact-say', to: 'Alice', wires: [['out']] },
      { id: 'out', type: 'test-sink', wires: [] },
    ]);
    await tab.ready();
    await tab.ready('other');
    for (const bot of ['Branch', tab.id('other'), { id: tab.id('other'), name: 'Branch' }]) {
      await tab.send('say', { payload: 'from the branch', bot });
      await tab.sink('out').next(({ payload }) => payload === 'from the branch');
    }
    assert.equal((await sentMessages(tab)).length, 4);
    const branch = await nodeRed.simulation(tab.id('other'), (simulation) => simulation.messages().length);
    assert.equal(branch, 3);
  });

  it('sends to a saved list, whose entries name one each', async () => {
    const tab = await deploySay({ to: ['Alice', 'wxid_ming'] });
    assertPassed(await tab.outcome('say', { payload: 'hi' }));
    assert.equal((await sentMessages(tab)).length, 2);
    const wrong = await deploySay({ to: ['Alice, wxid_ming'] });
    assert.match(
      assertFailed(await wrong.outcome('say', { payload: 'hi' })).error.message,
      /Alice, wxid_ming/,
    );
  });

  it('sends to nobody if a part of a text is unknown', async () => {
    const tab = await deploySay({ to: 'Alice, Nobody' });
    const { error } = assertFailed(await tab.outcome('say', { payload: 'hi' }));
    assert.equal(error.code, 'NOT_FOUND');
    assert.match(error.message, /Nobody/);
    assert.deepEqual(await sentMessages(tab), []);
  });

  it('reports failed recipients in msg.sent and to Catch nodes', async () => {
    const tab = await deploySay({ to: '["Alice","Nobody","Chen Wei"]', toType: 'json' });
    const caught = assertFailed(await tab.outcome('say', { payload: 'hi', topic: 'kept' }));
    assert.match(caught.error.message, /2 of 3 .*Nobody/);
    assert.equal(caught.error.code, 'NOT_FOUND');
    assert.equal(caught.topic, 'kept');
    const { success, fail } = caught.sent as {
      success: { id: string }[];
      fail: { id: string; error: unknown }[];
    };
    assert.deepEqual(
      success.map(({ id }) => id),
      ['wxid_alice'],
    );
    assert.deepEqual(
      fail.map(({ id }) => id),
      ['Nobody', 'Chen Wei'],
    );
    assert.match(JSON.stringify(fail[1]?.error), /INVALID_PARAMS.*wxid_chenwei1, wxid_chenwei2/);
    const status = await tab.status('say', /^2 of 3/);
    assert.deepEqual([status.fill, status.shape], ['red', 'dot']);
    // The error in a message must be plain data.
    assert.deepEqual(Object.keys(caught.error).sort(), ['code', 'message', 'source', 'stack']);
  });

  it('sends a Buffer as a file named msg.filename', async () => {
    const tab = await deploySay({ to: 'Alice', contentType: 'Attachment' });
    assertPassed(await tab.outcome('say', { payload: Buffer.from('a,b'), filename: 'table.csv' }));
    const content = await tab.simulation((simulation) => simulation.messages()[0]?.content);
    assert.deepEqual(content, { kind: 'file', name: 'table.csv', data: Buffer.from('a,b') });

    const nameless = assertFailed(await tab.outcome('say', { payload: Buffer.from('a,b') }));
    assert.match(nameless.error.message, /msg\.filename/);
    assert.equal(nameless.error.code, 'INVALID_PARAMS');
  });

  it('downloads an image once and shows the progress', async () => {
    const picture = Buffer.alloc(200_000, 1);
    let served = 0;
    const server = await serve((_request, response) => {
      served += 1;
      response.writeHead(200, { 'Content-Length': picture.length }).end(picture);
    });
    try {
      const tab = await deploySay({ to: 'Alice, Bob', contentType: 'Image' });
      await tab.status('say', 'ready: Bot');
      assertPassed(await tab.outcome('say', { payload: `${server.url}/cat.png` }));
      const contents = await tab.simulation((simulation) =>
        simulation.messages().map(({ content }) => content),
      );
      const image = { kind: 'image', name: 'cat.png', data: picture };
      assert.deepEqual(contents, [image, image]);
      assert.equal(served, 1);
      const statuses = (await nodeRed.comms()).statusOf(tab.id('say'));
      await statuses.next(({ text }) => text === 'fetching cat.png: 100 %');
    } finally {
      await server.close();
    }
  });

  it('shows the number of sent messages', async () => {
    const tab = await deploySay({ to: '/./' }, { options: '{"contacts": 10}' });
    await tab.status('say', 'ready: Bot');
    assertPassed(await tab.outcome('say', { payload: 'hi' }));
    const statuses = (await nodeRed.comms()).statusOf(tab.id('say'));
    await statuses.next(({ text }) => text === 'sending 10/10');
    const counted = statuses.all.map(({ text = '' }) => text).filter((text) => text.startsWith('sending'));
    assert.deepEqual(
      counted,
      Array.from({ length: 10 }, (_, index) => `sending ${index + 1}/10`),
    );
    await tab.status('say', 'ready: Bot');
  });

  it('rejects invalid input', async () => {
    const cases: [object, Record<string, unknown>, RegExp, string][] = [
      [{ to: 'Alice' }, {}, /content is empty/, 'INVALID_PARAMS'],
      [{ to: 'Alice' }, { payload: ' ' }, /content is empty/, 'INVALID_PARAMS'],
      [{ to: '' }, { payload: 'hi' }, /Nobody to send to/, 'INVALID_PARAMS'],
      [{ to: 'whom.id', toType: 'msg' }, { payload: 'hi' }, /Nobody to send to/, 'INVALID_PARAMS'],
      [{ to: '(', toType: 'jsonata' }, { payload: 'hi' }, /property to could not be read/, 'INVALID_PARAMS'],
      [{ to: '/(/' }, { payload: 'hi' }, /not a valid regular expression/, 'INVALID_PARAMS'],
      [
        { to: 'Alice', contentType: 'Telegram' },
        { payload: 'hi' },
        /contentType must be one of Text, Image/,
        'INVALID_PARAMS',
      ],
      [{ to: 'Alice' }, { payload: { a: 1 } }, /cannot be sent as Text/, 'INVALID_PARAMS'],
      [{ to: 'Alice' }, { payload: 'hi', bot: 'Nobody' }, /msg\.bot is Nobody/, 'INVALID_PARAMS'],
      [{ to: 'Alice', contentType: 'Image' }, { payload: '/no/such.png' }, /There is no file/, 'NOT_FOUND'],
    ];
    for (const [properties, message, sentence, code] of cases) {
      const node = { id: 'say', type: 'wechat-contact-say', ...properties };
      const other = await FlowTab.deployNode(nodeRed, node);
      const { error } = assertFailed(await other.outcome('say', message));
      assert.match(error.message, sentence);
      assert.equal(error.code, code, error.message);
      assert.deepEqual(await sentMessages(other), []);
    }
  });
});
