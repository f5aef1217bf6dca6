/** One use of every operation that works, in the words of generation B, and what is to be seen of it. */
import assert from 'node:assert/strict';
import type { Fields, Setting } from './fixture';

/** A use: parameters, and what to check in the reply's data (in lower camel case) and in the world. */
export interface Use {
  readonly name: string;
  readonly params?: (setting: Setting) => object | Promise<object>;
  readonly check?: (data: Fields, setting: Setting) => void;
}

const team = ({ world }: Setting): string => world.room('Team').id;
const photo = Buffer.from('a photo').toString('base64');
const told = ({ world }: Setting): unknown => world.messages({ conversation: 'wxid_ming' }).at(-1)?.content;

/** A message with a file, as a client was pushed it. */
function rawMsgData({ world }: Setting, kind: 'image' | 'video' | 'audio'): object {
  const { id } = world
    .contact('Ming')
    .say({ kind, name: 'x.bin', data: Buffer.from('a photo') })
    .to();
  return { rawMsgData: { msgId: id, fromUser: 'wxid_ming', toUser: 'wxid_bot', content: '', uin: 1 } };
}

export const uses: readonly Use[] = [
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
    check: (_, { world }) => assert.ok(world.contact('Tom').acceptFriend()),
  },
  {
    name: 'sayHello',
    params: () => ({ stranger: `v1_${Buffer.from('wxid_tom').toString('base64url')}@stranger`, ticket: '', content: 'hi' }),
    check: (_, { world }) => assert.ok(world.contact('Tom').acceptFriend()),
  },
  {
    name: 'acceptUser',
    params: async ({ world, simulated, remote }) => {
      const asked = simulated.next('friendship');
      world.contact('Grace').requestFriend('hello');
      await asked;
      assert.equal(remote.status.clients, 1);
      return { ticket: 'from the push' };
    },
    check: (_, { world }) => assert.ok(world.contact('Grace').isFriend),
  },
  {
    name: 'setRemark',
    params: () => ({ userId: 'wxid_ming', remark: 'M' }),
    check: (_, { world }) => assert.equal(world.contact('Ming').alias, 'M'),
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
    check: ({ userName }, { world }) => assert.equal(world.room(String(userName)).memberIds.length, 3),
  },
  {
    name: 'getRoomMembers',
    params: (setting) => ({ groupId: team(setting) }),
    check: ({ count, member }) => assert.equal((JSON.parse(String(member)) as unknown[]).length, count),
  },
  {
    name: 'addRoomMember',
    params: (setting) => ({ groupId: team(setting), userId: 'wxid_lilei' }),
    check: (_, { world }) => assert.ok(world.room('Team').memberIds.includes('wxid_lilei')),
  },
  { name: 'inviteRoomMember', params: (setting) => ({ groupId: team(setting), userId: 'wxid_lilei' }) },
  {
    name: 'deleteRoomMember',
    params: (setting) => ({ groupId: team(setting), userId: 'wxid_bob' }),
    check: (_, { world }) => assert.ok(!world.room('Team').memberIds.includes('wxid_bob')),
  },
  {
    name: 'quitRoom',
    params: (setting) => ({ groupId: team(setting) }),
    check: (_, { world }) => assert.ok(!world.room('Team').hasBot),
  },
  {
    name: 'setRoomName',
    params: (setting) => ({ groupId: team(setting), content: 'Team 2' }),
    check: (_, { world }) => assert.ok(world.room('Team 2')),
  },
  { name: 'setRoomAnnouncement', params: (setting) => ({ groupId: team(setting), content: 'news' }) },
  {
    name: 'getRoomQrcode',
    params: (setting) => ({ groupId: team(setting), style: 0 }),
    check: ({ qrCode }) => assert.match(String(qrCode), /^\/9j\//),
  },
  {
    name: 'sendMsg',
    params: () => ({ toUserName: 'wxid_ming', content: 'hello', atList: [] }),
    check: (_, setting) => assert.deepEqual(told(setting), { kind: 'text', text: 'hello' }),
  },
  {
    name: 'sendAppMsg',
    params: () => ({ toUserName: 'wxid_ming', content: '<appmsg><title>T</title><type>5</type><url>http://x.example/</url></appmsg>' }),
    check: (_, setting) => assert.deepEqual(told(setting), { kind: 'url', url: { url: 'http://x.example/', title: 'T' } }),
  },
  {
    name: 'sendImage',
    params: () => ({ toUserName: 'wxid_ming', image: photo }),
    check: (_, setting) => assert.equal((told(setting) as { kind: string }).kind, 'image'),
  },
  {
    name: 'sendVoice',
    params: () => ({ toUserName: 'wxid_ming', file: photo, time: 1000 }),
    check: (_, setting) => assert.equal((told(setting) as { name: string }).name, 'voice.silk'),
  },
  {
    name: 'shareCard',
    params: () => ({ toUserName: 'wxid_ming', userId: 'wxid_alice', content: 'a friend' }),
    check: (_, setting) => assert.deepEqual(told(setting), { kind: 'card', contactId: 'wxid_alice' }),
  },
  {
    name: 'massMsg',
    params: () => ({ userList: ['wxid_ming', 'wxid_alice'], content: 'to all' }),
    check: (_, { world }) => assert.equal(world.messages().filter(({ text }) => text === 'to all').length, 2),
  },
  { name: 'getMsgImage', params: (setting) => rawMsgData(setting, 'image'), check: ({ image }) => assert.equal(image, photo) },
  { name: 'getMsgVideo', params: (setting) => rawMsgData(setting, 'video'), check: ({ video }) => assert.equal(video, photo) },
  { name: 'getMsgVoice', params: (setting) => rawMsgData(setting, 'audio'), check: ({ voice }) => assert.equal(voice, photo) },
  {
    name: 'snsSendMoment',
    params: () => ({ content: '<TimelineObject><contentDesc>a fine day</contentDesc></TimelineObject>' }),
    check: ({ data }) => assert.equal((data as Fields).userName ?? (data as Fields).UserName ?? (data as Fields).user_name, 'wxid_bot'),
  },
  {
    name: 'snsTimeline',
    params: ({ world }) => {
      world.contact('Ming').post('old');
      return { momentId: '' };
    },
    check: ({ count }) => assert.equal(count, 1),
  },
  {
    name: 'snsUserPage',
    params: ({ world }) => {
      const ming = world.contact('Ming');
      ming.post('older');
      return { userId: 'wxid_ming', momentId: ming.post('newer').id };
    },
    check: ({ count, data }) => assert.ok(count === 1 && JSON.stringify(data).includes('older')),
  },
  {
    name: 'snsGetObject',
    params: ({ world }) => ({ momentId: world.contact('Ming').post('it').id }),
    check: ({ data }) => assert.match(JSON.stringify(data), /<contentDesc>it</),
  },
  {
    name: 'snsComment',
    params: ({ world }) => ({ userId: 'wxid_ming', momentId: world.contact('Ming').post('it').id, content: 'nice' }),
  },
  { name: 'snsLike', params: ({ world }) => ({ userId: 'wxid_ming', momentId: world.contact('Ming').post('it').id }) },
  { name: 'snsObjectOp', params: ({ world }) => ({ momentId: world.contact('Ming').post('it').id, type: 5, commentId: 0 }) },
  { name: 'addLabel', params: () => ({ label: 'friends' }) },
  { name: 'getLabelList', check: ({ label }) => assert.deepEqual(label, []) },
  { name: 'setLabel', params: () => ({ userId: 'wxid_ming', labelId: 'friends,more' }) },
  { name: 'disconnect' },
  { name: 'logout' },
]; // prettier-ignore

/** Needs a label first. */
export const deleteLabel: Use = { name: 'deleteLabel', params: () => ({ labelId: 'friends' }) };
