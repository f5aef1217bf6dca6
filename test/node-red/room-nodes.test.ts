import assert from 'node:assert/strict';
import { assertFailed, FlowTab, assertPassed } from '../support/flow-tab';
import { type NodeRed, startNodeRed } from '../support/node-red';

interface RoomPayload {
  id: string;
  topic: string;
  memberCount: number;
  memberIds?: string[];
  members?: { id: string; name: string; roomAlias: string }[];
}

describe('wechat-room-say and wechat-room-find nodes', () => {
  let nodeRed: NodeRed;

  before(async () => {
    nodeRed = await startNodeRed();
  });

  after(() => nodeRed.stop());

  describe('room-say', () => {
    const deploySay = (properties: object): Promise<FlowTab> =>
      FlowTab.deployNode(nodeRed, { id: 'say', type: 'wechat-room-say', ...properties });

    /** The messages of a tab's simulation: topic, text and mentions. */
    const sentMessages = (tab: FlowTab): Promise<[string, string, string][]> =>
      tab.simulation((simulation) =>
        simulation
          .messages()
          .map(({ roomId = '', text, mentionIds }) => [
            simulation.room(roomId).topic,
            text,
            mentionIds.join(),
          ]),
      );

    it('sends to the configured rooms and mentions members', async () => {
      const tab = await deploySay({ rooms: 'Team, 周末爬山', mentions: 'Ming' });
      const { sent } = assertPassed(await tab.outcome('say', { payload: 'hello' }));
      assert.deepEqual(await sentMessages(tab), [
        ['Team', '@Ming\u2005hello', 'wxid_ming'],
        ['周末爬山', '@Ming\u2005hello', 'wxid_ming'],
      ]);
      const rooms = await tab.simulation((simulation) =>
        simulation.messages().map(({ id, roomId }) => [roomId, id]),
      );
      const { success } = sent as { success: { id: string; messageId: string }[] };
      assert.deepEqual(
        success.map(({ id, messageId }) => [id, messageId]),
        rooms,
      );
    });

    it('mentions all members with @all', async () => {
      const tab = await deploySay({ rooms: 'Team', mentions: '@all' });
      assertPassed(await tab.outcome('say', { payload: 'hello' }));
      assert.deepEqual(await sentMessages(tab), [
        ['Team', '@all\u2005hello', 'wxid_ming,wxid_alice,wxid_bob'],
      ]);
    });

    it('lets a message override rooms and mentions', async () => {
      const tab = await deploySay({ rooms: 'Team', mentions: 'Ming' });
      const talker = { id: 'wxid_bob', name: 'Bob' };
      assertPassed(await tab.outcome('say', { payload: 'one', rooms: '周末爬山', mentions: [] }));
      assertPassed(await tab.outcome('say', { payload: 'two', mentions: [talker, 'Alice'] }));
      assert.deepEqual(await sentMessages(tab), [
        ['周末爬山', 'one', ''],
        ['Team', '@Bob\u2005@Alice\u2005two', 'wxid_bob,wxid_alice'],
      ]);
    });

    it('reports a room without the bot and sends to the others', async () => {
      const tab = await deploySay({ rooms: '["Secret Garden","Team"]', roomsType: 'json' });
      const caught = assertFailed(await tab.outcome('say', { payload: 'hello' }));
      assert.match(caught.error.message, /^1 of 2 .*Secret Garden, or the bot is not in it/);
      const { success, fail } = caught.sent as { success: unknown[]; fail: { id: string }[] };
      assert.equal(success.length, 1);
      assert.deepEqual(
        fail.map(({ id }) => id),
        ['Secret Garden'],
      );
      assert.deepEqual(await sentMessages(tab), [['Team', 'hello', '']]);
    });

    it('rejects mentions of non-members and mentions with an image', async () => {
      const tab = await deploySay({ rooms: 'Team', mentions: '李雷' });
      const absent = assertFailed(await tab.outcome('say', { payload: 'hello' }));
      assert.match(absent.error.message, /no member 李雷/);
      const picture = { payload: Buffer.from('x'), contentType: 'Image' };
      const { error } = assertFailed(await tab.outcome('say', picture));
      assert.match(error.message, /Only a text can mention/);
      assert.deepEqual(await sentMessages(tab), []);
    });
  });

  describe('room-find', () => {
    const deployFind = (properties: object): Promise<FlowTab> =>
      FlowTab.deployNode(nodeRed, { id: 'find', type: 'wechat-room-find', ...properties });

    it('returns the first room with that topic, id or pattern, or null', async () => {
      const tab = await deployFind({});
      const team = await tab.simulation((simulation) => simulation.room('Team').id);
      for (const payload of [
        'Team',
        ' Team ',
        team,
        '/^tea/i',
        { id: team, topic: 'as in msg.wechat.room' },
      ]) {
        const found = assertPassed(await tab.outcome('find', { payload, kept: true }));
        const { id, topic, memberCount, ...rest } = found.payload as RoomPayload;
        assert.deepEqual([id, topic, memberCount, found.kept], [team, 'Team', 4, true]);
        assert.ok(!('memberIds' in rest) && !('members' in rest));
      }
      for (const payload of ['Nowhere', 'Secret Garden', 1_705_384_017_113]) {
        assert.equal(assertPassed(await tab.outcome('find', { payload })).payload, null);
      }
    });

    it('rejects values that are not a name instead of returning all rooms', async () => {
      const tab = await deployFind({ result: 'all' });
      for (const payload of [{ topic: 'Team' }, true, []]) {
        const { error } = assertFailed(await tab.outcome('find', { payload }));
        assert.match(error.message, /parameters of roomFindAll are wrong: query/);
        assert.equal(error.code, 'INVALID_PARAMS');
      }
      const all = assertPassed(await tab.outcome('find', {}));
      assert.equal((all.payload as unknown[]).length, 3);
    });

    it('returns all rooms with the ids of their members', async () => {
      const tab = await deployFind({ result: 'all', query: '', queryType: 'str', members: 'ids' });
      const rooms = assertPassed(await tab.outcome('find', { payload: 'kept out of this' }))
        .payload as RoomPayload[];
      assert.deepEqual(
        rooms.map(({ topic, memberIds = [] }) => `${topic} ${memberIds.length}`),
        ['Team 4', '周末爬山 5', 'Wechaty 开发者 6'],
      );
    });

    it('returns the members with their names', async () => {
      const tab = await deployFind({ members: 'full' });
      await tab.simulation((simulation) => simulation.contact('Bob').setRoomAlias('Team', 'Builder'));
      const { members = [] } = assertPassed(await tab.outcome('find', { payload: 'Team' }))
        .payload as RoomPayload;
      assert.deepEqual(
        members.map(({ name, roomAlias }) => `${name} ${roomAlias}`.trim()),
        ['Bot', 'Ming', 'Alice', 'Bob Builder'],
      );
    });

    it('sends a message per room with parts for a join node', async () => {
      const tab = await FlowTab.deploy(
        nodeRed,
        { id: 'bot', type: 'wechat-bot' },
        { id: 'find', type: 'wechat-room-find', result: 'each', wires: [['name', 'each']] },
        {
          id: 'name',
          type: 'change',
          rules: [{ t: 'move', p: 'payload.topic', to: 'payload', pt: 'msg', tot: 'msg' }],
          wires: [['join']],
        },
        { id: 'join', type: 'join', mode: 'auto', wires: [['joined']] },
        { id: 'each', type: 'test-sink', wires: [] },
        { id: 'joined', type: 'test-sink', wires: [] },
      );
      await tab.ready();
      await tab.send('find', { payload: '/./', kept: { as: 'it was' } });
      const each = await tab.sink('each').take(3);
      assert.deepEqual(
        each.map(({ parts, payload }) => [
          (parts as { index: number }).index,
          (parts as { count: number }).count,
          (payload as RoomPayload).topic,
        ]),
        [
          [0, 3, 'Team'],
          [1, 3, '周末爬山'],
          [2, 3, 'Wechaty 开发者'],
        ],
      );
      const joined = await tab.sink('joined').next();
      assert.deepEqual(joined.payload, ['Team', '周末爬山', 'Wechaty 开发者']);
      assert.deepEqual(joined.kept, { as: 'it was' });
    });

    it('completes without a message if no room is found', async () => {
      const tab = await deployFind({ result: 'each' });
      const { out, caught, completed } = await tab.outcome('find', { payload: 'Nowhere' });
      assert.deepEqual([out.length, caught.length, completed.length], [0, 0, 1]);
    });
  });
});
