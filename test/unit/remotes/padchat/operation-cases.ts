/** One test case per supported operation, with field names as in version B. */
import assert from 'node:assert/strict';
import { fromWireCase } from '../../../../src/remotes/padchat/field-case';
import type { Fields, PadchatFixture } from './fixture';

/** Parameters, and a check of the reply's data (in lower camel case) and of the simulation. */
export interface OperationCase {
  readonly name: string;
  readonly params?: (fixture: PadchatFixture) => object | Promise<object>;
  readonly check?: (data: Fields, fixture: PadchatFixture) => void;
}

const team = ({ simulation }: PadchatFixture): string => simulation.room('Team').id;
const photo = Buffer.from('a photo').toString('base64');
const lastSent = ({ simulation }: PadchatFixture): unknown =>
  simulation.messages({ conversation: 'wxid_ming' }).at(-1)?.content;

/** A message with a file, as it was pushed to a client. */
function rawMsgData({ simulation }: PadchatFixture, kind: 'image' | 'video' | 'audio'): object {
  const { id } = simulation
    .contact('Ming')
    .say({ kind, name: 'x.bin', data: Buffer.from('a photo') })
    .to();
  return { rawMsgData: { msgId: id, fromUser: 'wxid_ming', toUser: 'wxid_bot', content: '', uin: 1 } };
}

/** What the moment in a reply tells, without times. */
function momentIn({ data }: Fields): object {
  const { description, comment, like } = fromWireCase(data as Fields);
  const reactions = [comment, like].map((list) => (list as Fields[]).map((one) => fromWireCase(one)));
  for (const { id, createTime } of reactions.flat())
    assert.ok(Number.isInteger(id) && Number(createTime) > 0);
  const [comments = [], likes = []] = reactions;
  return {
    text: /<contentDesc>(.*)<\/contentDesc>/.exec(String(description))?.[1],
    comments: comments.map(({ content }) => content),
    likes: likes.map(({ userName }) => userName),
  };
}

