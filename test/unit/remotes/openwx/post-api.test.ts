import assert from 'node:assert/strict';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { postEvents } from '../../../../src/nodes/openwx-remote/properties';
import { AsyncQueue } from '../../../support/async-queue';
import { SimulatedBot } from '../../../support/simulated-bot';
import { serve, type WebServer } from '../../../support/web-server';
import { OpenwxFixture } from './fixture';

type Post = Record<string, unknown> & { params?: unknown[] };

const png = Buffer.from('89504e470d0a1a0a', 'hex');

/** A server at `post_api`. */
class WebhookServer {
  readonly posts = new AsyncQueue<Post>('posts');
  /** The reply to a post; default: none. */
  reply: (post: Post) => object | undefined = () => undefined;
  type = 'application/json;charset=UTF-8';
  #http: WebServer | undefined;

  static async start(): Promise<WebhookServer> {
    const server = new WebhookServer();
    server.#http = await serve((request, response) => void server.#receive(request, response));
    return server;
  }

  get url(): string {
    return `${this.#http?.url ?? ''}/post?key=secret`;
  }

  async #receive(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const pieces: Buffer[] = [];
    for await (const piece of request as AsyncIterable<Buffer>) pieces.push(piece);
    const post = JSON.parse(Buffer.concat(pieces).toString()) as Post;
    assert.deepEqual([request.method, request.headers['content-type']], ['POST', 'application/json']);
    this.posts.add(post);
    const reply = this.reply(post);
    response.writeHead(200, { 'content-type': this.type }).end(reply ? JSON.stringify(reply) : 'ok');
  }

  async stop(): Promise<void> {
    await this.#http?.close();
  }
}

