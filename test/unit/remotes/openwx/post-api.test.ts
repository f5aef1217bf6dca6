import assert from 'node:assert/strict';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { postEvents } from '../../../../src/remotes/openwx/events/event-types';
import { Inbox } from '../../../support/async-queue';
import { SimulatedBot } from '../../../support/simulated-bot';
import { serve, type WebServer } from '../../../support/web-server';
import { ServedBot } from './fixture';

type Post = Record<string, unknown> & { params?: unknown[] };

const png = Buffer.from('89504e470d0a1a0a', 'hex');

/** The owner's program to which events are posted. */
class Receiver {
  readonly posts = new Inbox<Post>('posts');
  /** What is answered to a post; nothing unless told. */
  answer: (post: Post) => object | undefined = () => undefined;
  type = 'application/json;charset=UTF-8';
  #server: WebServer | undefined;

  static async start(): Promise<Receiver> {
    const receiver = new Receiver();
    receiver.#server = await serve((request, response) => void receiver.#receive(request, response));
    return receiver;
  }

  get url(): string {
    return `${this.#server?.url ?? ''}/post?key=secret`;
  }

  async #receive(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const pieces: Buffer[] = [];
    for await (const piece of request as AsyncIterable<Buffer>) pieces.push(piece);
    const post = JSON.parse(Buffer.concat(pieces).toString()) as Post;
    assert.deepEqual([request.method, request.headers['content-type']], ['POST', 'application/json']);
    this.posts.add(post);
    const answer = this.answer(post);
    response.writeHead(200, { 'content-type': this.type }).end(answer ? JSON.stringify(answer) : 'ok');
  }

  async end(): Promise<void> {
    await this.#server?.close();
  }
}

