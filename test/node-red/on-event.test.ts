import assert from 'node:assert/strict';
import { type FlowNode, type NodeRed, startNodeRed } from '../support/node-red';
import { FlowTab } from '../support/flow-tab';

describe('wechat-on-event node', () => {
  let nodeRed: NodeRed;

  before(async () => {
    nodeRed = await startNodeRed();
  });

  after(() => nodeRed.stop());

  /** Deploys an on-event node with these properties. */
  const deployOnEvent = (properties: object): Promise<FlowTab> =>
    FlowTab.deployNode(nodeRed, { id: 'in', type: 'wechat-on-event', ...properties });

  /** The payloads that pass a node's filter, from a conversation with all kinds of messages. */
  async function passedPayloads(properties: object): Promise<unknown[]> {
    const tab = await FlowTab.deploy(
      nodeRed,
      { id: 'bot', type: 'wechat-bot' },
      { id: 'in', type: 'wechat-on-event', ...properties, wires: [['out']] },
      { id: 'all', type: 'wechat-on-event', includeSelf: true, textMatch: 'over', wires: [['over']] },
      { id: 'out', type: 'test-sink', wires: [] },
      { id: 'over', type: 'test-sink', wires: [] },
    );
    await tab.ready();
    await tab.simulation((simulation) => {
      simulation.contact('Ming').say('price of tea?').to();
      simulation.contact('Alice').say('Price, please').to();
      simulation.contact('Bob').say(' price ').in('Team');
      simulation
        .contact('Ming')
        .say('hello', { mentions: [simulation.self] })
        .in('周末爬山');
      simulation
        .contact('Alice')
        .say({ kind: 'image', name: 'cat.png', data: Buffer.from('x') })
        .to();
      simulation.self.say('mine').to('Ming');
      simulation.contact('李雷').say('over').to();
    });
    await tab.sink('over').next();
    await tab.settled();
    return tab
      .sink('out')
      .all.map(({ payload }) => (typeof payload === 'string' ? payload : (payload as { type: string }).type));
  }

  it('emits a message as documented', async () => {
    const tab = await deployOnEvent({});
    const { room, said } = await tab.simulation((simulation) => {
      const { id, timestamp } = simulation
        .contact('Ming')
        .say('ding', { mentions: [simulation.self] })
        .in('Team');
      return { room: simulation.room('Team').id, said: { id, timestamp } };
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
        mentionsAll: false,
        textWithoutMentions: 'ding',
      },
      listener: null,
    });
    const { id, name, alias, friend } = talker as Record<string, unknown>;
    assert.deepEqual([id, name, alias, friend], ['wxid_ming', 'Ming', '小明', true]);
    const { id: roomId, topic: roomTopic, memberCount } = where as Record<string, unknown>;
    assert.deepEqual([roomId, roomTopic, memberCount], [room, 'Team', 4]);
  });

  it('passes only events that match its filters', async () => {
    const everything = ['price of tea?', 'Price, please', ' price ', '@Bot\u2005hello', 'Image', 'over'];
    const cases: [object, string[]][] = [
      [{}, everything],
      [{ includeSelf: true }, [...everything.slice(0, 5), 'mine', 'over']],
      [{ from: '小明，Alice' }, ['price of tea?', 'Price, please', '@Bot\u2005hello', 'Image']],
      [{ from: '/^A/' }, ['Price, please', 'Image']],
      [{ rooms: ['Team, 周末爬山'] }, []],
      [{ rooms: ['Team', 'Nowhere'] }, [' price ']],
      [{ rooms: 'Team, 周末爬山' }, [' price ', '@Bot\u2005hello']],
      [{ rooms: '/爬山$/' }, ['@Bot\u2005hello']],
      [{ mentioned: true, rooms: '/./' }, ['@Bot\u2005hello']],
      [{ chat: 'room' }, [' price ', '@Bot\u2005hello']],
      [{ chat: 'direct', contactType: 'person' }, ['price of tea?', 'Price, please', 'Image', 'over']],
      [{ contactType: 'official' }, []],
      [{ maxAge: 3600 }, everything],
      [{ messageTypes: ['Image'] }, ['Image']],
      [{ textMatch: 'price' }, ['price of tea?', ' price ']],
      [{ textMatch: 'price', textMatchType: 'equals' }, [' price ']],
      [{ textMatch: 'price', textMatchType: 'startsWith' }, ['price of tea?', ' price ']],
      [{ textMatch: '/^\\s*price/i', textMatchType: 'regex' }, ['price of tea?', 'Price, please', ' price ']],
      [{ events: ['friendship'] }, []],
    ];
    for (const [properties, expected] of cases) {
      // Sorted, because the order is guaranteed only within a conversation.
      assert.deepEqual(
        (await passedPayloads(properties)).sort(),
        [...expected].sort(),
        JSON.stringify(properties),
      );
    }
  });

  it('shows an invalid regular expression in its status', async () => {
    const tab = await FlowTab.deploy(
      nodeRed,
      { id: 'bot', type: 'wechat-bot' },
      { id: 'in', type: 'wechat-on-event', textMatch: '(', textMatchType: 'regex', wires: [[]] },
    );
    const status = await tab.status('in', /regular expression/i);
    assert.deepEqual([status.fill, status.shape], ['red', 'dot']);
  });

  it('emits room-join, room-leave and room-topic', async () => {
    const tab = await deployOnEvent({ events: ['room-join', 'room-leave', 'room-topic'] });
    const named = (person: unknown): unknown => (person as { name: string } | null)?.name;
    const next = async (): Promise<Record<string, unknown>> => {
      const { topic, payload } = await tab.sink('out').next();
      return { event: topic, ...(payload as object) };
    };

    await tab.simulation((simulation) => simulation.contact('李雷').join('Team', { by: 'Alice' }));
    const join = await next();
    assert.deepEqual([join.event, (join.inviteeList as []).map(named)], ['room-join', ['李雷']]);
    assert.equal(named(join.inviter), 'Alice');
    assert.equal((join.room as { topic: string }).topic, 'Team');
    assert.equal(typeof join.happenedAt, 'number');

    await tab.simulation((simulation) => simulation.contact('Bob').leave('Team'));
    const leave = await next();
    assert.deepEqual([leave.event, (leave.leaverList as []).map(named)], ['room-leave', ['Bob']]);

    await tab.simulation((simulation) => simulation.contact('Alice').rename('Team', 'Crew'));
    const { event, topic, oldTopic, changer } = await next();
    assert.deepEqual([event, topic, oldTopic, named(changer)], ['room-topic', 'Crew', 'Team', 'Alice']);
  });

  it('emits friendship', async () => {
    const tab = await deployOnEvent({ events: ['friendship'] });
    const { id } = await tab.simulation((simulation) => ({
      id: simulation.contact('Grace').requestFriend('hi').id,
    }));
    const { payload } = await tab.sink('out').next();
    const { contact, ...request } = payload as Record<string, unknown>;
    assert.equal((contact as { name: string }).name, 'Grace');
    assert.deepEqual([request.id, request.type, request.hello], [id, 'Receive', 'hi']);
  });

  it('emits all events by default, and scan without the QR code', async () => {
    const tab = await FlowTab.deploy(
      nodeRed,
      { id: 'bot', type: 'wechat-bot', options: '{"login": "scan"}' },
      { id: 'in', type: 'wechat-on-event', events: [], wires: [['out']] },
      { id: 'out', type: 'test-sink', wires: [] },
    );
    await tab.status('in', /^scan the QR code/);
    const code = await tab.simulation(async (simulation) => {
      const shown = simulation.qrCode;
      await simulation.scan();
      return shown;
    });
    assert.ok(code);
    await tab.ready();
    await tab.sink('out').next(({ topic }) => topic === 'ready');
    const events = tab.sink('out').all.filter(({ topic }) => !['heartbeat', 'state'].includes(topic ?? ''));
    assert.deepEqual(
      events.map(({ topic, payload }) => (topic === 'scan' ? [topic, payload] : topic)),
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
    assert.ok(!JSON.stringify(events).includes(code));
  });

  it('sends a separate msg to every node', async () => {
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
      await tab.simulation((simulation) => void simulation.contact('Ming').say('ding').to());
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
