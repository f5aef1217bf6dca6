/** Interoperability with the package padchat-sdk, the client of version C, in a process of its own. */
import assert from 'node:assert/strict';
import { PadchatFixture } from '../unit/remotes/padchat/fixture';
import { ExternalProgram } from './external-program';

/** The source of a program that prints all events of the sdk and runs the given steps. */
const source = (url: string, steps: string): string => `
const Padchat = require('padchat-sdk');
const print = (what, payload) => console.log(JSON.stringify({ what, payload }));
const wx = new Padchat(${JSON.stringify(url)});
for (const event of ['qrcode', 'scan', 'login', 'autoLogin', 'loaded', 'logout', 'over', 'sns', 'contact', 'push', 'other'])
  wx.on(event, (payload) => print(event, payload));
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
  readonly payload: Payload;
}

interface Payload {
  readonly success?: boolean;
  readonly error?: string;
  readonly data?: Readonly<Record<string, unknown>>;
  readonly [field: string]: unknown;
}

/** Reads printed lines up to the one with this label. */
async function until(program: ExternalProgram, what: string): Promise<Line[]> {
  const lines: Line[] = [];
  for (;;) {
    const line = JSON.parse(await program.lines.next()) as Line;
    lines.push(line);
    assert.ok(line.what !== 'failed' && line.what !== 'error', JSON.stringify(line));
    if (line.what === what) return lines;
  }
}

describe('padchat-sdk, version C', function () {
  this.timeout(60_000);
  let fixture: PadchatFixture;
  let program: ExternalProgram | undefined;
  afterEach(async () => {
    program?.end();
    await fixture.stop();
  });

  it('logs in by QR code, loads the address book page by page and emits loaded once', async () => {
    fixture = await PadchatFixture.start(
      { authKeys: ['tok'] },
      {},
      { simulator: { login: 'scan', contacts: 250 } },
    );
    const steps = `print('init', await wx.init()); print('login reply', await wx.login('qrcode'));`;
    program = ExternalProgram.ofSource('js', source(`${fixture.url}/tok`, steps));
    const shown = (await until(program, 'qrcode')).at(-1)?.payload;
    const { bot, simulation } = fixture.simulated;
    assert.equal(shown?.url, bot.qrCode?.url);
    await simulation.scan();
    const lines = await until(program, 'loaded');
    const contacts = lines.filter(({ what }) => what === 'contact').map(({ payload }) => payload);
    assert.equal(contacts.length, 253);
    assert.equal(new Set(contacts.map(({ userName }) => userName)).size, 253);
    assert.ok(contacts.every(({ mType, nickName }) => mType === 2 && nickName !== ''));
    assert.ok(
      lines.some(({ what, payload }) => what === 'scan' && payload.status === 2) &&
        lines.some(({ what }) => what === 'login'),
    );
    // No further loaded event: the next line is a message.
    simulation.contact('Ming').say('done').to();
    assert.equal((await until(program, 'push')).filter(({ what }) => what === 'loaded').length, 0);
  });

  it('calls its methods with the documented results', async () => {
    fixture = await PadchatFixture.start({ authKeys: ['tok'] });
    const { simulation } = fixture;
    const team = simulation.room('Team').id;
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
        [
          'sendAppMsg',
          'wxid_ming',
          { title: 'T < & T', des: 'D', url: 'http://x.example/?a=1&b=2', thumburl: '' },
        ],
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
    program = ExternalProgram.ofSource('js', source(`${fixture.url}/tok`, steps));
    const lines = await until(program, 'end');
    const replies = new Map<string, Payload>();
    for (const { what, payload } of lines) {
      if (what !== 'reply') continue;
      assert.equal(payload.success, true, JSON.stringify(payload));
      replies.set(String(payload.name), payload);
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
    const [label] = data('getLabelList').label as readonly Payload[];
    assert.ok(label?.name === 'friends' && Number.isInteger(label.id));
    const link = simulation
      .messages({ conversation: 'wxid_ming' })
      .find(({ content }) => content.kind === 'url');
    assert.deepEqual(link?.content, {
      kind: 'url',
      url: { title: 'T < & T', description: 'D', url: 'http://x.example/?a=1&b=2' },
    });
    assert.match(String(data('createRoom').userName), /@chatroom$/);
    // The start of a JPEG.
    assert.match(String(data('getRoomQrcode').qrCode), /^\/9j\//);
    assert.equal((data('snsTimeline').data as readonly unknown[]).length, 1);
    const refused = lines.find(({ what }) => what === 'refused')?.payload;
    assert.ok(refused?.success === false && String(refused.error).includes('Wechaty has no such function'));

    const sent = simulation.messages({ conversation: 'wxid_ming' });
    assert.deepEqual(
      sent.slice(0, 4).map(({ content }) => content.kind),
      ['text', 'url', 'card', 'image'],
    );
    assert.equal(sent[4]?.payload.filename, 'voice.silk');
    assert.deepEqual(sent[3]?.content, { kind: 'image', name: 'image.jpg', data: photo });
    const mention = simulation
      .messages({ conversation: team })
      .find(({ mentionIds }) => mentionIds.length > 0);
    assert.equal(mention?.text, '@Ming\u2005look');
  });

  it('receives messages and downloads images', async () => {
    fixture = await PadchatFixture.start();
    const steps = `
      wx.on('push', async (payload) => {
        if (payload.mType === 3) print('picture', await wx.getMsgImage(payload));
        if (payload.mType === 37) {
          const [, v1] = /encryptusername="([^"]*)"/.exec(payload.content);
          const [, v2] = / ticket="([^"]*)"/.exec(payload.content);
          print('accepted', await wx.acceptUser(v1, v2));
        }
      });
      await wx.init(); await wx.login('auto', { token: 't', wxData: 'w' });`;
    program = ExternalProgram.ofSource('js', source(`${fixture.url}/anything`, steps));
    await until(program, 'end');
    const { simulation } = fixture;
    simulation
      .contact('Ming')
      .say('ding', { mentions: [simulation.self] })
      .in('Team');
    const pushed = (await until(program, 'push')).at(-1)?.payload ?? {};
    assert.match(String(pushed.content), /^wxid_ming:\n@Bot\u2005ding$/);
    assert.deepEqual([pushed.mType, pushed.msgType, pushed.subType], [1, 5, 1]);
    assert.equal(pushed.fromUser, simulation.room('Team').id);
    assert.match(String(pushed.msgSource), /<atuserlist>wxid_bot<\/atuserlist>/);
    const data = Buffer.from('a picture');
    simulation.contact('Alice').say({ kind: 'image', name: 'x.png', data }).to();
    const picture = (await until(program, 'picture')).at(-1)?.payload;
    assert.equal(picture?.data?.image, data.toString('base64'));
    simulation.contact('Grace').requestFriend('hello');
    assert.equal((await until(program, 'accepted')).at(-1)?.payload.success, true);
    assert.ok(simulation.contact('Grace').isFriend);
  });

  it('is closed with code 3201 when the token is wrong', async () => {
    fixture = await PadchatFixture.start({ authKeys: ['tok'] });
    program = ExternalProgram.ofSource('js', source(`${fixture.url}/wrong`, ''));
    assert.equal((await until(program, 'close')).at(-1)?.payload, 3201);
  });
});
