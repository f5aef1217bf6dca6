import assert from 'node:assert/strict';
import { type FlowNode, type NodeRed, startNodeRed } from '../support/node-red';
import { FlowTab } from '../support/flow-tab';

describe('the on-event node', () => {
  let nodeRed: NodeRed;

  before(async () => {
    nodeRed = await startNodeRed();
  });

  after(() => nodeRed.stop());

  /** Listens with these properties. */
  const listening = (properties: object): Promise<FlowTab> =>
    FlowTab.around(nodeRed, { id: 'in', type: 'wechat-on-event', ...properties });

  /** The payloads a node lets through of a conversation in which something of everything is said. */
  async function heard(properties: object): Promise<unknown[]> {
    const tab = await FlowTab.deploy(
      nodeRed,
      { id: 'bot', type: 'wechat-bot' },
      { id: 'in', type: 'wechat-on-event', ...properties, wires: [['out']] },
      { id: 'all', type: 'wechat-on-event', includeSelf: true, textMatch: 'over', wires: [['over']] },
      { id: 'out', type: 'test-sink', wires: [] },
      { id: 'over', type: 'test-sink', wires: [] },
    );
    await tab.ready();
    await tab.world((world) => {
      world.contact('Ming').say('price of tea?').to();
      world.contact('Alice').say('Price, please').to();
      world.contact('Bob').say(' price ').in('Team');
      world
        .contact('Ming')
        .say('hello', { mentions: [world.self] })
        .in('周末爬山');
      world
        .contact('Alice')
        .say({ kind: 'image', name: 'cat.png', data: Buffer.from('x') })
        .to();
      world.self.say('mine').to('Ming');
      world.contact('李雷').say('over').to();
    });
    await tab.sink('over').next();
    await tab.quiet();
    return tab
      .sink('out')
      .all.map(({ payload }) => (typeof payload === 'string' ? payload : (payload as { type: string }).type));
  }

  it('tells of a message as promised', async () => {
    const tab = await listening({});
    const { room, said } = await tab.world((world) => {
      const { id, timestamp } = world
        .contact('Ming')
        .say('ding', { mentions: [world.self] })
        .in('Team');
      return { room: world.room('Team').id, said: { id, timestamp } };
    });
    const { topic, payload, wechat, ...rest } = await tab.sink('out').next();
    assert.equal(topic, 'message');
    assert.equal(payload, '@Bot\u2005ding');
    assert.deepEqual(Object.keys(rest), ['_msgid']);
    const { timestamp, talker, room: where, ...others } = wechat as Record<string, object>;
    assert.ok(Math.abs(Number(timestamp) - said.timestamp) < 10_000);
    assert.deepEqual(others, {
      bot: { id: tab.id('bot'), name: 'Shop' },
      event: 'message',
      message: {
        id: said.id,
        type: 'Text',
        text: '@Bot\u2005ding',
        timestamp: said.timestamp,
        self: false,
        mentionIds: ['wxid_bot'],
        mentionsSelf: true,
      },
      listener: null,
    });
    const { id, name, alias, friend } = talker as Record<string, unknown>;
    assert.deepEqual([id, name, alias, friend], ['wxid_ming', 'Ming', '小明', true]);
    const { id: roomId, topic: roomTopic, memberCount } = where as Record<string, unknown>;
    assert.deepEqual([roomId, roomTopic, memberCount], [room, 'Team', 4]);
  });

  it('lets through what its filters ask for, and nothing else', async () => {
    const everything = ['price of tea?', 'Price, please', ' price ', '@Bot\u2005hello', 'Image', 'over'];
    const cases: [object, string[]][] = [
      [{}, everything],
      [{ includeSelf: true }, [...everything.slice(0, 5), 'mine', 'over']],
      [{ from: '小明，Alice' }, ['price of tea?', 'Price, please', '@Bot\u2005hello', 'Image']],
      [{ from: '/^A/' }, ['Price, please', 'Image']],
      [{ rooms: 'Team, 周末爬山' }, [' price ', '@Bot\u2005hello']],
      [{ rooms: '/爬山$/' }, ['@Bot\u2005hello']],
      [{ mentioned: true, rooms: '/./' }, ['@Bot\u2005hello']],
      [{ messageTypes: ['Image'] }, ['Image']],
      [{ textMatch: 'price' }, ['price of tea?', ' price ']],
      [{ textMatch: 'price', textMatchType: 'equals' }, [' price ']],
      [{ textMatch: 'price', textMatchType: 'startsWith' }, ['price of tea?', ' price ']],
      [{ textMatch: '/^\\s*price/i', textMatchType: 'regex' }, ['price of tea?', 'Price, please', ' price ']],
      [{ events: ['friendship'] }, []],
    ];
    for (const [properties, expected] of cases) {
      // Several conversations: only within one is the order promised.
      assert.deepEqual((await heard(properties)).sort(), [...expected].sort(), JSON.stringify(properties));
    }
  });

  it('says what is wrong with a pattern that is none', async () => {
    const tab = await FlowTab.deploy(
      nodeRed,
      { id: 'bot', type: 'wechat-bot' },
      { id: 'in', type: 'wechat-on-event', textMatch: '(', textMatchType: 'regex', wires: [[]] },
    );
    const status = await tab.status('in', /regular expression/i);
    assert.deepEqual([status.fill, status.shape], ['red', 'dot']);
  });

  it('tells of people who come and go, and of new topics', async () => {
    const tab = await listening({ events: ['room-join', 'room-leave', 'room-topic'] });
    const named = (person: unknown): unknown => (person as { name: string } | null)?.name;
    const next = async (): Promise<Record<string, unknown>> => {
      const { topic, payload } = await tab.sink('out').next();
      return { event: topic, ...(payload as object) };
    };

    await tab.world((world) => world.contact('李雷').join('Team', { by: 'Alice' }));
    const join = await next();
    assert.deepEqual([join.event, (join.inviteeList as []).map(named)], ['room-join', ['李雷']]);
    assert.equal(named(join.inviter), 'Alice');
    assert.equal((join.room as { topic: string }).topic, 'Team');
    assert.equal(typeof join.happenedAt, 'number');

    await tab.world((world) => world.contact('Bob').leave('Team'));
    const leave = await next();
    assert.deepEqual([leave.event, (leave.leaverList as []).map(named)], ['room-leave', ['Bob']]);

    await tab.world((world) => world.contact('Alice').rename('Team', 'Crew'));
    const { event, topic, oldTopic, changer } = await next();
    assert.deepEqual([event, topic, oldTopic, named(changer)], ['room-topic', 'Crew', 'Team', 'Alice']);
  });

  it('tells of friend requests', async () => {
    const tab = await listening({ events: ['friendship'] });
    const { id } = await tab.world((world) => ({ id: world.contact('Grace').requestFriend('hi').id }));
    const { payload } = await tab.sink('out').next();
    const { contact, ...request } = payload as Record<string, unknown>;
    assert.equal((contact as { name: string }).name, 'Grace');
    assert.deepEqual([request.id, request.type, request.hello], [id, 'Receive', 'hi']);
  });

  it('tells of every event when none is chosen, and of a scan without its QR code', async () => {
    const tab = await FlowTab.deploy(
      nodeRed,
      { id: 'bot', type: 'wechat-bot', options: '{"login": "scan"}' },
      { id: 'in', type: 'wechat-on-event', events: [], wires: [['out']] },
      { id: 'out', type: 'test-sink', wires: [] },
    );
    await tab.status('in', /^scan the QR code/);
    const code = await tab.world(async (world) => {
      const shown = world.qrCode;
      await world.scan();
      return shown;
    });
    assert.ok(code);
    await tab.ready();
    await tab.sink('out').next(({ topic }) => topic === 'ready');
    const told = tab.sink('out').all.filter(({ topic }) => topic !== 'heartbeat');
    assert.deepEqual(
      told.map(({ topic, payload }) => (topic === 'scan' ? [topic, payload] : topic)),
      [
        'puppet',
        'start',
        ['scan', { status: 'Waiting' }],
        ['scan', { status: 'Scanned' }],
        ['scan', { status: 'Confirmed' }],
        'login',
        'ready',
      ],
    );
    assert.ok(!JSON.stringify(told).includes(code));
  });

  it('hands every node a msg of its own', async () => {
    const spoil = 'msg.wechat.talker.name = "spoilt"; msg.wechat.message.mentionIds.push("x"); return msg;';
    const nodes: FlowNode[] = [
      { id: 'bot', type: 'wechat-bot' },
      { id: 'one', type: 'wechat-on-event', wires: [['spoil', 'branch']] },
      { id: 'two', type: 'wechat-on-event', wires: [['other']] },
      { id: 'spoil', type: 'function', func: spoil, wires: [['spoilt']] },
      ...['spoilt', 'branch', 'other'].map((id) => ({ id, type: 'test-sink', wires: [] })),
    ];
    const tab = await FlowTab.deploy(nodeRed, ...nodes);
    await tab.ready();
    for (const round of [1, 2]) {
      await tab.world((world) => void world.contact('Ming').say('ding').to());
      const name = async (sink: string): Promise<string> => {
        const { wechat } = await tab.sink(sink).next();
        const { talker, message } = wechat as { talker: { name: string }; message: { mentionIds: string[] } };
        return `${talker.name} ${message.mentionIds.length}`;
      };
      assert.deepEqual(
        [await name('spoilt'), await name('branch'), await name('other')],
        ['spoilt 1', 'Ming 0', 'Ming 0'],
        `round ${round}`,
      );
    }
  });
});
