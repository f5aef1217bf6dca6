import assert from 'node:assert/strict';
import { FlowTab } from '../support/flow-tab';
import { type NodeRed, startNodeRed } from '../support/node-red';

/** A message as in the API. */
interface MessageEntry {
  id: string;
  from: string;
  room: string | null;
  type: string;
  text: string;
  timestamp: number;
  self: boolean;
  recalled?: boolean;
  file?: { name: string; size: number; mime?: string };
}

interface SimulationView {
  self: { id: string; name: string } | null;
  contacts: { id: string; name: string; alias: string; friend: boolean }[];
  rooms: { id: string; topic: string; memberIds: string[] }[];
  conversations: { id: string; kind: string; name: string; count: number; last?: MessageEntry }[];
  login: { waiting: boolean; scanned: boolean };
  faults: { offline: boolean; slow: number; sendsFail: boolean };
}

const png = Buffer.from('89504e470d0a1a0a0000000d49484452', 'hex');

describe('admin API: simulator', () => {
  let nodeRed: NodeRed;
  let tab: FlowTab;

  before(async () => {
    nodeRed = await startNodeRed();
    tab = await FlowTab.deploy(
      nodeRed,
      { id: 'bot', type: 'wechat-bot', options: '{"login": "scan"}' },
      { id: 'other', type: 'wechat-bot', name: 'Real', puppet: 'wechaty-puppet-nowhere', autoStart: false },
      { id: 'idle', type: 'wechat-bot', name: 'Idle', autoStart: false },
      { id: 'in', type: 'wechat-on-event', events: ['message'], wires: [['reply']] },
      { id: 'reply', type: 'wechat-message-reply', content: 'dong', contentValueType: 'str', wires: [[]] },
      { id: 'friend', type: 'wechat-on-event', events: ['friendship'], wires: [['friends']] },
      { id: 'friends', type: 'test-sink', wires: [] },
    );
  });

  after(() => nodeRed.stop());

  const path = (rest: string, bot = 'bot'): string => `wechat/bots/${tab.id(bot)}/simulator${rest}`;

  async function get<Answer>(rest = '', status = 200): Promise<Answer> {
    const response = await nodeRed.request(path(rest));
    assert.equal(response.status, status, rest);
    return (await response.json()) as Answer;
  }

  async function post<Answer>(action: string, body: unknown, status = 200): Promise<Answer> {
    const response = await nodeRed.request(path(`/${action}`), { method: 'POST', body });
    const result = (await response.json()) as Answer;
    assert.equal(response.status, status, `${action}: ${JSON.stringify(result)}`);
    return result;
  }

  async function assertRejected(
    action: string,
    body: unknown,
    status: number,
    pattern: RegExp,
  ): Promise<void> {
    assert.match((await post<{ error: string }>(action, body, status)).error, pattern);
  }

  it('logs in by a scan, and rejects wrong and expired codes', async () => {
    await tab.status('in', /^scan the QR code/);
    assert.equal((await get<SimulationView>()).login.waiting, true);
    await assertRejected('scan', { code: 'wrong' }, 409, /not the QR code/);
    await assertRejected('scan', { code: 'expired' }, 409, /expired/);
    const first = await tab.simulation((simulation) => simulation.qrCode);
    await post('scan', { expire: true });
    const second = await tab.simulation((simulation) => simulation.qrCode);
    assert.notEqual(second, first);
    await assertRejected('scan', { code: first }, 409, /not the QR code/);
    await post('scan', { code: second });
    await tab.ready();
    assert.equal((await get<SimulationView>()).login.waiting, false);
    await assertRejected('scan', {}, 409, /No QR code waits/);
    await post('phone-logout', {});
    await tab.status('in', /^scan the QR code/);
    await post('scan', {});
    await tab.ready();
  });

  it('reports that a code was scanned until another scan confirms', async () => {
    await post('phone-logout', {});
    await tab.status('in', /^scan the QR code/);
    assert.deepEqual((await get<SimulationView>()).login, { waiting: true, scanned: false });
    await post('scan', { confirm: false });
    await tab.status('in', /confirm/);
    assert.deepEqual((await get<SimulationView>()).login, { waiting: true, scanned: true });
    const login = await nodeRed.request(`wechat/bots/${tab.id('bot')}/login`);
    assert.equal(((await login.json()) as { status: string }).status, 'scanned');
    await post('scan', {});
    await tab.ready();
    assert.deepEqual((await get<SimulationView>()).login, { waiting: false, scanned: false });
  });

  it('returns contacts, rooms, conversations and faults', async () => {
    const { self, contacts, rooms, conversations, faults } = await get<SimulationView>();
    assert.deepEqual(self, { id: 'wxid_bot', name: 'Bot' });
    assert.deepEqual(contacts[0], { id: 'wxid_ming', name: 'Ming', alias: '小明', friend: true });
    const team = rooms.find(({ topic }) => topic === 'Team');
    assert.deepEqual(team?.memberIds, ['wxid_bot', 'wxid_ming', 'wxid_alice', 'wxid_bob']);
    assert.ok(conversations.some(({ id, kind }) => id === team.id && kind === 'room'));
    assert.ok(
      conversations.some(({ id, kind, name }) => id === 'wxid_ming' && kind === 'contact' && name === '小明'),
    );
    assert.deepEqual(faults, { offline: false, slow: 0, sendsFail: false });
  });

  it('sends a text and returns the reply of the flow', async () => {
    const { cursor } = await get<{ cursor: string | null }>('/messages');
    const { messageId } = await post<{ messageId: string }>('say', { from: 'wxid_ming', text: 'ding' });
    await tab.simulation(
      (simulation, id) => simulation.nextReply(simulation.wechat.conversations.get(id)).then(() => undefined),
      messageId,
    );
    const { messages } = await get<{ messages: MessageEntry[] }>(
      `/messages?conversation=wxid_ming&after=${cursor ?? ''}`,
    );
    assert.deepEqual(
      messages.map(({ from, room, type, text, self }) => ({ from, room, type, text, self })),
      [
        { from: 'wxid_ming', room: null, type: 'Text', text: 'ding', self: false },
        { from: 'wxid_bot', room: null, type: 'Text', text: 'dong', self: true },
      ],
    );
    assert.equal(messages[0]?.id, messageId);
    assert.ok(Math.abs(Date.now() - messages[0].timestamp) < 600_000);
    const { conversations } = await get<SimulationView>();
    assert.equal(conversations[0]?.id, 'wxid_ming');
    assert.equal(conversations[0].last?.text, 'dong');
    assert.equal(conversations[0].count, 2);
  });

  it('sends to rooms with mentions, and accepts names as ids', async () => {
    const { messageId } = await post<{ messageId: string }>('say', {
      from: 'Alice',
      room: 'Team',
      text: 'hi',
      mentions: ['wxid_bot'],
    });
    const { messages } = await get<{ messages: (MessageEntry & { mentions: string[] })[] }>(
      '/messages?limit=5000',
    );
    const said = messages.find(({ id }) => id === messageId);
    assert.deepEqual(said?.mentions, ['wxid_bot']);
    assert.equal(said.text, '@Bot\u2005hi');
    // As the editor sends it, with WeChat's text for "all".
    const text = '@所有人\u2005hi';
    await post('say', { from: 'Alice', room: 'Team', text, mentions: ['all'] });
    const after = await get<{ messages: (MessageEntry & { mentions: string[] })[] }>(
      `/messages?after=${messageId}`,
    );
    const toAll = after.messages.find((message) => message.text === text);
    assert.ok(toAll?.mentions.includes('wxid_bot'));
  });

  it('paginates forwards and backwards', async () => {
    const ids: string[] = [];
    for (const text of ['1', '2', '3', '4', '5']) {
      ids.push(
        (await post<{ messageId: string }>('say', { from: 'wxid_bot', to: 'wxid_bob', text })).messageId,
      );
    }
    interface Page {
      messages: MessageEntry[];
      cursor: string;
    }
    const texts = async (query: string): Promise<string> =>
      (await get<Page>(`/messages?conversation=wxid_bob&${query}`)).messages.map(({ text }) => text).join('');
    assert.equal(await texts('limit=2'), '45');
    assert.equal(await texts(`limit=2&before=${ids[3] ?? ''}`), '23');
    const first = await get<Page>(`/messages?conversation=wxid_bob&limit=2&after=${ids[0] ?? ''}`);
    assert.equal(first.messages.map(({ text }) => text).join(''), '23');
    assert.equal(await texts(`after=${first.cursor}`), '45');
    assert.equal(
      await texts('after=99999999999999999'),
      '12345',
      'a cursor of a previous simulation returns all messages',
    );
  });

  it('serves images inline and other files as attachments', async () => {
    const picture = { name: 'cat.png', base64: png.toString('base64') };
    const { messageId: image } = await post<{ messageId: string }>('say', {
      from: 'wxid_ming',
      file: picture,
    });
    const evil = { name: 'x.png', base64: Buffer.from('<script>alert(1)</script>').toString('base64') };
    const { messageId: other } = await post<{ messageId: string }>('say', { from: 'wxid_ming', file: evil });
    const { messages } = await get<{ messages: MessageEntry[] }>('/messages');
    assert.deepEqual(messages.find(({ id }) => id === image)?.file, {
      name: 'cat.png',
      size: png.length,
      mime: 'image/png',
    });
    const shown = await nodeRed.request(path(`/messages/${image}/file`));
    assert.equal(shown.headers.get('content-type'), 'image/png');
    assert.deepEqual(Buffer.from(await shown.arrayBuffer()), png);
    const saved = await nodeRed.request(path(`/messages/${other}/file`));
    assert.equal(saved.headers.get('content-type'), 'application/octet-stream');
    assert.match(saved.headers.get('content-disposition') ?? '', /^attachment/);
    assert.equal(saved.headers.get('x-content-type-options'), 'nosniff');
    assert.match(saved.headers.get('content-security-policy') ?? '', /sandbox/);
    await assertRejected('say', { from: 'wxid_ming', file: { name: 'x', base64: '$$$' } }, 400, /base64/);
  });

  it('accepts bodies up to 8 MB with a JSON type that Node-RED does not parse', async () => {
    const send = (bytes: number): Promise<Response> =>
      nodeRed.request(path('/say'), {
        method: 'POST',
        headers: { 'Content-Type': 'application/wechat+json' },
        body: {
          from: 'wxid_ming',
          file: { name: 'big.bin', base64: Buffer.alloc(bytes).toString('base64') },
        },
      });
    assert.equal((await send(5_500_000)).status, 200);
    const tooLarge = await send(7_000_000);
    assert.equal(tooLarge.status, 413);
    assert.match(((await tooLarge.json()) as { error: string }).error, /8 MB/);
  });

  it('recalls a message once', async () => {
    const { messageId } = await post<{ messageId: string }>('say', { from: 'wxid_ming', text: 'oops' });
    await post('recall', { message: messageId });
    const { messages } = await get<{ messages: MessageEntry[] }>('/messages');
    assert.equal(messages.find(({ id }) => id === messageId)?.recalled, true);
    await assertRejected('recall', { message: messageId }, 409, /could not be recalled/);
    await assertRejected('recall', { message: '5' }, 404, /no message 5/);
  });

  it('returns type and sender of the last message of a conversation', async () => {
    const mistake = { from: 'wxid_bot', to: 'wxid_alice', text: 'from the phone' };
    const { messageId } = await post<{ messageId: string }>('say', mistake);
    const last = async (): Promise<MessageEntry | undefined> =>
      (await get<SimulationView>()).conversations.find(({ id }) => id === 'wxid_alice')?.last;
    let said = await last();
    assert.deepEqual([said?.from, said?.type, said?.text], ['wxid_bot', 'Text', 'from the phone']);
    await post('recall', { message: messageId });
    said = await last();
    assert.deepEqual([said?.from, said?.type], ['wxid_bot', 'Recalled']);
  });

  it('creates friend requests, joins and leaves rooms', async () => {
    await assertRejected('say', { from: 'Grace', text: 'hi' }, 409, /not a friend/);
    await post('friend-request', { from: 'wxid_grace', text: 'hello' });
    const friendship = await tab.sink('friends').next();
    assert.match(JSON.stringify(friendship.payload), /wxid_grace/);
    await assertRejected('friend-request', { from: 'wxid_ming' }, 409, /friend of the bot already/);
    const members = async (): Promise<string[]> =>
      (await get<SimulationView>()).rooms.find(({ topic }) => topic === 'Team')?.memberIds ?? [];
    await post('join', { room: 'Team', contact: 'wxid_tom', inviter: 'wxid_ming' });
    assert.ok((await members()).includes('wxid_tom'));
    await assertRejected('join', { room: 'Team', contact: 'wxid_tom' }, 409, /already/);
    await post('leave', { room: 'Team', contact: 'wxid_tom' });
    assert.ok(!(await members()).includes('wxid_tom'));
    await assertRejected('leave', { room: 'Team', contact: 'wxid_tom' }, 409, /not in the room/);
  });

  it('injects and removes faults', async () => {
    assert.deepEqual(await post('faults', { sendsFail: true, slow: 20 }), {
      offline: false,
      slow: 20,
      sendsFail: true,
    });
    assert.deepEqual((await get<SimulationView>()).faults, { offline: false, slow: 20, sendsFail: true });
    await post('faults', { sendsFail: false, slow: 0, offline: true });
    await tab.status('in', /^restarting/);
    await post('faults', { offline: false });
    await tab.ready();
  });

  it('rejects invalid requests', async () => {
    await assertRejected('say', { text: 'hi' }, 400, /must have required properties from/);
    await assertRejected('say', { from: 'wxid_ming' }, 400, /either a text or a file/);
    await assertRejected('say', { from: 'wxid_ming', text: 'hi', rom: 'x' }, 400, /rom/);
    await assertRejected('say', { from: 'nobody', text: 'hi' }, 404, /no contact/);
    await assertRejected('say', { from: 'Chen Wei', text: 'hi' }, 400, /more than one/);
    await assertRejected('say', { from: 'wxid_ming', room: 'nowhere', text: 'hi' }, 404, /no room/);
    await assertRejected('say', { from: 'wxid_bot', text: 'hi' }, 400, /to is missing/);
    await assertRejected('faults', { slow: -1 }, 400, /slow/);
    assert.match((await get<{ error: string }>('/messages?limit=0', 400)).error, /limit/);
    assert.match((await get<{ error: string }>('/messages?after=x', 400)).error, /after/);
    assert.match(
      (await get<{ error: string }>('/messages?conversation=x', 404)).error,
      /no contact and no room/,
    );
    for (const [bot, rest, pattern] of [
      ['other', '', /real account/],
      ['idle', '/messages', /start the bot/],
    ] as const) {
      const response = await nodeRed.request(path(rest, bot));
      assert.equal(response.status, 409);
      assert.match(((await response.json()) as { error: string }).error, pattern);
    }
    const idle = (await (await nodeRed.request(path('', 'idle'))).json()) as SimulationView;
    assert.deepEqual([idle.self, idle.contacts, idle.login.waiting], [null, [], false]);
    assert.equal((await nodeRed.request('wechat/bots/nobody/simulator')).status, 404);
  });

  it('rejects cross-site requests and non-JSON bodies', async () => {
    const say = (headers: Record<string, string>): Promise<Response> =>
      nodeRed.request(path('/say'), { method: 'POST', headers, body: { from: 'wxid_ming', text: 'forged' } });
    assert.equal((await say({ 'Content-Type': 'text/plain' })).status, 415);
    assert.equal((await say({ 'Content-Type': 'application/x-www-form-urlencoded' })).status, 415);
    assert.equal((await say({ Origin: 'https://evil.example' })).status, 403);
    assert.equal((await say({ 'Sec-Fetch-Site': 'cross-site' })).status, 403);
    assert.equal((await say({ Origin: new URL(nodeRed.url).origin })).status, 200);
    const stop = { method: 'POST', headers: { Origin: 'null' } };
    assert.equal((await nodeRed.request(`wechat/bots/${tab.id('bot')}/stop`, stop)).status, 403);
    const peek = { headers: { Origin: 'https://evil.example' } };
    assert.equal((await nodeRed.request(`wechat/bots/${tab.id('bot')}/login`, peek)).status, 403);
  });
});
