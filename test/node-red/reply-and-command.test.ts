import assert from 'node:assert/strict';
import { assertFailed, FlowTab, assertPassed } from '../support/flow-tab';
import { type NodeRed, startNodeRed } from '../support/node-red';

describe('wechat-message-reply and wechat-command nodes', () => {
  let nodeRed: NodeRed;

  before(async () => {
    nodeRed = await startNodeRed();
  });

  after(() => nodeRed.stop());

  describe('message-reply', () => {
    const deployReply = (properties: object = {}, bot: object = {}): Promise<FlowTab> =>
      FlowTab.deployNode(nodeRed, { id: 'reply', type: 'wechat-message-reply', ...properties }, bot);

    /** Deploys on-event → message-reply on a bot that is ready. */
    async function deployEcho(properties: object): Promise<FlowTab> {
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

    it('replies to a contact and to a room directly after an on-event node', async () => {
      const tab = await deployEcho({});
      const direct = await tab.simulation(async (simulation) => {
        const message = simulation.contact('Ming').say('ding').to();
        const { id, listenerId, text } = await simulation.nextReply(message);
        return { answered: message.id, id, listenerId, text };
      });
      assert.deepEqual([direct.listenerId, direct.text], ['wxid_ming', 'ding']);
      const { sent, payload, wechat } = await tab.sink('out').next();
      assert.deepEqual(sent, { success: [{ id: direct.answered, messageId: direct.id }], fail: [] });
      assert.equal(payload, 'ding');
      assert.equal((wechat as { message: { id: string } }).message.id, direct.answered);

      const inRoom = await tab.simulation(async (simulation) => {
        const { roomId, text, mentionIds } = await simulation.nextReply(
          simulation.contact('Bob').say('dong').in('Team'),
        );
        return { isTeam: roomId === simulation.room('Team').id, text, mentionIds };
      });
      assert.deepEqual(inRoom, { isTeam: true, text: 'dong', mentionIds: [] });
    });

    it('mentions the sender in rooms', async () => {
      const tab = await deployEcho({ mentionTalker: true, content: 'Dear friend', contentValueType: 'str' });
      const answers = await tab.simulation(async (simulation) => {
        const inRoom = await simulation.nextReply(simulation.contact('Bob').say('x').in('Team'));
        const direct = await simulation.nextReply(simulation.contact('Bob').say('x').to());
        return [inRoom, direct].map(({ text, mentionIds }) => `${text} (${mentionIds.join()})`);
      });
      assert.deepEqual(answers, ['@Bob\u2005Dear friend (wxid_bob)', 'Dear friend ()']);
    });

    it('evaluates the message id from its source', async () => {
      const tab = await deployReply({
        messageId: 'about',
        messageIdType: 'msg',
        content: 'later',
        contentValueType: 'str',
      });
      const about = await tab.simulation((simulation) => simulation.contact('Alice').say('ding').to().id);
      assertPassed(await tab.outcome('reply', { about, payload: 'not this' }));
      const answer = await tab.simulation((simulation) => simulation.messages().at(-1));
      assert.deepEqual([answer?.listenerId, answer?.text], ['wxid_alice', 'later']);
    });

    it('rejects a message without anything to reply to', async () => {
      const tab = await deployReply();
      for (const message of [{ payload: 'x' }, { payload: 'x', wechat: { event: 'login' } }]) {
        const { error } = assertFailed(await tab.outcome('reply', message));
        assert.match(error.message, /^There is no message to reply to/);
        assert.equal(error.code, 'INVALID_PARAMS');
      }
    });

    it('rejects unknown and expired messages', async () => {
      const tab = await deployReply({}, { options: '{"history": 5}' });
      const old = await tab.simulation((simulation) => {
        const { id } = simulation.contact('Alice').say('long ago').to();
        for (let index = 0; index < 10; index += 1) simulation.contact('Bob').say('news').in('Team');
        return id;
      });
      await tab.settled();
      await nodeRed.evaluate(({ RED }, id) => {
        // What the puppet remembers of the last messages goes in time too.
        const { bot } = RED.nodes.getNode(id) as unknown as {
          bot: { account(): { puppet: { cache: { message: { clear(): void } } } } };
        };
        bot.account().puppet.cache.message.clear();
      }, tab.id('bot'));
      for (const id of [old, '1', 'no such id']) {
        const { error } = assertFailed(
          await tab.outcome('reply', { payload: 'x', wechat: { message: { id } } }),
        );
        assert.match(error.message, /^There is no message .*too old/);
        assert.equal(error.code, 'NOT_FOUND');
      }
    });
  });

  describe('command', () => {
    const deployCommand = (properties: object): Promise<FlowTab> =>
      FlowTab.deployNode(nodeRed, { id: 'command', type: 'wechat-command', ...properties });

    it('sets the payload to the result', async () => {
      const tab = await deployCommand({ command: 'contactAliasSet', params: 'payload', paramsType: 'msg' });
      const params = { id: 'Alice', alias: 'Liz' };
      const message = assertPassed(await tab.outcome('command', { payload: params, topic: 'kept' }));
      assert.deepEqual(message.payload, { id: 'wxid_alice' });
      assert.equal(message.topic, 'kept');
      assert.equal(await tab.simulation((simulation) => simulation.contact('Alice').alias), 'Liz');
    });

    it('evaluates parameters from JSON and expressions', async () => {
      const json = await deployCommand({ command: 'contactFind', params: '{"id": "Meimei"}' });
      assert.equal(
        (assertPassed(await json.outcome('command', {})).payload as { name: string }).name,
        '韩梅梅',
      );
      const expression = { command: 'contactFind', params: '{"id": who}', paramsType: 'jsonata' };
      const jsonata = await deployCommand(expression);
      const found = assertPassed(await jsonata.outcome('command', { who: 'Bob' }));
      assert.equal((found.payload as { id: string }).id, 'wxid_bob');
    });

    it('rejects invalid commands and parameters', async () => {
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
        const tab = await deployCommand(properties);
        const { error } = assertFailed(await tab.outcome('command', {}));
        assert.match(error.message, sentence);
        assert.equal(error.code, code);
      }
    });
  });
});
