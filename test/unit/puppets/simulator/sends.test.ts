import assert from 'node:assert/strict';
import type { Message } from 'wechaty';

import { FileBox, type FileBoxInterface } from 'file-box';
import { payloads, types } from 'wechaty-puppet';

import type { PuppetSimulator, SayableContent } from '../../../../src/puppets/simulator';
import { next, runBot, type RunningBot } from './running-bot';

const url: payloads.UrlLink = { title: 'Wechaty', url: 'https://wechaty.js.org', description: 'a bot SDK' };
const miniProgram: payloads.MiniProgram = {
  appid: 'wx1',
  title: 'Weather',
  username: 'gh_1',
  pagePath: 'pages/1',
};
const location: payloads.Location = {
  accuracy: 5,
  address: '45 Chengfu Rd',
  latitude: 39.99,
  longitude: 116.33,
  name: '东升乡',
};
const file = (name: string) => FileBox.fromBuffer(Buffer.from(`content of ${name}`), name);
const post: payloads.Post = {
  sayableList: [payloads.sayable.text('hello'), payloads.sayable.attatchment(file('cat.png'))],
};

type Send = (puppet: PuppetSimulator, to: string) => Promise<unknown>;

const sends: Record<string, [types.Message, Send]> = {
  text: [types.Message.Text, (puppet, to) => puppet.messageSendText(to, 'hello')],
  attachment: [types.Message.Attachment, (puppet, to) => puppet.messageSendFile(to, file('report.pdf'))],
  image: [types.Message.Image, (puppet, to) => puppet.messageSendFile(to, file('cat.png'))],
  sticker: [types.Message.Emoticon, (puppet, to) => puppet.messageSendFile(to, file('cat.gif'))],
  video: [types.Message.Video, (puppet, to) => puppet.messageSendFile(to, file('cat.mp4'))],
  audio: [types.Message.Audio, (puppet, to) => puppet.messageSendFile(to, file('cat.mp3'))],
  link: [types.Message.Url, (puppet, to) => puppet.messageSendUrl(to, url)],
  'mini program': [types.Message.MiniProgram, (puppet, to) => puppet.messageSendMiniProgram(to, miniProgram)],
  location: [types.Message.Location, (puppet, to) => puppet.messageSendLocation(to, location)],
  card: [types.Message.Contact, (puppet, to) => puppet.messageSendContact(to, 'wxid_bob')],
  post: [types.Message.Post, (puppet, to) => puppet.messageSendPost(to, post)],
  forward: [
    types.Message.Text,
    async (puppet, to) => {
      const [first] = puppet.simulation.messages();
      return puppet.messageForward(to, first?.id ?? '');
    },
  ],
};

describe('PuppetSimulator: sends', () => {
  let running: RunningBot;

  beforeEach(async () => {
    running = await runBot();
    const received = next(running.bot, 'message');
    running.simulation.contact('Ming').say('first').to();
    await received;
  });

  afterEach(() => running.bot.stop());

  for (const [what, [type, send]] of Object.entries(sends)) {
    for (const where of ['a contact', 'a room'] as const) {
      it(`${what} to ${where} resolves to the id of a message that is there`, async () => {
        const { puppet, simulation } = running;
        const to = where === 'a room' ? simulation.room('Team').id : simulation.contact('Ming').id;
        const id = await send(puppet, to);
        assert.equal(typeof id, 'string');
        const [message] = simulation.messages({ conversation: to }).slice(-1);
        assert.equal(message?.id, id);
        assert.equal((await puppet.messagePayload(String(id))).type, type);
      });
    }

    it(`${what} is rejected where the bot may not send`, async () => {
      const { puppet, simulation } = running;
      await assert.rejects(send(puppet, simulation.room('Secret Garden').id), /not in room/);
      await assert.rejects(send(puppet, simulation.contact('Grace').id), /not a friend/);
    });
  }

  it('can be read back', async () => {
    const { puppet, simulation } = running;
    const to = simulation.contact('Ming').id;
    const sent = async (name: string) => String(await sends[name]?.[1](puppet, to));
    const contentOf = async (box: Promise<FileBoxInterface>) => (await (await box).toBuffer()).toString();

    assert.equal(await contentOf(puppet.messageFile(await sent('attachment'))), 'content of report.pdf');
    assert.equal((await puppet.messageFile(await sent('attachment'))).name, 'report.pdf');
    const image = await sent('image');
    assert.equal(await contentOf(puppet.messageImage(image)), 'content of cat.png');
    assert.deepEqual(await puppet.messageUrl(await sent('link')), url);
    assert.deepEqual(await puppet.messageMiniProgram(await sent('mini program')), miniProgram);
    assert.deepEqual(await puppet.messageLocation(await sent('location')), location);
    assert.equal(await puppet.messageContact(await sent('card')), 'wxid_bob');
    const [first, second] = (await puppet.postPayload(await sent('post'))).sayableList as string[];
    assert.equal((await puppet.messagePayload(String(first))).text, 'hello');
    assert.equal(await contentOf(puppet.messageFile(String(second))), 'content of cat.png');
  });

  it('can be received from a friend', async () => {
    const { bot, simulation } = running;
    const ming = simulation.contact('Ming');
    const receive = async (content: SayableContent) => {
      const received = next<[Message]>(bot, 'message');
      ming.say(content).to(simulation.self);
      return (await received)[0];
    };
    const picture = await receive({ kind: 'image', name: 'cat.png', data: Buffer.from('meow') });
    assert.equal(picture.type(), types.Message.Image);
    assert.equal((await (await picture.toFileBox()).toBuffer()).toString(), 'meow');
    assert.equal((await (await receive({ kind: 'url', url })).toUrlLink()).url(), url.url);
    assert.equal((await (await receive({ kind: 'card', contactId: 'wxid_bob' })).toContact()).name(), 'Bob');
    const { puppet } = running;
    assert.deepEqual(
      await puppet.messageLocation((await receive({ kind: 'location', location })).id),
      location,
    );
    const program = await receive({ kind: 'mini-program', miniProgram });
    assert.deepEqual(await puppet.messageMiniProgram(program.id), miniProgram);
  });

  it('rejects reading a message as another type', async () => {
    const { puppet, simulation } = running;
    const [text] = simulation.messages();
    const id = text?.id ?? '';
    await assert.rejects(puppet.messageFile(id), /not a file: it is a text/);
    await assert.rejects(puppet.messageUrl(id), /not a url: it is a text/);
    await assert.rejects(puppet.messageContact(id), /not a card/);
  });

  it('rejects forwarding a recall or an unknown message', async () => {
    const { puppet, simulation } = running;
    const ming = simulation.contact('Ming');
    const notice = ming.recall(ming.say('oops').to());
    await assert.rejects(puppet.messageForward(ming.id, notice.id), /cannot be forwarded/);
    await assert.rejects(puppet.messageForward(ming.id, '42'), /no such message/);
    await assert.rejects(puppet.messageSendContact(ming.id, 'wxid_none'), /no such contact/);
  });
});