describe('EventDispatcher', () => {
  let server: WebhookServer;
  let fixture: OpenwxFixture;
  beforeEach(async () => {
    server = await WebhookServer.start();
  });
  afterEach(async () => {
    await fixture.stop();
    await server.stop();
  });

  it('posts the life cycle from the QR code to the stop', async () => {
    const simulated = await SimulatedBot.create({ simulator: { login: 'scan' } });
    const settings = { postApi: server.url, postEvents };
    fixture = await OpenwxFixture.serve(simulated, { settings });
    const next = (event: string) => server.posts.next((post) => post.event === event);
    simulated.bot.start();
    const [path, picture] = (await next('input_qrcode')).params as string[];
    assert.match(path ?? '', /qrcode\.jpg$/);
    assert.equal(
      Buffer.from(picture ?? '', 'base64')
        .subarray(0, 3)
        .toString('hex'),
      'ffd8ff',
    );
    await simulated.untilState('scanning');
    await simulated.simulation.scan();
    assert.deepEqual((await next('login')).params, [1]);
    assert.equal(((await next('update_user')).params?.[0] as { id: string }).id, 'wxid_bot');
    assert.equal((await next('update_friend')).params?.length, 8);
    assert.equal((await next('update_group')).params?.length, 3);
    await simulated.bot.stop();
    await next('stop');
    const changes = server.posts.all
      .filter(({ event }) => event === 'state_change')
      .map(({ params }) => params);
    assert.deepEqual(changes[0], ['stop', 'loading']);
    for (const [at, change] of changes.entries()) {
      if (at > 0) assert.equal(change?.[0], changes[at - 1]?.[1], 'each starts with the previous state');
    }
    assert.deepEqual(changes.at(-1), ['running', 'stop']);
    // The login QR code must not be logged.
    assert.ok(
      ![...fixture.log.all, JSON.stringify(fixture.audits.all)].some((line) => line.includes(picture ?? '?')),
    );
  });

  it('sends replies of post_api and prevents loops', async () => {
    server.reply = ({ content }) => ({ reply: `echo ${String(content)}`, code: 0 });
    fixture = await OpenwxFixture.start({ settings: { postApi: server.url } });
    const message = fixture.simulation.contact('Ming').say('hello').to();
    assert.equal((await fixture.simulation.nextReply(message)).text, 'echo hello');
    const own = await server.posts.next((post) => post.class === 'send');
    assert.deepEqual([own.from, own.content], ['code', 'echo hello']);
    const inRoom = fixture.simulation.contact('Alice').say('hi').in('Team');
    assert.equal((await fixture.simulation.nextReply(inRoom)).text, 'echo hi');
    await server.posts.next((post) => post.content === 'echo hi');
    const seen = await fixture.audits.next(({ name }) => name === 'post_api');
    assert.equal(seen.code, 200);
    const mine = fixture.simulation
      .messages()
      .filter(({ talkerId }) => talkerId === fixture.simulation.self.id);
    assert.equal(mine.length, 2);
  });

  it('sends files of replies within the file policy', async () => {
    const media: Record<string, string> = {
      local: '/etc/hostname',
      inside: server.url,
      data: `data:image/png;base64,${png.toString('base64')}`,
    };
    server.reply = ({ content, class: kind }) =>
      kind === 'recv' ? { media: media[String(content)] } : undefined;
    server.type = 'text/json';
    fixture = await OpenwxFixture.start({ settings: { postApi: server.url } });
    for (const name of ['local', 'inside']) {
      fixture.simulation.contact('Ming').say(name).to();
      const { code } = await fixture.audits.next((one) => one.name === 'post_api');
      assert.equal(code, 403, name);
    }
    const message = fixture.simulation.contact('Ming').say('data').to();
    assert.equal((await fixture.simulation.nextReply(message)).content.kind, 'image');
    assert.equal(server.posts.all.filter((post) => post.post_type === undefined).length, 0);
  });

  it('ignores replies that are not JSON', async () => {
    server.reply = () => ({ reply: 'not JSON by its type' });
    server.type = 'text/html';
    fixture = await OpenwxFixture.start({ settings: { postApi: server.url } });
    fixture.simulation.contact('Ming').say('hello').to();
    await server.posts.next();
    server.type = 'application/json';
    server.reply = () => ({ reply: 'by JSON' });
    const second = fixture.simulation.contact('Ming').say('again').to();
    assert.equal((await fixture.simulation.nextReply(second)).text, 'by JSON');
  });

  it('posts messages without their files where messageFile is denied', async () => {
    const permissions = { allow: [], deny: ['messageFile'] };
    fixture = await OpenwxFixture.start({ settings: { postApi: server.url, permissions } });
    const { id } = fixture.simulation.contact('Ming').say({ kind: 'image', name: 'cat.png', data: png }).to();
    const post = await server.posts.next();
    assert.deepEqual([post.format, post.media_type, post.media_data], ['media', 'image', undefined]);
    const { code, status } = await fixture.call('send_friend_message', { id: 'wxid_alice', media_id: id });
    assert.equal(code, -6);
    assert.match(String(status), /messageFile/);
  });

  it('posts the files of messages, in order', async () => {
    fixture = await OpenwxFixture.start({ settings: { postApi: server.url } });
    const ming = fixture.simulation.contact('Ming');
    ming.say({ kind: 'image', name: 'cat.png', data: png }).to();
    for (let count = 0; count < 20; count += 1) ming.say(`${count}`).to();
    const [image, ...texts] = await server.posts.take(21);
    assert.deepEqual(
      [image?.media_name, image?.media_ext, image?.media_size, image?.media_data],
      ['cat.png', 'png', png.length, png.toString('base64')],
    );
    assert.deepEqual(
      texts.map(({ content }) => content),
      Array.from({ length: 20 }, (_, count) => `${count}`),
    );
    const polled = await fixture.call<Post[]>('check_event');
    assert.ok(polled.every((post) => !('media_data' in post)));
    // A received file can be sent by its media_path.
    const media_path = String(image?.media_path);
    const sent = await fixture.call('send_friend_message', { id: 'wxid_alice', media_path });
    assert.equal(sent.code, 0, JSON.stringify(sent));
  });

  it('does not delay other conversations', async () => {
    const held = new AsyncQueue<ServerResponse>('held');
    const slow = await serve((request, response) => {
      void request.toArray().then((pieces: Buffer[]) => {
        const { content } = JSON.parse(Buffer.concat(pieces).toString()) as Post;
        if (content === 'slow') held.add(response);
        else response.writeHead(200, { 'content-type': 'application/json' }).end('{"reply": "quick"}');
      });
    });
    fixture = await OpenwxFixture.start({ settings: { postApi: slow.url } });
    fixture.simulation.contact('Ming').say('slow').to();
    const response = await held.next();
    const other = fixture.simulation.contact('Alice').say('hello').to();
    assert.equal((await fixture.simulation.nextReply(other)).text, 'quick');
    assert.ok(fixture.remote.status.waiting > 0);
    const answered = fixture.simulation.nextMessage({
      conversation: 'wxid_ming',
      from: fixture.simulation.self,
    });
    response.writeHead(200, { 'content-type': 'application/json' }).end('{"reply": "slow"}');
    assert.equal((await answered).text, 'slow');
    await slow.close();
  });

  it('counts events that could not be posted and logs no URL', async () => {
    const { url } = server;
    await server.stop();
    fixture = await OpenwxFixture.start({ settings: { postApi: url }, timeouts: { postRetry: 1 } });
    fixture.simulation.contact('Ming').say('lost').to();
    assert.match(
      await fixture.log.next(),
      /^warn: post_api: http:\/\/127\.0\.0\.1:\d+ could not be fetched: ECONNREFUSED/,
    );
    assert.equal(fixture.remote.status.lost, 1);
    assert.ok(fixture.log.all.every((line) => !line.includes('secret')));
    server = await WebhookServer.start();
  });
});