describe('post_api', () => {
  let receiver: Receiver;
  let bot: ServedBot;
  beforeEach(async () => {
    receiver = await Receiver.start();
  });
  afterEach(async () => {
    await bot.end();
    await receiver.end();
  });

  it('is told of a login from its QR code on, and of the end', async () => {
    const simulated = await SimulatedBot.make({ simulator: { login: 'scan' } });
    const settings = { postApi: receiver.url, postEvents };
    bot = await ServedBot.serve(simulated, { settings });
    const next = (event: string) => receiver.posts.next((post) => post.event === event);
    simulated.bot.start();
    const [path, picture] = (await next('input_qrcode')).params as string[];
    assert.match(path ?? '', /qrcode\.jpg$/);
    assert.equal(
      Buffer.from(picture ?? '', 'base64')
        .subarray(0, 3)
        .toString('hex'),
      'ffd8ff',
    );
    await simulated.state('scanning');
    await simulated.world.scan();
    assert.deepEqual((await next('login')).params, [1]);
    assert.equal(((await next('update_user')).params?.[0] as { id: string }).id, 'wxid_bot');
    assert.equal((await next('update_friend')).params?.length, 8);
    assert.equal((await next('update_group')).params?.length, 3);
    await simulated.bot.stop();
    await next('stop');
    const changes = receiver.posts.all
      .filter(({ event }) => event === 'state_change')
      .map(({ params }) => params);
    assert.deepEqual(changes[0], ['stop', 'loading']);
    for (const [at, change] of changes.entries()) {
      if (at > 0) assert.equal(change?.[0], changes[at - 1]?.[1], 'each begins where the last ended');
    }
    assert.deepEqual(changes.at(-1), ['running', 'stop']);
    // The code that logs an account in is nobody's business but the program's.
    assert.ok(
      ![...bot.log.all, JSON.stringify(bot.handled.all)].some((line) => line.includes(picture ?? '?')),
    );
  });

  it('has its answers said, and does not talk to itself for ever', async () => {
    receiver.answer = ({ content }) => ({ reply: `you said ${String(content)}`, code: 0 });
    bot = await ServedBot.start({ settings: { postApi: receiver.url } });
    const said = bot.world.contact('Ming').say('hello').to();
    assert.equal((await bot.world.answerTo(said)).text, 'you said hello');
    const own = await receiver.posts.next((post) => post.class === 'send');
    assert.deepEqual([own.from, own.content], ['code', 'you said hello']);
    const inRoom = bot.world.contact('Alice').say('hi').in('Team');
    assert.equal((await bot.world.answerTo(inRoom)).text, 'you said hi');
    await receiver.posts.next((post) => post.content === 'you said hi');
    const seen = await bot.handled.next(({ name }) => name === 'post_api');
    assert.equal(seen.code, 200);
    const mine = bot.world.messages().filter(({ talkerId }) => talkerId === bot.world.self.id);
    assert.equal(mine.length, 2);
  });

  it('may answer with a file, but not with one of inside the network or the machine', async () => {
    const media: Record<string, string> = {
      local: '/etc/hostname',
      inside: receiver.url,
      data: `data:image/png;base64,${png.toString('base64')}`,
    };
    receiver.answer = ({ content, class: kind }) =>
      kind === 'recv' ? { media: media[String(content)] } : undefined;
    receiver.type = 'text/json';
    bot = await ServedBot.start({ settings: { postApi: receiver.url } });
    for (const name of ['local', 'inside']) {
      bot.world.contact('Ming').say(name).to();
      const { code } = await bot.handled.next((one) => one.name === 'post_api');
      assert.equal(code, 403, name);
    }
    const said = bot.world.contact('Ming').say('data').to();
    assert.equal((await bot.world.answerTo(said)).content.kind, 'image');
    assert.equal(receiver.posts.all.filter((post) => post.post_type === undefined).length, 0);
  });

  it('is ignored where its answer is none', async () => {
    receiver.answer = () => ({ reply: 'not JSON by its type' });
    receiver.type = 'text/html';
    bot = await ServedBot.start({ settings: { postApi: receiver.url } });
    bot.world.contact('Ming').say('hello').to();
    await receiver.posts.next();
    receiver.type = 'application/json';
    receiver.answer = () => ({ reply: 'by JSON' });
    const second = bot.world.contact('Ming').say('again').to();
    assert.equal((await bot.world.answerTo(second)).text, 'by JSON');
  });

  it('gets the files in messages, in the order in which they were said', async () => {
    bot = await ServedBot.start({ settings: { postApi: receiver.url } });
    const ming = bot.world.contact('Ming');
    ming.say({ kind: 'image', name: 'cat.png', data: png }).to();
    for (let count = 0; count < 20; count += 1) ming.say(`${count}`).to();
    const [image, ...texts] = await receiver.posts.take(21);
    assert.deepEqual(
      [image?.media_name, image?.media_ext, image?.media_size, image?.media_data],
      ['cat.png', 'png', png.length, png.toString('base64')],
    );
    assert.deepEqual(
      texts.map(({ content }) => content),
      Array.from({ length: 20 }, (_, count) => `${count}`),
    );
    const polled = await bot.ask<Post[]>('check_event');
    assert.ok(polled.every((post) => !('media_data' in post)));
    // What was received can be sent by the path under which it was told.
    const media_path = String(image?.media_path);
    const sent = await bot.ask('send_friend_message', { id: 'wxid_alice', media_path });
    assert.equal(sent.code, 0, JSON.stringify(sent));
  });

  it('holds up only the conversation it is slow in', async () => {
    const held = new Inbox<ServerResponse>('held');
    const slow = await serve((request, response) => {
      void request.toArray().then((pieces: Buffer[]) => {
        const { content } = JSON.parse(Buffer.concat(pieces).toString()) as Post;
        if (content === 'slow') held.add(response);
        else response.writeHead(200, { 'content-type': 'application/json' }).end('{"reply": "quick"}');
      });
    });
    bot = await ServedBot.start({ settings: { postApi: slow.url } });
    bot.world.contact('Ming').say('slow').to();
    const response = await held.next();
    const other = bot.world.contact('Alice').say('hello').to();
    assert.equal((await bot.world.answerTo(other)).text, 'quick');
    assert.ok(bot.remote.status.waiting > 0);
    const answered = bot.world.nextMessage({ conversation: 'wxid_ming', from: bot.world.self });
    response.writeHead(200, { 'content-type': 'application/json' }).end('{"reply": "slow"}');
    assert.equal((await answered).text, 'slow');
    await slow.close();
  });

  it('that is away costs events, which are counted, and its address is not told', async () => {
    const { url } = receiver;
    await receiver.end();
    bot = await ServedBot.start({ settings: { postApi: url }, times: { postAgain: 1 } });
    bot.world.contact('Ming').say('lost').to();
    assert.match(
      await bot.log.next(),
      /^warn: post_api: http:\/\/127\.0\.0\.1:\d+ could not be fetched: ECONNREFUSED/,
    );
    assert.equal(bot.remote.status.lost, 1);
    assert.ok(bot.log.all.every((line) => !line.includes('secret')));
    receiver = await Receiver.start();
  });
});
