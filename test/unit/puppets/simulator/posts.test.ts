import assert from 'node:assert/strict';

import type { Message, Post } from 'wechaty';
import { payloads, types } from 'wechaty-puppet';

import { next, runBot, type RunningBot } from './running-bot';

describe('PuppetSimulator: posts', () => {
  let running: RunningBot;

  beforeEach(async () => {
    running = await runBot();
  });

  afterEach(() => running.bot.stop());

  it('emits moments of friends only', async () => {
    const { bot, puppet, simulation } = running;
    const seen: string[] = [];
    puppet.on('post', ({ postId }) => {
      seen.push(postId);
    });
    simulation.contact('Grace').post('nobody sees this');
    const received = next<[Post]>(bot, 'post');
    const published = simulation.contact('Ming').post('a fine day');
    const [post] = await received;
    assert.deepEqual(seen, [published.id]);
    const payload = await puppet.postPayload(published.id);
    assert.ok(payloads.isPostServer(payload));
    assert.equal(payload.contactId, 'wxid_ming');
    assert.equal((await puppet.messagePayload(payload.sayableList[0] ?? '')).text, 'a fine day');
    assert.equal(post.id, published.id);
  });

  it('publishes, comments, likes and searches', async () => {
    const { puppet, simulation } = running;
    const id = String(await puppet.postPublish({ sayableList: [payloads.sayable.text('hello world')] }));
    const comment = simulation.contact('Ming').post('nice', { replyTo: id });
    const answer = await puppet.postPublish({
      parentId: comment.id,
      rootId: id,
      sayableList: [payloads.sayable.text('thanks')],
    });
    simulation.contact('Alice').like(id);
    assert.equal(await puppet.tap(id), false);
    await puppet.tap(id, types.Tap.Like, true);
    assert.equal(await puppet.tap(id, types.Tap.Like), true);

    const payload = await puppet.postPayload(id);
    assert.ok(payloads.isPostServer(payload));
    assert.deepEqual(payload.counter, { children: 1, descendant: 2, taps: { [types.Tap.Like]: 2 } });
    const taps = await puppet.tapSearch(id);
    assert.deepEqual(taps.response[types.Tap.Like]?.contactId, ['wxid_alice', 'wxid_bot']);
    await puppet.tap(id, types.Tap.Like, false);
    assert.equal(await puppet.tap(id), false);

    assert.deepEqual((await puppet.postSearch({ rootId: id })).response, [answer, comment.id]);
    const first = await puppet.postSearch({ contactId: simulation.self.id }, { pageSize: 1 });
    assert.deepEqual(first.response, [answer]);
    const rest = await puppet.postSearch(
      { contactId: simulation.self.id },
      { pageSize: 1, pageToken: first.nextPageToken },
    );
    assert.deepEqual(rest, { response: [id] });
    assert.deepEqual((await puppet.postSearch({ parentId: undefined, type: types.Post.Moment })).response, [
      id,
    ]);
  });

  it('are received as messages from a friend', async () => {
    const { bot, puppet, simulation } = running;
    const received = next<[Message]>(bot, 'message');
    const picture = { kind: 'image', name: 'cat.png', data: Buffer.from('meow') } as const;
    simulation
      .contact('Ming')
      .share([{ kind: 'text', text: 'look' }, picture])
      .in('Team');
    const [message] = await received;
    assert.equal(message.type(), types.Message.Post);
    const payload = await puppet.postPayload(message.id);
    assert.equal(payload.type, types.Post.Message);
    assert.equal(payload.sayableList.length, 2);
  });

  it('rejects an empty, a nested and an unknown post', async () => {
    const { puppet } = running;
    await assert.rejects(puppet.postPublish({ sayableList: [] }), /at least one content/);
    const inner = payloads.sayable.post({ sayableList: [payloads.sayable.text('x')] });
    await assert.rejects(puppet.postPublish({ sayableList: [inner] }), /cannot hold another/);
    await assert.rejects(puppet.postPayload('42'), /no such post/);
    await assert.rejects(puppet.tap('42', types.Tap.Like, true), /no such post/);
  });
});
