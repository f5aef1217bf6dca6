import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect } from 'node:net';
import { defaults } from '../../src/nodes/on-event/properties';
import { FlowTab } from '../support/flow-tab';
import { type NodeRed, startNodeRed } from '../support/node-red';

interface Entry {
  seq: number;
  timestamp: number;
  kind: 'event' | 'command';
  name: string;
  summary: string;
  node?: string;
  nodes?: string[];
  ok?: boolean;
  error?: string;
  body: unknown;
}

/** One server-sent event. */
interface Told {
  event: string;
  data: Record<string, unknown>;
}

/** The events of a stream, one by one. */
async function* told(response: Response): AsyncGenerator<Told> {
  assert.ok(response.body);
  let rest = '';
  for await (const piece of response.body.pipeThrough(new TextDecoderStream())) {
    const blocks = (rest + piece).split('\n\n');
    rest = blocks.pop() ?? '';
    for (const block of blocks) {
      const event = /^event: (.*)$/m.exec(block)?.[1];
      const data = /^data: (.*)$/m.exec(block)?.[1];
      if (event && data) yield { event, data: JSON.parse(data) as Record<string, unknown> };
    }
  }
}

const token = 'puppet_token_77aa01';

describe('the activity of a bot in the admin API', () => {
  let nodeRed: NodeRed;
  let tab: FlowTab;
  const nodes = [
    { id: 'bot', type: 'wechat-bot', options: '{"login": "scan"}', credentials: { token } },
    { id: 'in', type: 'wechat-on-event', events: ['message'], wires: [['reply']] },
    { id: 'also', type: 'wechat-on-event', events: ['message'], from: 'Alice', wires: [[]] },
    {
      id: 'reply',
      type: 'wechat-message-reply',
      content: 'dong',
      contentValueType: 'str',
      wires: [['answered']],
    },
    { id: 'answered', type: 'test-sink', wires: [] },
    { id: 'command', type: 'wechat-command', command: 'selfQrcodeGet', wires: [['answered']] },
  ];

  before(async () => {
    nodeRed = await startNodeRed();
    tab = await FlowTab.deploy(nodeRed, ...nodes);
    await tab.status('in', /^scan the QR code/);
    await tab.world((world) => world.scan());
    await tab.ready();
  });

  after(() => nodeRed.stop());

  const path = (rest: string): string => `wechat/bots/${tab.id('bot')}/${rest}`;

  async function get<Answer>(of: string, status = 200): Promise<Answer> {
    const response = await nodeRed.request(of);
    assert.equal(response.status, status, of);
    return (await response.json()) as Answer;
  }

  const activity = (after = ''): Promise<{ entries: Entry[]; cursor: string }> =>
    get(path(`activity?after=${after}`));

  async function exchange(text: string, from = 'Ming'): Promise<void> {
    await tab.world((world, [who, said]) => void world.contact(who).say(said).to(), [from, text] as const);
    await tab.sink('answered').next();
  }

  it('tells of messages, of the nodes that got them and of the answers', async () => {
    const { cursor } = await activity();
    await exchange('ding', 'Alice');
    const { entries, cursor: next } = await activity(cursor);
    const heard = entries.find(({ name, summary }) => name === 'message' && summary.includes('ding'));
    assert.equal(heard?.kind, 'event');
    assert.equal(heard.summary, 'Alice → Bot: ding');
    assert.equal(heard.node, tab.id('in'));
    assert.deepEqual(heard.nodes, [tab.id('in'), tab.id('also')]);
    assert.equal((heard.body as { message: { text: string } }).message.text, 'ding');
    const answered = entries.find(({ kind }) => kind === 'command');
    assert.equal(answered?.name, 'messageSay');
    assert.equal(answered.node, tab.id('reply'));
    assert.equal(answered.ok, true);
    assert.match(JSON.stringify(answered.body), /dong/);
    assert.deepEqual((await activity(next)).entries, []);
  });

  it('counts what came in and what went out', async () => {
    const counts = async (): Promise<[number, number]> => {
      const [bot] = await get<{ received: number; sent: number }[]>('wechat/bots');
      assert.ok(bot);
      return [bot.received, bot.sent];
    };
    const [received, sent] = await counts();
    await exchange('ding');
    assert.deepEqual(await counts(), [received + 1, sent + 1]);
  });

  it('says why a command failed', async () => {
    const { cursor } = await activity();
    await tab.world((world) => {
      world.faults = { rejectAll: true };
    });
    const failed = nodeRed.logged(/fails on purpose/);
    await tab.send('command', { payload: {} });
    await failed;
    await tab.world((world) => {
      world.faults = {};
    });
    const entry = (await activity(cursor)).entries.find(({ name }) => name === 'selfQrcodeGet');
    assert.equal(entry?.ok, false);
    assert.match(entry.error ?? '', /contactSelfQRCode failed/);
  });

  it('keeps codes, tokens and sessions to itself', async () => {
    await tab.send('command', { payload: {} });
    const { payload } = await tab.sink('answered').next();
    const { qrcode } = payload as { qrcode: string };
    assert.match(qrcode, /^https:/);
    const told = JSON.stringify(await activity());
    assert.match(told, /"name":"scan"/);
    assert.match(told, /selfQrcodeGet/);
    for (const secret of [qrcode, token, 'login.weixin.qq.com']) assert.ok(!told.includes(secret), secret);
  });

  it('is not lost by a deploy, and stays small', async () => {
    const before = (await activity()).entries;
    await tab.redeploy([...nodes, { id: 'sink', type: 'test-sink', wires: [] }]);
    await tab.ready();
    const after = (await activity()).entries;
    assert.deepEqual(after.slice(0, before.length), before);
    await tab.world(async (world) => {
      const ming = world.contact('wxid_ming');
      for (let count = 0; count < 200; count += 1) ming.say('x'.repeat(20_000)).to();
      await world.nextMessage({ from: world.self });
    });
    for (let count = 0; count < 200; count += 1) await tab.sink('answered').next();
    const { entries } = await activity();
    assert.equal(entries.length, 500);
    for (const { body } of entries) assert.ok(JSON.stringify(body).length <= 8192);
  });

  it('tries the filter of on-event on the last messages', async () => {
    await exchange('buy apples');
    await exchange('sell pears', 'Bob');
    const preview = async (filters: object, status = 200): Promise<Record<string, unknown>> => {
      const response = await nodeRed.request(path('preview'), { method: 'POST', body: filters });
      assert.equal(response.status, status);
      return (await response.json()) as Record<string, unknown>;
    };
    const matching = async (filters: object): Promise<string[]> => {
      const { messages } = await preview({ ...defaults, ...filters });
      return (messages as { text: string; matches: boolean }[])
        .filter(({ text, matches }) => matches && / (apples|pears)$/.test(text))
        .map(({ text }) => text);
    };
    assert.deepEqual(await matching({}), ['buy apples', 'sell pears']);
    assert.deepEqual(await matching({ from: '鲍勃' }), ['sell pears']);
    assert.deepEqual(await matching({ textMatch: '^BUY', textMatchType: 'regex' }), []);
    assert.deepEqual(await matching({ textMatch: '/^BUY/i', textMatchType: 'regex' }), ['buy apples']);
    assert.deepEqual(await matching({ events: ['login'] }), []);
    assert.match(String((await preview({ from: '/(/' }, 400)).error), /not a valid regular expression/);
    assert.match(
      String((await preview({ textMatchType: 'magic' }, 400)).error),
      /textMatchType .*\(contains, /,
    );
    const endless = { textMatch: '^(x+)+$', textMatchType: 'regex' };
    await tab.world(
      (world) =>
        void world
          .contact('Ming')
          .say(`${'x'.repeat(60)}!`)
          .to(),
    );
    await tab.sink('answered').next();
    assert.match(String((await preview(endless, 400)).error), /takes too long/);
  });

  it('hangs up on those who do not read', async () => {
    const { hostname, port } = new URL(nodeRed.url);
    const socket = connect(Number(port), hostname);
    const closed = once(socket, 'close');
    socket.on('error', () => undefined);
    socket.write('GET /wechat/live HTTP/1.1\r\nHost: localhost\r\n\r\n');
    await once(socket, 'readable');
    await tab.world((world) => {
      for (let count = 0; count < 800; count += 1) world.self.say('x'.repeat(40_000)).in('Team');
    });
    // Only a stream that was cut off ends when it is read at last.
    socket.resume();
    await closed;
  });

  it('streams what happens to those who listen', async () => {
    const response = await nodeRed.request('wechat/live');
    assert.match(response.headers.get('content-type') ?? '', /^text\/event-stream/);
    const stream = told(response);
    const next = async (event: string, fits: (data: Told['data']) => boolean): Promise<Told['data']> => {
      for (;;) {
        const step = await stream.next();
        if (step.done) throw new Error(`the stream ended before ${event}`);
        if (step.value.event === event && fits(step.value.data)) return step.value.data;
      }
    };
    assert.equal(typeof (await next('hello', () => true)).run, 'string');
    await next('bots', (data) => Array.isArray(data));
    await tab.world((world) => void world.contact('Ming').say('live').to());
    const { bot, message } = await next('message', () => true);
    assert.equal(bot, tab.id('bot'));
    assert.equal((message as { text: string }).text, 'live');
    const { entry } = await next('activity', ({ entry: told }) => (told as Entry).name === 'messageSay');
    assert.equal((entry as Entry).node, tab.id('reply'));
    const bots = await get<{ received: number }[]>('wechat/bots');
    await next('bots', (data) => {
      return (data as unknown as { received: number }[])[0]?.received === bots[0]?.received;
    });
    await tab.world((world) => world.phoneLogout());
    await next('bots', (data) => (data as unknown as { state: string }[])[0]?.state === 'scanning');
    await nodeRed.restart();
    // A connection that is cut ends a stream as well as one that is closed.
    const ended = async (): Promise<boolean> =>
      (await stream.next().catch(() => ({ done: true }))).done === true;
    while (!(await ended()));
  });
});