export const operationCases: readonly OperationCase[] = [
  { name: 'auth' },
  { name: 'connect', check: ({ logined }) => assert.equal(logined, true) },
  { name: 'login', params: () => ({ loginType: 'qrcode' }), check: ({ userName }) => assert.equal(userName, 'wxid_bot') },
  { name: 'getDeviceInfo', check: ({ deviceData }) => assert.ok(deviceData) },
  { name: 'getAutoLoginData', check: ({ token }) => assert.ok(token) },
  { name: 'getMyInfo', check: ({ userName }) => assert.equal(userName, 'wxid_bot') },
  { name: 'status', check: ({ logined }) => assert.equal(logined, true) },
  { name: 'syncContact' },
  { name: 'syncMsg' },
  { name: 'closePush' },
  { name: 'heartBeat' },
  {
    name: 'getContact',
    params: () => ({ userId: 'wxid_ming' }),
    check: ({ nickName, remark, sex }) => assert.deepEqual([nickName, remark, sex], ['Ming', '小明', 1]),
  },
  {
    name: 'searchContact',
    params: () => ({ userId: '13900000001' }),
    check: ({ nickName, stranger }) => assert.ok(nickName === 'Grace' && stranger),
  },
  {
    name: 'addContact',
    params: () => ({ userId: 'wxid_tom', type: 3, content: 'hello' }),
    check: (_, { simulation }) => assert.ok(simulation.contact('Tom').acceptFriend()),
  },
  {
    name: 'sayHello',
    params: () => ({ stranger: `v1_${Buffer.from('wxid_tom').toString('base64url')}@stranger`, ticket: '', content: 'hi' }),
    check: (_, { simulation }) => assert.ok(simulation.contact('Tom').acceptFriend()),
  },
  {
    name: 'acceptUser',
    params: async ({ simulation, simulated, remote }) => {
      const requested = simulated.nextEvent('friendship');
      simulation.contact('Grace').requestFriend('hello');
      await requested;
      assert.equal(remote.status.clients, 1);
      return { ticket: 'from the push' };
    },
    check: (_, { simulation }) => assert.ok(simulation.contact('Grace').isFriend),
  },
  {
    name: 'setRemark',
    params: () => ({ userId: 'wxid_ming', remark: 'M' }),
    check: (_, { simulation }) => assert.equal(simulation.contact('Ming').alias, 'M'),
  },
  { name: 'setHeadImg', params: () => ({ file: photo }), check: ({ size }) => assert.equal(size, 7) },
  {
    name: 'getUserQrcode',
    params: () => ({ userId: 'wxid_bot', style: 0 }),
    check: ({ qrCode }) => assert.match(String(qrCode), /^\/9j\//),
  },
  {
    name: 'createRoom',
    params: () => ({ userList: ['wxid_ming', 'wxid_alice'] }),
    check: ({ userName }, { simulation }) => assert.equal(simulation.room(String(userName)).memberIds.length, 3),
  },
  {
    name: 'getRoomMembers',
    params: (fixture) => ({ groupId: team(fixture) }),
    check: ({ count, member }) => assert.equal((JSON.parse(String(member)) as unknown[]).length, count),
  },
  {
    name: 'addRoomMember',
    params: (fixture) => ({ groupId: team(fixture), userId: 'wxid_lilei' }),
    check: (_, { simulation }) => assert.ok(simulation.room('Team').memberIds.includes('wxid_lilei')),
  },
  { name: 'inviteRoomMember', params: (fixture) => ({ groupId: team(fixture), userId: 'wxid_lilei' }) },
  {
    name: 'deleteRoomMember',
    params: (fixture) => ({ groupId: team(fixture), userId: 'wxid_bob' }),
    check: (_, { simulation }) => assert.ok(!simulation.room('Team').memberIds.includes('wxid_bob')),
  },
  {
    name: 'quitRoom',
    params: (fixture) => ({ groupId: team(fixture) }),
    check: (_, { simulation }) => assert.ok(!simulation.room('Team').hasBot),
  },
  {
    name: 'setRoomName',
    params: (fixture) => ({ groupId: team(fixture), content: 'Team 2' }),
    check: (_, { simulation }) => assert.ok(simulation.room('Team 2')),
  },
  { name: 'setRoomAnnouncement', params: (fixture) => ({ groupId: team(fixture), content: 'news' }) },
  {
    name: 'getRoomQrcode',
    params: (fixture) => ({ groupId: team(fixture), style: 0 }),
    check: ({ qrCode }) => assert.match(String(qrCode), /^\/9j\//),
  },
  {
    name: 'sendMsg',
    params: () => ({ toUserName: 'wxid_ming', content: 'hello', atList: [] }),
    check: (_, fixture) => assert.deepEqual(lastSent(fixture), { kind: 'text', text: 'hello' }),
  },
  {
    name: 'sendAppMsg',
    params: () => ({ toUserName: 'wxid_ming', content: '<appmsg><title>T</title><type>5</type><url>http://x.example/</url></appmsg>' }),
    check: (_, fixture) => assert.deepEqual(lastSent(fixture), { kind: 'url', url: { url: 'http://x.example/', title: 'T' } }),
  },
  {
    name: 'sendImage',
    params: () => ({ toUserName: 'wxid_ming', image: photo }),
    check: (_, fixture) => assert.equal((lastSent(fixture) as { kind: string }).kind, 'image'),
  },
  {
    name: 'sendVoice',
    params: () => ({ toUserName: 'wxid_ming', file: photo, time: 1000 }),
    check: (_, fixture) => assert.equal((lastSent(fixture) as { name: string }).name, 'voice.silk'),
  },
  {
    name: 'shareCard',
    params: () => ({ toUserName: 'wxid_ming', userId: 'wxid_alice', content: 'a friend' }),
    check: (_, fixture) => assert.deepEqual(lastSent(fixture), { kind: 'card', contactId: 'wxid_alice' }),
  },
  {
    name: 'massMsg',
    params: () => ({ userList: ['wxid_ming', 'wxid_alice'], content: 'to all' }),
    check: (_, { simulation }) => assert.equal(simulation.messages().filter(({ text }) => text === 'to all').length, 2),
  },
  { name: 'getMsgImage', params: (fixture) => rawMsgData(fixture, 'image'), check: ({ image }) => assert.equal(image, photo) },
  { name: 'getMsgVideo', params: (fixture) => rawMsgData(fixture, 'video'), check: ({ video }) => assert.equal(video, photo) },
  { name: 'getMsgVoice', params: (fixture) => rawMsgData(fixture, 'audio'), check: ({ voice }) => assert.equal(voice, photo) },
  {
    name: 'snsSendMoment',
    params: () => ({ content: '<TimelineObject><contentDesc>sun & <b>sea</b></contentDesc></TimelineObject>' }),
    check: ({ data }) => {
      const { userName, description } = fromWireCase(data as Fields);
      assert.equal(userName, 'wxid_bot');
      assert.match(String(description), /<contentDesc>sun &amp; &lt;b&gt;sea&lt;\/b&gt;<\/contentDesc>/);
    },
  },
  {
    name: 'snsTimeline',
    params: ({ simulation }) => {
      const { id } = simulation.contact('Ming').post('old');
      simulation.contact('Alice').post('nice', { replyTo: id });
      return { momentId: '' };
    },
    check: ({ count, data }) => {
      assert.equal(count, 1);
      assert.match(JSON.stringify(data), /<contentDesc>old</);
    },
  },
  {
    name: 'snsUserPage',
    params: ({ simulation }) => {
      const ming = simulation.contact('Ming');
      ming.post('older');
      return { userId: 'wxid_ming', momentId: ming.post('newer').id };
    },
    check: ({ count, data }) => assert.ok(count === 1 && JSON.stringify(data).includes('older')),
  },
  {
    name: 'snsGetObject',
    params: ({ simulation }) => {
      const { id } = simulation.contact('Ming').post('it');
      simulation.contact('Alice').post('nice', { replyTo: id });
      simulation.wechat.moments.like(id, 'wxid_bot', true);
      return { momentId: id };
    },
    check: (result) => assert.deepEqual(momentIn(result), { text: 'it', comments: ['nice'], likes: ['wxid_bot'] }),
  },
  {
    name: 'snsComment',
    params: ({ simulation }) => ({ userId: 'wxid_ming', momentId: simulation.contact('Ming').post('it').id, content: 'nice' }),
    check: (result) => assert.deepEqual(momentIn(result), { text: 'it', comments: ['nice'], likes: [] }),
  },
  {
    name: 'snsLike',
    params: ({ simulation }) => ({ userId: 'wxid_ming', momentId: simulation.contact('Ming').post('it').id }),
    check: (result) => assert.deepEqual(momentIn(result), { text: 'it', comments: [], likes: ['wxid_bot'] }),
  },
  { name: 'snsObjectOp', params: ({ simulation }) => ({ momentId: simulation.contact('Ming').post('it').id, type: 5, commentId: 0 }) },
  { name: 'addLabel', params: () => ({ label: 'friends' }) },
  { name: 'getLabelList', check: ({ label }) => assert.deepEqual(label, []) },
  { name: 'setLabel', params: () => ({ userId: 'wxid_ming', labelId: 'friends,more' }) },
  { name: 'disconnect' },
  { name: 'logout' },
]; // prettier-ignore

/** Requires an existing label. */
export const deleteLabel: OperationCase = { name: 'deleteLabel', params: () => ({ labelId: 'friends' }) };
