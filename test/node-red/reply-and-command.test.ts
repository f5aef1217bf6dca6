import assert from 'node:assert/strict';
import { failed, FlowTab, passed } from '../support/flow-tab';
import { type NodeRed, startNodeRed } from '../support/node-red';

describe('nodes that answer and command', () => {
  let nodeRed: NodeRed;

  before(async () => {
    nodeRed = await startNodeRed();
  });

  after(() => nodeRed.stop());

  describe('message-reply', () => {
    const replying = (properties: object = {}, bot: object = {}): Promise<FlowTab> =>
      FlowTab.around(nodeRed, { id: 'reply', type: 'wechat-message-reply', ...properties }, bot);

    /** on-event → message-reply and nothing between them, on a bot that is ready. */
    async function echo(properties: object): Promise<FlowTab> {
      const tab = await FlowTab.deploy(
        nodeRed,
        { id: 'bot', type: 'wechat-bot' },
        { id: 'in', type: 'wechat-on-event', wires: [['reply']] },
        { id: 'reply', type: 'wechat-message-reply', ...properties, wires: [['out']] },
        { id: 'out', type: 'test-sink', wires: [] },
      );
      await tab.ready();
      return tab;
    }

    it('answers a friend and a room with no glue after an on-event node', async () => {
      const tab = await echo({});
      const direct = await tab.world(async (world) => {
        const message = world.contact('Ming').say('ding').to();
        const { id, listenerId, text } = await world.answerTo(message);
        return { answered: message.id, id, listenerId, text };
      });
      assert.deepEqual([direct.listenerId, direct.text], ['wxid_ming', 'ding']);
      const { sent, payload, wechat } = await tab.sink('out').next();
      assert.deepEqual(sent, { success: [{ id: direct.answered, messageId: direct.id }], fail: [] });
      assert.equal(payload, 'ding');
      assert.equal((wechat as { message: { id: string } }).message.id, direct.answered);

      const inRoom = await tab.world(async (world) => {
        const { roomId, text, mentionIds } = await world.answerTo(
          world.contact('Bob').say('dong').in('Team'),
        );
        return { isTeam: roomId === world.room('Team').id, text, mentionIds };
      });
      assert.deepEqual(inRoom, { isTeam: true, text: 'dong', mentionIds: [] });
    });

    it('can mention who is answered, in rooms', async () => {
      const tab = await echo({ mentionTalker: true, content: 'Dear friend', contentValueType: 'str' });
      const answers = await tab.world(async (world) => {
        const inRoom = await world.answerTo(world.contact('Bob').say('x').in('Team'));
        const direct = await world.answerTo(world.contact('Bob').say('x').to());
        return [inRoom, direct].map(({ text, mentionIds }) => `${text} (${mentionIds.join()})`);
      });
      assert.deepEqual(answers, ['@Bob\u2005Dear friend (wxid_bob)', 'Dear friend ()']);
    });

    it('takes the message from elsewhere when told so', async () => {
      const tab = await replying({
        messageId: 'about',
        messageIdType: 'msg',
        content: 'later',
        contentValueType: 'str',
      });
      const about = await tab.world((world) => world.contact('Alice').say('ding').to().id);
      passed(await tab.outcome('reply', { about, payload: 'not this' }));
      const answer = await tab.world((world) => world.messages().at(-1));
      assert.deepEqual([answer?.listenerId, answer?.text], ['wxid_alice', 'later']);
    });

    it('says that there is nothing to reply to', async () => {
      const tab = await replying();
      for (const message of [{ payload: 'x' }, { payload: 'x', wechat: { event: 'login' } }]) {
        const { error } = failed(await tab.outcome('reply', message));
        assert.match(error.message, /^There is no message to reply to/);
        assert.equal(error.code, 'INVALID_PARAMS');
      }
    });

    it('says that a message is unknown, or too old', async () => {
      const tab = await replying({}, { options: '{"history": 5}' });
      const old = await tab.world((world) => {
        const { id } = world.contact('Alice').say('long ago').to();
        for (let index = 0; index < 10; index += 1) world.contact('Bob').say('news').in('Team');
        return id;
      });
      await tab.quiet();
      await nodeRed.inside(({ RED }, id) => {
        // What the puppet remembers of the last messages goes in time too.
        const { bot } = RED.nodes.getNode(id) as unknown as {
          bot: { account(): { puppet: { cache: { message: { clear(): void } } } } };
        };
        bot.account().puppet.cache.message.clear();
      }, tab.id('bot'));
      for (const id of [old, '1', 'no such id']) {
        const { error } = failed(await tab.outcome('reply', { payload: 'x', wechat: { message: { id } } }));
        assert.match(error.message, /^There is no message .*too old/);
        assert.equal(error.code, 'NOT_FOUND');
      }
    });
  });

  describe('command', () => {
    const commanding = (properties: object): Promise<FlowTab> =>
      FlowTab.around(nodeRed, { id: 'command', type: 'wechat-command', ...properties });

    it('puts the result into the payload', async () => {
      const tab = await commanding({ command: 'contactAliasSet', params: 'payload', paramsType: 'msg' });
      const params = { id: 'Alice', alias: 'Liz' };
      const message = passed(await tab.outcome('command', { payload: params, topic: 'kept' }));
      assert.deepEqual(message.payload, { id: 'wxid_alice' });
      assert.equal(message.topic, 'kept');
      assert.equal(await tab.world((world) => world.contact('Alice').alias), 'Liz');
    });

    it('takes parameters from JSON and expressions', async () => {
      const json = await commanding({ command: 'contactFind', params: '{"id": "Meimei"}' });
      assert.equal((passed(await json.outcome('command', {})).payload as { name: string }).name, '韩梅梅');
      const expression = { command: 'contactFind', params: '{"id": who}', paramsType: 'jsonata' };
      const jsonata = await commanding(expression);
      const found = passed(await jsonata.outcome('command', { who: 'Bob' }));
      assert.equal((found.payload as { id: string }).id, 'wxid_bob');
    });

    it('says what is wrong', async () => {
      const cases: [object, RegExp, string][] = [
        [{ command: 'makeCoffee' }, /no command makeCoffee/, 'INVALID_PARAMS'],
        [{ command: '' }, /no command/, 'INVALID_PARAMS'],
        [{ command: 'contactFindAll', params: '{"page": "two"}' }, /page must be/, 'INVALID_PARAMS'],
        [{ command: 'contactFindAll', params: '[1]' }, /must be object/, 'INVALID_PARAMS'],
        [{ command: 'contactFindAll', params: '{"page": ' }, /params could not be read/, 'INVALID_PARAMS'],
        [
          { command: 'contactAliasSet', params: '{"alias": "x"}' },
          /parameter id is missing/,
          'INVALID_PARAMS',
        ],
        [{ command: 'messageFile', params: '{"id": "1"}' }, /no message 1/, 'NOT_FOUND'],
      ];
      for (const [properties, sentence, code] of cases) {
        const tab = await commanding(properties);
        const { error } = failed(await tab.outcome('command', {}));
        assert.match(error.message, sentence);
        assert.equal(error.code, code);
      }
    });
  });
});
