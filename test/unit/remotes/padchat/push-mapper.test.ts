import assert from 'node:assert/strict';
import { XMLParser } from 'fast-xml-parser';
import type { SayableContent } from '../../../../src/puppets/simulator/content';
import { type Fields, FrameClient, PadchatFixture } from './fixture';

const parser = new XMLParser({ ignoreAttributes: false, attributeNamePrefix: '@' });
const data = Buffer.from('bytes');

/** Contents, their MsgType in the PadChat document, and a pattern of their XML. */
const contents: readonly (readonly [SayableContent, number, RegExp])[] = [
  [{ kind: 'text', text: 'a < b' }, 1, /^a < b$/],
  [{ kind: 'image', name: 'x.png', data }, 3, /<img /],
  [{ kind: 'audio', name: 'x.mp3', data }, 34, /<voicemsg /],
  [{ kind: 'card', contactId: 'wxid_bob' }, 42, /username="wxid_bob"/],
  [{ kind: 'emoticon', name: 'x.gif', data }, 47, /<emoji /],
  [{ kind: 'location', location: { latitude: 39.9, longitude: 116.4, name: 'Home', address: 'A road', accuracy: 1 } }, 48, /x="39.9"/],
  [{ kind: 'url', url: { url: 'http://x.example/?a=1&b=2', title: 'T', description: 'D' } }, 49, /<type>5<\/type>.*a=1&amp;b=2/],
  [{ kind: 'file', name: 'figures.pdf', data }, 49, /<title>figures.pdf<\/title>.*<type>6<\/type>/],
  [{ kind: 'mini-program', miniProgram: { appid: 'wx1', title: 'Shop' } }, 49, /<type>33<\/type>.*<appid>wx1<\/appid>/],
  [{ kind: 'video', name: 'x.mp4', data }, 62, /<videomsg /],
]; // prettier-ignore

