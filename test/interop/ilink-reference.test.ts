/** The fake iLink service judged by Tencent's own client: what that client does must work on it. */
import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Person } from '../support/ilink-service/person';
import { IlinkService } from '../support/ilink-service/service';
import { ReferenceClient, type Outcome } from './ilink-reference/reference';

describe("Tencent's iLink client on the fake service", function () {
  this.timeout(120_000);
  let service: IlinkService;
  let client: ReferenceClient;
  let home: string;
  let ming: Person;
  let login: Outcome;

  before(async () => {
    home = mkdtempSync(join(tmpdir(), 'ilink-reference-'));
    service = await IlinkService.start();
    client = new ReferenceClient(service, home);
    ming = service.person('Ming');
    login = await client.run('login', {}, ({ qrcodeUrl }) => {
      if (typeof qrcodeUrl === 'string') ming.scanAndConfirm(qrcodeUrl);
    });
  });
  afterEach(() => assert.deepEqual(service.violations, []));
  after(async () => {
    await service.stop();
    rmSync(home, { recursive: true });
  });

  const withToken = (params: object): object => ({ ...params, token: ming.bot.token });
  const message = (fields: object): object => ({
    from_user_id: '',
    to_user_id: ming.userId,
    client_id: `test-${Math.random()}`,
    message_type: 2,
    message_state: 2,
    ...fields,
  });
  const poll = async (cursor = ''): Promise<{ msgs: Record<string, unknown>[] }> =>
    (await client.run('poll', withToken({ cursor }))) as unknown as { msgs: Record<string, unknown>[] };

  it('logs in', () => {
    const { id, token } = ming.bot;
    assert.equal(login.connected, true);
    assert.deepEqual([login.botToken, login.accountId, login.userId], [token, id, ming.userId]);
    assert.equal(login.baseUrl, service.baseUrl);
  });

  it('announces its start and its end', async () => {
    await client.run('notify', withToken({}));
    assert.deepEqual(service.calls.slice(-2), ['msg/notifystart', 'msg/notifystop']);
  });

  it('receives messages with exact ids', async () => {
    const id = ming.say('你好');
    const { msgs } = await poll();
    assert.equal(msgs.length, 1);
    assert.equal(msgs[0]?.message_id, id);
    assert.ok(Number(id) > Number.MAX_SAFE_INTEGER);
  });

  it('sends, and gets the exact id of the message', async () => {
    ming.say('a question');
    const { msgs } = await poll();
    const item_list = [{ type: 1, text_item: { text: 'an answer' } }];
    const msg = message({ item_list, context_token: msgs[0]?.context_token });
    const { message_id } = await client.run('send', withToken({ msg }));
    const [delivered] = await ming.received(1);
    assert.deepEqual([delivered?.text, delivered?.id], ['an answer', message_id]);
  });

  it('is refused with -2 when a text is too long', async () => {
    const item_list = [{ type: 1, text_item: { text: 'x'.repeat(16_385) } }];
    const { error } = await client.run('send', withToken({ msg: message({ item_list }) }));
    assert.match(error ?? '', /ret=-2/);
  });

  it('shows that it is typing', async () => {
    const config = await client.run('config', withToken({ ilinkUserId: ming.userId }));
    const body = { ilink_user_id: ming.userId, typing_ticket: config.typing_ticket, status: 1 };
    await client.run('typing', withToken({ body }));
    assert.equal(ming.bot.isTyping, true);
  });

  for (const givesFullUrls of [false, true])
    for (const [kind, mediaType] of [
      ['image', 1],
      ['video', 2],
      ['file', 3],
    ] as const) {
      it(`uploads a ${kind} ${givesFullUrls ? 'to a full URL' : 'to the CDN by its parameter'}`, async () => {
        service.givesFullUrls = givesFullUrls;
        const content = Buffer.from(`a ${kind} of 31 bytes, or so`);
        const filePath = join(home, kind);
        writeFileSync(filePath, content);
        const uploaded = await client.run('upload', withToken({ toUserId: ming.userId, filePath, kind }));
        assert.equal(uploaded.error, undefined);
        assert.deepEqual(service.cdn.uploads.at(-1), { mediaType, content });
      });
    }

  for (const givesFullUrls of [false, true])
    for (const keys of ['hex-field', 'raw', 'hex-text', 'none'] as const) {
      it(`downloads a picture: key ${keys}, ${givesFullUrls ? 'full URL' : 'parameter'}`, async () => {
        service.givesFullUrls = givesFullUrls;
        const content = Buffer.from(`a picture with its key as ${keys}`);
        ming.sayImage(content, keys);
        const { msgs } = await poll();
        const [item] = msgs[0]?.item_list as unknown[];
        const saveAs = join(home, 'download');
        const { problems } = await client.run('download', { item, saveAs });
        assert.deepEqual(problems, []);
        assert.deepEqual(readFileSync(saveAs), content);
      });
    }

  it('is told that its token is dead when the person scans elsewhere', async () => {
    const old = ming.bot.token;
    await client.run('login', {}, ({ qrcodeUrl }) => {
      if (typeof qrcodeUrl === 'string') ming.scanAndConfirm(qrcodeUrl);
    });
    const { errcode } = await client.run('poll', { token: old, cursor: '' });
    assert.equal(errcode, -14);
  });
});
