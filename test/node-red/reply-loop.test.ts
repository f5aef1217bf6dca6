/** Flows that reply to the bot's own messages. */
import assert from 'node:assert/strict';
import { maxSelfReplies } from '../../src/bot/sending/loop-guard';
import { FlowTab } from '../support/flow-tab';
import { type FlowNode, type NodeRed, startNodeRed } from '../support/node-red';

/** Each replies in the conversation of a message. */
const replies: Record<string, FlowNode[]> = {
  'message-reply': [{ id: 'reply', type: 'wechat-message-reply' }],
  'contact-say': [
    {
      id: 'reply',
      type: 'wechat-contact-say',
      to: 'wechat.listener',
      toType: 'msg',
      content: 'again',
      contentValueType: 'str',
    },
  ],
  'room-say': [
    {
      id: 'reply',
      type: 'wechat-room-say',
      rooms: 'wechat.room',
      roomsType: 'msg',
      content: 'again',
      contentValueType: 'str',
    },
  ],
  command: [
    {
      id: 'reply',
      type: 'wechat-command',
      command: 'sendAt',
      params: JSON.stringify({
        room: 'Team',
        toContacts: 'Bob',
        messageType: 'Text',
        messagePayload: 'again',
      }),
      paramsType: 'json',
    },
  ],
};

describe('loop guard', () => {
  let nodeRed: NodeRed;
  before(async () => {
    nodeRed = await startNodeRed();
  });
  after(() => nodeRed.stop());

  for (const [name, nodes] of Object.entries(replies)) {
    it(`stops ${name} from replying to own messages`, async () => {
      const tab = await FlowTab.deploy(
        nodeRed,
        { id: 'bot', type: 'wechat-bot' },
        { id: 'in', type: 'wechat-on-event', events: ['message'], includeSelf: true, wires: [['reply']] },
        ...nodes.map((node) => ({ ...node, wires: [[]] })),
        { id: 'catch', type: 'catch', scope: ['reply'], wires: [['caught']] },
        { id: 'caught', type: 'test-sink', wires: [] },
      );
      await tab.ready();
      const inRoom = name === 'room-say' || name === 'command';
      await tab.simulation((simulation, inRoom) => {
        // The owner writes on the phone.
        const draft = simulation.self.say('hello');
        if (inRoom) draft.in('Team');
        else draft.to(simulation.contact('Alice'));
      }, inRoom);
      const { error } = (await tab.sink('caught').next()) as { error?: { code?: string; message?: string } };
      assert.equal(error?.code, 'RATE_LIMITED');
      assert.match(error.message ?? '', /looks like a loop/);
      await tab.settled();
      const own = await tab.simulation((simulation) => simulation.messages().length);
      assert.equal(own, 1 + maxSelfReplies);
    });
  }

  it('does not limit replies to others', async () => {
    const tab = await FlowTab.deploy(
      nodeRed,
      { id: 'bot', type: 'wechat-bot' },
      { id: 'in', type: 'wechat-on-event', events: ['message'], wires: [['reply']] },
      { id: 'reply', type: 'wechat-message-reply', wires: [['out']] },
      { id: 'out', type: 'test-sink', wires: [] },
    );
    await tab.ready();
    const count = 3 * maxSelfReplies;
    await tab.simulation((simulation, count) => {
      for (let index = 0; index < count; index += 1) simulation.contact('Bob').say(`${index}`).in('Team');
    }, count);
    for (let index = 0; index < count; index += 1) await tab.sink('out').next();
  });
});