describe('PushMapper', () => {
  let fixture: PadchatFixture;
  let client: FrameClient;

  beforeEach(async () => {
    fixture = await PadchatFixture.start();
    client = await FrameClient.authenticated(fixture.url);
  });
  afterEach(async () => {
    client.close();
    await fixture.stop();
  });

  /** The next WeChat system message that matches. */
  const nextSystemMessage = (pattern: RegExp): Promise<Fields> =>
    client.nextPushedItem(({ MsgType, Content }) => MsgType === 10_000 && pattern.test(String(Content)));

  for (const [content, type, expected] of contents) {
    it(`maps a message of kind ${content.kind}, direct and in a room`, async () => {
      const { simulation } = fixture;
      const ming = simulation.contact('Ming');
      const direct = ming.say(content).to();
      const item = await client.nextPushedItem(({ MsgId }) => MsgId === direct.id);
      assert.deepEqual([item.MsgType, item.FromUser, item.ToUser], [type, 'wxid_ming', 'wxid_bot']);
      assert.match(String(item.Content), expected);
      if (type !== 1) assert.ok(parser.parse(String(item.Content), true));
      const inRoom = ming.say(content).in('Team');
      const other = await client.nextPushedItem(({ MsgId }) => MsgId === inRoom.id);
      assert.equal(other.FromUser, simulation.room('Team').id);
      assert.equal(other.Content, `wxid_ming:\n${String(item.Content)}`);
      assert.equal(item.Data, type === 3 || type === 34 ? data.toString('base64') : undefined);
    });
  }

  it('pushes messages in order although images load asynchronously', async () => {
    const ming = fixture.simulation.contact('Ming');
    const contents: readonly SayableContent[] = Array.from({ length: 20 }, (_, index) =>
      index % 2 === 0 ? { kind: 'image', name: `${index}.png`, data } : { kind: 'text', text: String(index) },
    );
    const ids = contents.map((content) => ming.say(content).to().id);
    await client.nextPushedItem(({ MsgId }) => MsgId === ids.at(-1));
    const pushed = client.frames.all.flatMap((frame) =>
      Array.isArray(frame.data) ? (frame.data as Fields[]) : [],
    );
    assert.deepEqual(
      pushed.map(({ MsgId }) => MsgId),
      ids,
    );
  });

  it('pushes messages typed on the phone, but no echo of messages sent by clients', async () => {
    const { simulation } = fixture;
    const roomId = simulation.room('Team').id;
    await client.call('sendMsg', { toUserName: roomId, content: 'from a client' });
    await client.call('sendMsg', { toUserName: roomId, content: 'to Ming', atList: ['wxid_ming'] });
    const sent = simulation.self.say('from my phone').in('Team');
    const item = await client.nextPushedItem(({ MsgId }) => MsgId === sent.id);
    const team = simulation.room('Team').id;
    assert.deepEqual([item.FromUser, item.ToUser, item.Content], ['wxid_bot', team, 'from my phone']);
    assert.equal(client.frames.all.filter(({ event }) => event === 'push').length, 1);
  });

  it('pushes no echo of invitations sent by clients, but links sent on the phone', async () => {
    const { simulation } = fixture;
    const groupId = simulation.room('Team').id;
    assert.equal((await client.call('inviteRoomMember', { groupId, userId: 'wxid_lilei' })).success, true);
    const [invitation] = simulation.messages({ conversation: 'wxid_lilei' });
    assert.equal(invitation?.content.kind, 'url');
    const url = { url: 'http://x.example/', title: 'T' };
    const link = simulation.self.say({ kind: 'url', url }).to('wxid_lilei');
    await client.nextPushedItem(({ MsgId }) => MsgId === link.id);
    assert.equal(client.frames.all.filter(({ event }) => event === 'push').length, 1);
  });

  it('maps friend requests, which can be accepted, and new friends', async () => {
    fixture.simulation.contact('Grace').requestFriend('hello <you>');
    const { Content, FromUser } = await client.nextPushedItem(({ MsgType }) => MsgType === 37);
    assert.equal(FromUser, 'fmessage');
    const { msg } = parser.parse(String(Content)) as { msg: Readonly<Record<string, string>> };
    assert.deepEqual([msg['@fromusername'], msg['@content']], ['wxid_grace', 'hello <you>']);
    const params = { stranger: msg['@encryptusername'], ticket: msg['@ticket'] };
    assert.equal((await client.call('acceptUser', { ...params, ticket: 'made up' })).success, false);
    assert.equal((await client.call('acceptUser', params)).success, true);
    assert.ok(fixture.simulation.contact('Grace').isFriend);
    assert.equal((await nextSystemMessage(/已添加了Grace/)).FromUser, 'wxid_grace');
  });

  it('maps joins, leaves, removals and renames to WeChat system messages', async () => {
    const { simulation } = fixture;
    const team = simulation.room('Team');
    const lilei = simulation.contact('李雷');
    lilei.join(team, { by: 'Ming' });
    assert.equal((await nextSystemMessage(/加入/)).Content, '"Ming"邀请"李雷"加入了群聊');
    lilei.leave(team);
    assert.equal((await nextSystemMessage(/退出/)).Content, '"李雷"退出了群聊');
    await client.call('addRoomMember', { groupId: team.id, userId: 'wxid_lilei' });
    assert.equal((await nextSystemMessage(/加入/)).Content, '你邀请"李雷"加入了群聊');
    await client.call('deleteRoomMember', { groupId: team.id, userId: 'wxid_lilei' });
    assert.equal((await nextSystemMessage(/移出/)).Content, '你将"李雷"移出了群聊');
    simulation.contact('Ming').rename(team, 'Team 2');
    assert.equal((await nextSystemMessage(/修改群名/)).Content, '"Ming"修改群名为“Team 2”');
    simulation.contact('王芳').remove(simulation.self, { from: '周末爬山' });
    assert.equal((await nextSystemMessage(/移出/)).Content, '你被"王芳"移出群聊');
  });

  it('maps invitations, recalled messages and moments', async () => {
    const { simulation } = fixture;
    simulation.contact('赵强').invite('Secret Garden');
    const invite = await client.nextPushedItem(({ MsgType }) => MsgType === 3000);
    assert.match(
      String(invite.Content),
      /<title>邀请你加入群聊<\/title>.*Secret Garden.*addchatroombyinvite/,
    );
    const id = (await client.call('sendMsg', { toUserName: 'wxid_ming', content: 'oops' })).data?.MsgId;
    simulation.wechat.conversations.recall('wxid_bot', String(id));
    const recall = await client.nextPushedItem(({ MsgType }) => MsgType === 10_002);
    assert.ok(String(recall.Content).includes(`<newmsgid>${String(id)}</newmsgid>`));
    const { sysmsg } = parser.parse(String(recall.Content)) as { sysmsg: { revokemsg: Fields } };
    assert.deepEqual(
      [sysmsg.revokemsg.replacemsg, recall.Description],
      ['你撤回了一条消息', '你撤回了一条消息'],
    );
    const ming = simulation.contact('Ming');
    ming.recall(ming.say('oops').to());
    const other = await client.nextPushedItem(
      ({ MsgType, MsgId }) => MsgType === 10_002 && MsgId !== recall.MsgId,
    );
    assert.equal(other.Description, '"Ming" 撤回了一条消息');
    simulation.contact('Ming').post('a fine day');
    await client.nextEvent('sns');
    const { Data } = (await client.call('snsTimeline')).data ?? {};
    assert.match(JSON.stringify(Data), /<contentDesc>a fine day<\/contentDesc>/);
  });

  it('leaves out attachments whose command is denied', async () => {
    await fixture.remote.stop();
    const { simulated } = fixture;
    client.close();
    fixture = await PadchatFixture.start({ permissions: { allow: [], deny: ['messageImage'] } });
    await simulated.stop();
    client = await FrameClient.authenticated(fixture.url);
    const { id } = fixture.simulation.contact('Ming').say({ kind: 'image', name: 'x.png', data }).to();
    const item = await client.nextPushedItem(({ MsgId }) => MsgId === id);
    assert.deepEqual([item.MsgType, item.Data], [3, undefined]);
  });
});
