import assert from 'node:assert/strict';
import { XMLParser } from 'fast-xml-parser';
import type { SayableContent } from '../../../../src/puppets/simulator/content';
import { type Fields, FrameClient, Setting } from './fixture';

const parser = new XMLParser({ ignoreAttributes: false, attributeNamePrefix: '@' });
const data = Buffer.from('bytes');

/** What friends can say, the number it has in the PadChat document, and what must be in its XML. */
const said: readonly (readonly [SayableContent, number, RegExp])[] = [
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

describe("what PadChat's clients are told of", () => {
  let setting: Setting;
  let client: FrameClient;

  beforeEach(async () => {
    setting = await Setting.start();
    client = await FrameClient.authenticated(setting.url);
  });
  afterEach(async () => {
    client.end();
    await setting.end();
  });

  /** The next notice of WeChat's own. */
  const notice = (fits: RegExp): Promise<Fields> =>
    client.pushed(({ MsgType, Content }) => MsgType === 10_000 && fits.test(String(Content)));

  for (const [content, type, words] of said) {
    it(`${content.kind}, in direct and in rooms`, async () => {
      const { world } = setting;
      const ming = world.contact('Ming');
      const direct = ming.say(content).to();
      const item = await client.pushed(({ MsgId }) => MsgId === direct.id);
      assert.deepEqual([item.MsgType, item.FromUser, item.ToUser], [type, 'wxid_ming', 'wxid_bot']);
      assert.match(String(item.Content), words);
      if (type !== 1) assert.ok(parser.parse(String(item.Content), true));
      const inRoom = ming.say(content).in('Team');
      const other = await client.pushed(({ MsgId }) => MsgId === inRoom.id);
      assert.equal(other.FromUser, world.room('Team').id);
      assert.equal(other.Content, `wxid_ming:\n${String(item.Content)}`);
      assert.equal(item.Data, type === 3 || type === 34 ? data.toString('base64') : undefined);
    });
  }

  it('messages in their order, though pictures take longer than texts', async () => {
    const ming = setting.world.contact('Ming');
    const contents: readonly SayableContent[] = Array.from({ length: 20 }, (_, index) =>
      index % 2 === 0 ? { kind: 'image', name: `${index}.png`, data } : { kind: 'text', text: String(index) },
    );
    const ids = contents.map((content) => ming.say(content).to().id);
    await client.pushed(({ MsgId }) => MsgId === ids.at(-1));
    const told = client.frames.all.flatMap((frame) =>
      Array.isArray(frame.data) ? (frame.data as Fields[]) : [],
    );
    assert.deepEqual(
      told.map(({ MsgId }) => MsgId),
      ids,
    );
  });

  it('what the bot says itself on the phone, and not what they sent', async () => {
    const { world } = setting;
    const roomId = world.room('Team').id;
    await client.call('sendMsg', { toUserName: roomId, content: 'from a client' });
    await client.call('sendMsg', { toUserName: roomId, content: 'to Ming', atList: ['wxid_ming'] });
    const said = world.self.say('from my phone').in('Team');
    const item = await client.pushed(({ MsgId }) => MsgId === said.id);
    const team = world.room('Team').id;
    assert.deepEqual([item.FromUser, item.ToUser, item.Content], ['wxid_bot', team, 'from my phone']);
    assert.equal(client.frames.all.filter(({ event }) => event === 'push').length, 1);
  });

  it('friend requests that can be accepted, and new friends', async () => {
    setting.world.contact('Grace').requestFriend('hello <you>');
    const { Content, FromUser } = await client.pushed(({ MsgType }) => MsgType === 37);
    assert.equal(FromUser, 'fmessage');
    const { msg } = parser.parse(String(Content)) as { msg: Readonly<Record<string, string>> };
    assert.deepEqual([msg['@fromusername'], msg['@content']], ['wxid_grace', 'hello <you>']);
    const params = { stranger: msg['@encryptusername'], ticket: msg['@ticket'] };
    assert.equal((await client.call('acceptUser', { ...params, ticket: 'made up' })).success, false);
    assert.equal((await client.call('acceptUser', params)).success, true);
    assert.ok(setting.world.contact('Grace').isFriend);
    assert.equal((await notice(/已添加了Grace/)).FromUser, 'wxid_grace');
  });

  it("people who come, go and are removed, in WeChat's own words", async () => {
    const { world } = setting;
    const team = world.room('Team');
    const lilei = world.contact('李雷');
    lilei.join(team, { by: 'Ming' });
    assert.equal((await notice(/加入/)).Content, '"Ming"邀请"李雷"加入了群聊');
    lilei.leave(team);
    assert.equal((await notice(/退出/)).Content, '"李雷"退出了群聊');
    await client.call('addRoomMember', { groupId: team.id, userId: 'wxid_lilei' });
    assert.equal((await notice(/加入/)).Content, '你邀请"李雷"加入了群聊');
    await client.call('deleteRoomMember', { groupId: team.id, userId: 'wxid_lilei' });
    assert.equal((await notice(/移出/)).Content, '你将"李雷"移出了群聊');
    world.contact('Ming').rename(team, 'Team 2');
    assert.equal((await notice(/修改群名/)).Content, '"Ming"修改群名为“Team 2”');
    world.contact('王芳').remove(world.self, { from: '周末爬山' });
    assert.equal((await notice(/移出/)).Content, '你被"王芳"移出群聊');
  });

  it('invitations, recalled messages and moments', async () => {
    const { world } = setting;
    world.contact('赵强').invite('Secret Garden');
    const invite = await client.pushed(({ MsgType }) => MsgType === 3000);
    assert.match(
      String(invite.Content),
      /<title>邀请你加入群聊<\/title>.*Secret Garden.*addchatroombyinvite/,
    );
    const id = (await client.call('sendMsg', { toUserName: 'wxid_ming', content: 'oops' })).data?.MsgId;
    world.wechat.conversations.recall('wxid_bot', String(id));
    const recall = await client.pushed(({ MsgType }) => MsgType === 10_002);
    assert.ok(String(recall.Content).includes(`<newmsgid>${String(id)}</newmsgid>`));
    world.contact('Ming').post('a fine day');
    await client.event('sns');
    const { Data } = (await client.call('snsTimeline')).data ?? {};
    assert.match(JSON.stringify(Data), /<contentDesc>a fine day<\/contentDesc>/);
  });

  it('only what the owner lets clients ask for', async () => {
    await setting.remote.stop();
    const { simulated } = setting;
    client.end();
    setting = await Setting.start({ permits: { allow: [], deny: ['messageImage'] } });
    await simulated.end();
    client = await FrameClient.authenticated(setting.url);
    const { id } = setting.world.contact('Ming').say({ kind: 'image', name: 'x.png', data }).to();
    const item = await client.pushed(({ MsgId }) => MsgId === id);
    assert.deepEqual([item.MsgType, item.Data], [3, undefined]);
  });
});
