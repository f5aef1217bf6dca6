/** The package padchat-sdk, which many programs of generation C were written with, as a program of its own. */
import assert from 'node:assert/strict';
import { Setting } from '../unit/remotes/padchat/fixture';
import { Program } from './external-program';

/** A program that prints everything the sdk tells, and does what it is asked in its own name. */
const source = (url: string, steps: string): string => `
const Padchat = require('padchat-sdk');
const print = (what, told) => console.log(JSON.stringify({ what, told }));
const wx = new Padchat(${JSON.stringify(url)});
for (const event of ['qrcode', 'scan', 'login', 'autoLogin', 'loaded', 'logout', 'over', 'sns', 'contact', 'push', 'other'])
  wx.on(event, (told) => print(event, told));
wx.on('warn', (error) => print('warn', error && error.message));
wx.on('error', (error) => print('error', error.message));
wx.on('close', (code) => { print('close', code); process.exit(); });
wx.on('open', async () => {
  try { ${steps} } catch (error) { print('failed', String(error && error.stack)); }
  print('end');
});
`;

interface Line {
  readonly what: string;
  readonly told: Told;
}

interface Told {
  readonly success?: boolean;
  readonly error?: string;
  readonly data?: Readonly<Record<string, unknown>>;
  readonly [field: string]: unknown;
}

/** Reads what a program printed until a line says this. */
async function until(program: Program, what: string): Promise<Line[]> {
  const lines: Line[] = [];
  for (;;) {
    const line = JSON.parse(await program.lines.next()) as Line;
    lines.push(line);
    assert.ok(line.what !== 'failed' && line.what !== 'error', JSON.stringify(line));
    if (line.what === what) return lines;
  }
}

