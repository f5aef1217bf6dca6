import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect } from 'node:net';
import { defaults } from '../../src/nodes/on-event/properties';
import { FlowTab } from '../support/flow-tab';
import { type NodeRed, startNodeRed } from '../support/node-red';

interface ActivityEntry {
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
interface ServerSentEvent {
  event: string;
  data: Record<string, unknown>;
}

/** Parses an event stream. */
async function* readEvents(response: Response): AsyncGenerator<ServerSentEvent> {
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

describe('admin API: activity', () => {
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
    await tab.simulation((simulation) => simulation.scan());
    await tab.ready();
  });

  after(() => nodeRed.stop());

  const path = (rest: string): string => `wechat/bots/${tab.id('bot')}/${rest}`;

  async function get<Answer>(of: string, status = 200): Promise<Answer> {
    const response = await nodeRed.request(of);
    assert.equal(response.status, status, of);
    return (await response.json()) as Answer;
  }

  const activity = (after = ''): Promise<{ entries: ActivityEntry[]; cursor: string }> =>
    get(path(`activity?after=${after}`));

  async function sendAndReply(text: string, from = 'Ming'): Promise<void> {
    await tab.simulation((simulation, [who, said]) => void simulation.contact(who).say(said).to(), [
      from,
      text,
    ] as const);
    await tab.sink('answered').next();
  }

  it('lists messages with the nodes that received them, and replies', async () => {
    const { cursor } = await activity();
    await sendAndReply('ding', 'Alice');
    const { entries, cursor: next } = await activity(cursor);
    const received = entries.find(({ name, summary }) => name === 'message' && summary.includes('ding'));
    assert.equal(received?.kind, 'event');
    assert.equal(received.summary, 'Alice → Bot: ding');
    assert.equal(received.node, tab.id('in'));
    assert.deepEqual(received.nodes, [tab.id('in'), tab.id('also')]);
    assert.equal((received.body as { message: { text: string } }).message.text, 'ding');
    const command = entries.find(({ kind }) => kind === 'command');
    assert.equal(command?.name, 'messageSay');
    assert.equal(command.node, tab.id('reply'));
    assert.equal(command.ok, true);
    assert.match(JSON.stringify(command.body), /dong/);
    assert.deepEqual((await activity(next)).entries, []);
  });

  it('counts received and sent messages', async () => {
    const counts = async (): Promise<[number, number]> => {
      const [bot] = await get<{ received: number; sent: number }[]>('wechat/bots');
      assert.ok(bot);
      return [bot.received, bot.sent];
    };
    const [received, sent] = await counts();
    await sendAndReply('ding');
    assert.deepEqual(await counts(), [received + 1, sent + 1]);
  });

  it('lists failed commands with their errors', async () => {
    const { cursor } = await activity();
    await tab.simulation((simulation) => {
      simulation.faults = { rejectAll: true };
    });
    const failed = nodeRed.logged(/fails on purpose/);
    await tab.send('command', { payload: {} });
    await failed;
    await tab.simulation((simulation) => {
      simulation.faults = {};
    });
    const entry = (await activity(cursor)).entries.find(({ name }) => name === 'selfQrcodeGet');
    assert.equal(entry?.ok, false);
    assert.match(entry.error ?? '', /contactSelfQRCode failed/);
  });

  it('contains no QR codes, tokens and sessions', async () => {
    await tab.send('command', { payload: {} });
    const { payload } = await tab.sink('answered').next();
    const { qrcode } = payload as { qrcode: string };
    assert.match(qrcode, /^https:/);
    const serialized = JSON.stringify(await activity());
    assert.match(serialized, /"name":"scan"/);
    assert.match(serialized, /selfQrcodeGet/);
    for (const secret of [qrcode, token, 'login.weixin.qq.com'])
      assert.ok(!serialized.includes(secret), secret);
  });

  it('survives a deploy and stays within its limits', async () => {
    const before = (await activity()).entries;
    await tab.redeploy([...nodes, { id: 'sink', type: 'test-sink', wires: [] }]);
    await tab.ready();
    const after = (await activity()).entries;
    assert.deepEqual(after.slice(0, before.length), before);
    await tab.simulation(async (simulation) => {
      const ming = simulation.contact('wxid_ming');
      for (let count = 0; count < 200; count += 1) ming.say('x'.repeat(20_000)).to();
      await simulation.nextMessage({ from: simulation.self });
    });
    for (let count = 0; count < 200; count += 1) await tab.sink('answered').next();
    const { entries } = await activity();
    assert.equal(entries.length, 500);
    for (const { body } of entries) assert.ok(JSON.stringify(body).length <= 8192);
  });

  it('previews a filter on the latest messages', async () => {
    await sendAndReply('buy apples');
    await sendAndReply('sell pears', 'Bob');
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
    assert.deepEqual(await matching({ chat: 'room' }), []);
    assert.deepEqual(await matching({ contactType: 'official' }), []);
    assert.deepEqual(await matching({ chat: 'direct', contactType: 'person', maxAge: 3600 }), [
      'buy apples',
      'sell pears',
    ]);
    assert.match(String((await preview({ from: '/(/' }, 400)).error), /not a valid regular expression/);
    assert.match(
      String((await preview({ textMatchType: 'magic' }, 400)).error),
      /textMatchType .*\(contains, /,
    );
    const endless = { textMatch: '^(x+)+$', textMatchType: 'regex' };
    await tab.simulation(
      (simulation) =>
        void simulation
          .contact('Ming')
          .say(`${'x'.repeat(60)}!`)
          .to(),
    );
    await tab.sink('answered').next();
    assert.equal((await matching(endless)).length, 0);
  });

  it('closes the event stream of a client that does not read', async () => {
    const { hostname, port } = new URL(nodeRed.url);
    const socket = connect(Number(port), hostname);
    const closed = once(socket, 'close');
    socket.on('error', () => undefined);
    socket.write('GET /wechat/live HTTP/1.1\r\nHost: localhost\r\n\r\n');
    await once(socket, 'readable');
    await tab.simulation((simulation) => {
      for (let count = 0; count < 800; count += 1) simulation.self.say('x'.repeat(40_000)).in('Team');
    });
    // The stream ends only if the server has closed it.
    socket.resume();
    await closed;
  });

  it('streams messages, activity and bot states', async () => {
    const response = await nodeRed.request('wechat/live');
    assert.match(response.headers.get('content-type') ?? '', /^text\/event-stream/);
    const stream = readEvents(response);
    const next = async (
      event: string,
      fits: (data: ServerSentEvent['data']) => boolean,
    ): Promise<ServerSentEvent['data']> => {
      for (;;) {
        const step = await stream.next();
        if (step.done) throw new Error(`the stream ended before ${event}`);
        if (step.value.event === event && fits(step.value.data)) return step.value.data;
      }
    };
    assert.equal(typeof (await next('hello', () => true)).run, 'string');
    await next('bots', (data) => Array.isArray(data));
    await tab.simulation((simulation) => void simulation.contact('Ming').say('live').to());
    const { bot, message } = await next('message', () => true);
    assert.equal(bot, tab.id('bot'));
    assert.equal((message as { text: string }).text, 'live');
    const { entry } = await next(
      'activity',
      ({ entry: streamed }) => (streamed as ActivityEntry).name === 'messageSay',
    );
    assert.equal((entry as ActivityEntry).node, tab.id('reply'));
    const bots = await get<{ received: number }[]>('wechat/bots');
    await next('bots', (data) => {
      return (data as unknown as { received: number }[])[0]?.received === bots[0]?.received;
    });
    await tab.simulation((simulation) => simulation.phoneLogout());
    await next('bots', (data) => (data as unknown as { state: string }[])[0]?.state === 'scanning');
    await nodeRed.restart();
    // A reset connection throws instead of ending the stream.
    const ended = async (): Promise<boolean> =>
      (await stream.next().catch(() => ({ done: true }))).done === true;
    while (!(await ended()));
  });
});