describe('padchat-sdk, generation C', function () {
  this.timeout(60_000);
  let setting: Setting;
  let program: Program | undefined;
  afterEach(async () => {
    program?.end();
    await setting.end();
  });

  it('logs in by a code, reads the address book page by page and is told once that it is complete', async () => {
    setting = await Setting.start({ authKeys: ['tok'] }, {}, { simulator: { login: 'scan', contacts: 250 } });
    const steps = `print('init', await wx.init()); print('login reply', await wx.login('qrcode'));`;
    program = Program.ofSource('js', source(`${setting.url}/tok`, steps));
    const shown = (await until(program, 'qrcode')).at(-1)?.told;
    const { bot, world } = setting.simulated;
    assert.equal(shown?.url, bot.qrCode?.url);
    await world.scan();
    const lines = await until(program, 'loaded');
    const contacts = lines.filter(({ what }) => what === 'contact').map(({ told }) => told);
    assert.equal(contacts.length, 253);
    assert.equal(new Set(contacts.map(({ userName }) => userName)).size, 253);
    assert.ok(contacts.every(({ mType, nickName }) => mType === 2 && nickName !== ''));
    assert.ok(
      lines.some(({ what, told }) => what === 'scan' && told.status === 2) &&
        lines.some(({ what }) => what === 'login'),
    );
    // Nothing more comes of it: the next thing the program tells is what a friend says.
    world.contact('Ming').say('done').to();
    assert.equal((await until(program, 'push')).filter(({ what }) => what === 'loaded').length, 0);
  });

  it('gets what its documentation says from its own methods', async () => {
    setting = await Setting.start({ authKeys: ['tok'] });
    const { world } = setting;
    const team = world.room('Team').id;
    const photo = Buffer.from('a photo');
    const steps = `
      await wx.init();
      await wx.login('qrcode');
      const calls = ${JSON.stringify([
        ['getWxData'],
        ['getLoginToken'],
        ['getMyInfo'],
        ['sendMsg', 'wxid_ming', 'hello'],
        ['sendMsg', 'filehelper', 'note'],
        ['sendMsg', team, '@Ming look', ['wxid_ming']],
        ['sendAppMsg', 'wxid_ming', { title: 'T', des: 'D', url: 'http://x.example/?a=1', thumburl: '' }],
        ['shareCard', 'wxid_ming', 'a friend', 'wxid_alice'],
        ['sendImage', 'wxid_ming', photo.toString('base64')],
        ['sendVoice', 'wxid_ming', photo.toString('base64'), 1000],
        ['getContact', 'wxid_ming'],
        ['getContact', team],
        ['searchContact', '13900000001'],
        ['getRoomMembers', team],
        ['setRemark', 'wxid_ming', 'M'],
        ['createRoom', ['wxid_ming', 'wxid_alice']],
        ['setRoomName', team, 'Team 2'],
        ['setRoomAnnouncement', team, 'news'],
        ['getRoomQrcode', team],
        ['getContactQrcode', 'wxid_bot'],
        ['addRoomMember', team, 'wxid_lilei'],
        ['deleteRoomMember', team, 'wxid_lilei'],
        ['addLabel', 'friends'],
        ['getLabelList'],
        ['setLabel', 'wxid_ming', 'friends'],
        ['snsSendMoment', 'a fine day'],
        ['snsTimeline'],
        ['heartBeat'],
      ])};
      for (const [name, ...params] of calls) print('reply', { name, ...(await wx[name](...params)) });
      print('refused', await wx.syncFav());
    `;
    program = Program.ofSource('js', source(`${setting.url}/tok`, steps));
    const lines = await until(program, 'end');
    const replies = new Map<string, Told>();
    for (const { what, told } of lines) {
      if (what !== 'reply') continue;
      assert.equal(told.success, true, JSON.stringify(told));
      replies.set(String(told.name), told);
    }
    const data = (name: string): Readonly<Record<string, unknown>> => replies.get(name)?.data ?? {};
    assert.ok(data('getWxData').wxData);
    assert.ok(data('getLoginToken').token);
    assert.equal(data('getMyInfo').userName, 'wxid_bot');
    assert.match(String(data('sendMsg').msgId), /^\d+$/);
    assert.match(String(data('searchContact').userName), /^v1_.*@stranger$/);
    const members = data('getRoomMembers').member as readonly { userName: string }[];
    assert.ok(members.some(({ userName }) => userName === 'wxid_alice'));
    assert.equal(data('getContact').chatroomOwner, 'wxid_bot');
    assert.deepEqual(data('getLabelList').label, [{ id: 'friends', name: 'friends' }]);
    assert.match(String(data('createRoom').userName), /@chatroom$/);
    // A JPEG begins so.
    assert.match(String(data('getRoomQrcode').qrCode), /^\/9j\//);
    assert.equal((data('snsTimeline').data as readonly unknown[]).length, 1);
    const refused = lines.find(({ what }) => what === 'refused')?.told;
    assert.ok(refused?.success === false && String(refused.error).includes('Wechaty has no such function'));

    const said = world.messages({ conversation: 'wxid_ming' });
    assert.deepEqual(
      said.slice(0, 4).map(({ content }) => content.kind),
      ['text', 'url', 'card', 'image'],
    );
    assert.equal(said[4]?.payload.filename, 'voice.silk');
    assert.deepEqual(said[3]?.content, { kind: 'image', name: 'image.jpg', data: photo });
    const mention = world.messages({ conversation: team }).find(({ mentionIds }) => mentionIds.length > 0);
    assert.equal(mention?.text, '@Ming\u2005look');
  });

  it('is told what friends say, and reads their pictures', async () => {
    setting = await Setting.start();
    const steps = `
      wx.on('push', async (told) => {
        if (told.mType === 3) print('picture', await wx.getMsgImage(told));
        if (told.mType === 37) {
          const [, v1] = /encryptusername="([^"]*)"/.exec(told.content);
          const [, v2] = / ticket="([^"]*)"/.exec(told.content);
          print('accepted', await wx.acceptUser(v1, v2));
        }
      });
      await wx.init(); await wx.login('auto', { token: 't', wxData: 'w' });`;
    program = Program.ofSource('js', source(`${setting.url}/anything`, steps));
    await until(program, 'end');
    const { world } = setting;
    world
      .contact('Ming')
      .say('ding', { mentions: [world.self] })
      .in('Team');
    const pushed = (await until(program, 'push')).at(-1)?.told ?? {};
    assert.match(String(pushed.content), /^wxid_ming:\n@Bot\u2005ding$/);
    assert.deepEqual([pushed.mType, pushed.msgType, pushed.subType], [1, 5, 1]);
    assert.equal(pushed.fromUser, world.room('Team').id);
    assert.match(String(pushed.msgSource), /<atuserlist>wxid_bot<\/atuserlist>/);
    const data = Buffer.from('a picture');
    world.contact('Alice').say({ kind: 'image', name: 'x.png', data }).to();
    const picture = (await until(program, 'picture')).at(-1)?.told;
    assert.equal(picture?.data?.image, data.toString('base64'));
    world.contact('Grace').requestFriend('hello');
    assert.equal((await until(program, 'accepted')).at(-1)?.told.success, true);
    assert.ok(world.contact('Grace').isFriend);
  });

  it('is sent away with its own code when the token is wrong', async () => {
    setting = await Setting.start({ authKeys: ['tok'] });
    program = Program.ofSource('js', source(`${setting.url}/wrong`, ''));
    assert.equal((await until(program, 'close')).at(-1)?.told, 3201);
  });
});
