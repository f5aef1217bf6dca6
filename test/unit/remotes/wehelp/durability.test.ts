import assert from 'node:assert/strict';
import { access } from 'node:fs/promises';
import { join } from 'node:path';
import { Store } from '../../../../src/remotes/storage/key-value-store';
import { TaskBook } from '../../../../src/remotes/wehelp/task-store';
import { failure } from '../../../support/commanded-bot';
import { type Data, Setting } from './fixture';

describe('callbacks of WeHelp', () => {
  let setting: Setting;
  afterEach(() => setting.end());

  const say = (...texts: string[]): void => {
    for (const text of texts) setting.world.contact('Ming').say(text).to(setting.world.self);
  };
  const said = (): unknown[] => setting.service.taken.map(({ message }) => message);
  const numbers = (from: number, to: number): string[] =>
    Array.from({ length: to - from }, (_, index) => `number ${from + index}`);

  it('wait while the service is away, and come in their order', async () => {
    setting = await Setting.start();
    say(...numbers(0, 20));
    await setting.service.until(() => said().length === 20);
    await setting.service.away();
    say(...numbers(20, 200));
    await setting.service.until(() => setting.remote.status.callbacks.isFine === false);
    assert.match(setting.remote.status.callbacks.error, /ECONN/);
    await setting.service.start();
    await setting.service.until(() => said().length >= 200);
    assert.deepEqual(said(), numbers(0, 200));
    assert.equal(setting.remote.status.callbacks.isFine, true);
    assert.equal(setting.remote.status.lost, 0);
    assert.ok(setting.log.length <= 4, 'one line when it goes and one when it comes, for each URL');
  });

  it('outlive the remote while the service is away', async () => {
    setting = await Setting.start();
    await setting.service.away();
    say(...numbers(0, 50));
    await setting.service.until(() => setting.remote.status.waiting === 50);
    await setting.remote.stop();
    await setting.service.start();
    await setting.begin();
    await setting.service.until(() => said().length === 50);
    assert.deepEqual(said(), numbers(0, 50));
  });

  for (const status of [301, 400, 404, 500, 503]) {
    it(`are posted again when the service answers ${status}`, async () => {
      setting = await Setting.start();
      let refusals = 0;
      setting.service.onCallback = (_data, response) => {
        if (refusals >= 5) return false;
        refusals += 1;
        response.writeHead(status, { location: '/elsewhere' }).end('no');
        return true;
      };
      say('one', 'two', 'three');
      await setting.service.until(() => said().length === 3);
      // Where the answer may be meant for what was posted, others are tried: those may come first.
      const isAboutContent = status === 400 || status === 500;
      const came = isAboutContent ? said().sort() : said();
      assert.deepEqual(came, isAboutContent ? ['one', 'three', 'two'] : ['one', 'two', 'three']);
      assert.equal(setting.remote.status.lost, 0);
    });
  }

  it('are posted again when the service does not answer, or hangs up', async () => {
    setting = await Setting.start({ times: { answer: 150 } });
    let request = 0;
    setting.service.onCallback = (_data, response) => {
      request += 1;
      if (request === 1) return true;
      if (request === 2) response.socket?.destroy();
      else if (request === 3) response.write('never ends');
      return request <= 3;
    };
    say('patience');
    await setting.service.until(() => said().length === 1);
    assert.equal(request, 4);
  });

  it('that are refused for what is in them hold up no others', async () => {
    setting = await Setting.start();
    setting.service.onCallback = ({ message }, response) => {
      if (!String(message).startsWith('poison')) return false;
      response.writeHead(500).end();
      return true;
    };
    say('before', 'poison 1', 'poison 2', 'after 1', 'poison 3', 'after 2');
    await setting.service.until(() => said().length === 3 && setting.remote.status.lost === 3);
    assert.deepEqual(said(), ['before', 'after 1', 'after 2']);
    assert.equal(setting.remote.status.waiting, 0);
  });

  it('take no more room than they may; the oldest go first', async () => {
    setting = await Setting.start({ settings: { outboxMaxBytes: 20_000 } });
    const { remote, service } = setting;
    await service.away();
    const texts = numbers(0, 200).map((text) => `${text} ${'x'.repeat(200)}`);
    // What comes at once is kept, and dropped, together.
    for (let told = 10; told <= 200; told += 10) {
      say(...texts.slice(told - 10, told));
      await service.until(() => remote.status.waiting + remote.status.lost === told);
    }
    assert.ok(remote.status.lost > 100);
    await setting.service.start();
    await service.until(() => remote.status.waiting === 0);
    const { lost } = remote.status;
    assert.equal(said().length, 200 - lost, 'every loss is counted');
    assert.deepEqual(said().slice(-10), texts.slice(-10));
  });

  it('are none where no URL is given, and tasks are done all the same', async () => {
    setting = await Setting.start({ settings: { callbackUrl: '' } });
    setting.service.give(
      { api: 'sendTextMessage', wxid: setting.id('Alice'), text: 'quiet' },
      { api: 'initContact' },
    );
    await setting.service.until(() => setting.handled.length === 2);
    say('unheard');
    await setting.simulated.next('message').catch(() => undefined);
    assert.deepEqual([setting.said('Alice'), setting.remote.status.waiting], [['quiet'], 0]);
  });
});

describe('tasks of WeHelp', () => {
  let setting: Setting;
  afterEach(() => setting.end());

  const text = (wxid: string, words: string, time?: number): Data => ({
    api: 'sendTextMessage',
    code: 1,
    wxid,
    text: words,
    ...(time === undefined ? {} : { time }),
  });

  it('that wait for their time are done in the next life, once', async () => {
    setting = await Setting.start();
    const alice = setting.id('Alice');
    setting.service.give(text(alice, 'now'), text(alice, 'later', 1));
    await setting.service.until(() => setting.handled.length === 1 && setting.remote.status.tasks === 1);
    await setting.remote.stop();
    assert.deepEqual(setting.said('Alice'), ['now']);
    await setting.begin();
    await setting.service.until(() => setting.handled.length === 2);
    await setting.remote.stop();
    await setting.begin();
    assert.deepEqual(setting.said('Alice'), ['now', 'later']);
  });

  it('that were begun when Node-RED was killed are not begun again, and the service is told', async () => {
    setting = await Setting.start({ settings: { pollUrl: '' } });
    await setting.remote.stop();
    const alice = setting.id('Alice');
    const store = await Store.open(join(setting.directory, 'store'), () => undefined);
    const book = new TaskBook(store);
    const [, begun, read] = await book.add([
      { task: text(alice, 'not begun'), dueAt: 0 },
      { task: text(alice, 'begun'), dueAt: 0 },
      { task: { api: 'getLoginStatus', info: 'read again' }, dueAt: 0 },
    ]);
    assert.ok(begun && read);
    await book.begin(begun);
    await book.begin(read);
    await store.close();
    await setting.begin();
    const { code, task, message } = await setting.service.told(({ type }) => type === 0);
    assert.deepEqual([code, (task as Data).text], [-1, 'begun']);
    assert.match(String(message), /may or may not/);
    await setting.service.told(({ info }) => info === 'read again');
    await setting.service.until(() => setting.handled.length === 3);
    assert.deepEqual(setting.said('Alice'), ['not begun']);
    await setting.remote.stop();
    await setting.begin();
    assert.deepEqual(setting.said('Alice'), ['not begun']);
    assert.equal(setting.remote.status.tasks, 0);
  });

  it('are asked for again after garbage, errors, slowness and hanging up', async () => {
    setting = await Setting.start({ times: { answer: 150 } });
    const bad: ((response: Parameters<typeof setting.service.onPoll>[0]) => void)[] = [
      (response) => response.end('<html>502 Bad Gateway</html>'),
      (response) => response.writeHead(500).end('[{"api":"sendTextMessage"}]'),
      (response) => response.end('[{"api":"sendTextMessage","wxid":"'),
      (response) => response.writeHead(302, { location: setting.service.pollUrl }).end(),
      (response) => response.end(`[${'['.repeat(100)}${']'.repeat(100)}]`),
      (response) => response.end(Buffer.alloc(9 * 1024 * 1024, ' ')),
      (response) => response.socket?.destroy(),
      (response) => response.writeHead(200, { 'content-length': '100' }).write('[{"api":"sendText'),
      () => undefined,
      (response) => response.end(),
    ];
    setting.service.onPoll = (response) => {
      const answer = bad.shift();
      answer?.(response);
      return answer !== undefined;
    };
    setting.service.give(text(setting.id('Alice'), 'at last'));
    await setting.service.until(() => setting.said('Alice').length === 1);
    assert.deepEqual(setting.service.taken, [], 'garbage is no task');
    assert.equal(setting.handled.length, 1);
    assert.equal(setting.remote.status.polls.isFine, true);
  });

  it('are not asked for while those there are are being done', async () => {
    setting = await Setting.start();
    const alice = setting.id('Alice');
    setting.service.give(...Array.from({ length: 1000 }, () => text(alice, 'later', 3600)));
    setting.service.give(text(alice, 'too much'));
    await setting.service.until(() => setting.remote.status.tasks === 1000);
    const polls = (): number => setting.service.requests.length;
    const before = polls();
    setting.world.contact('Ming').say('something else').to(setting.world.self);
    await setting.service.until(() => setting.service.taken.length === 1);
    assert.equal(polls(), before + 1, 'the callback, and no poll');
    assert.equal(setting.service.isEmpty, false);
  });

  it('that come while the remote stops are kept', async () => {
    setting = await Setting.start();
    const alice = setting.id('Alice');
    let asked: () => void = () => undefined;
    const isAsked = new Promise<void>((resolve) => (asked = resolve));
    let answer: () => void = () => undefined;
    setting.service.onPoll = (response) => {
      answer = () => response.end(JSON.stringify([text(alice, 'in the last moment')]));
      asked();
      return true;
    };
    await isAsked;
    const stopping = setting.remote.stop();
    answer();
    await stopping;
    assert.deepEqual(setting.said('Alice'), []);
    setting.service.onPoll = () => false;
    await setting.begin();
    await setting.service.until(() => setting.said('Alice').length === 1);
  });
});

describe('a WeHelp remote', () => {
  let setting: Setting;
  afterEach(() => setting.end());

  it('refuses addresses that are none', async () => {
    setting = await Setting.start();
    await setting.remote.stop();
    const wrong = failure('INVALID_PARAMS');
    await assert.rejects(setting.begin({ callbackUrl: '', pollUrl: '' }), wrong);
    await assert.rejects(setting.begin({ callbackUrl: 'ftp://x' }), wrong);
    await assert.rejects(setting.begin({ pollUrl: 'no address' }), wrong);
  });

  it('shows neither passwords nor the rest of a URL', async () => {
    setting = await Setting.start();
    await setting.remote.stop();
    const { port } = new URL(setting.service.pollUrl);
    await setting.service.away();
    const url = `http://user:passw0rd@127.0.0.1:${port}/t0ken?key=s3cret`;
    await setting.begin({ callbackUrl: url, pollUrl: url });
    setting.world.contact('Ming').say('x').to(setting.world.self);
    await setting.service.until(() => setting.remote.status.callbacks.isFine === false);
    assert.doesNotMatch(JSON.stringify([setting.log, setting.remote.status]), /passw0rd|t0ken|s3cret/);
    await setting.service.start();
  });

  it('stops soon whatever the service does, and leaves nothing behind when it is removed', async () => {
    setting = await Setting.start({ times: { answer: 60_000 } });
    setting.service.onCallback = () => true;
    setting.service.onPoll = () => true;
    setting.world.contact('Ming').say('x').to(setting.world.self);
    await setting.service.until(
      () => setting.service.requests.filter(({ url }) => url === '/callback').length === 1,
    );
    const begun = process.hrtime.bigint();
    await Promise.all([setting.remote.stop(true), setting.remote.stop(true)]);
    assert.ok(process.hrtime.bigint() - begun < 8_000_000_000n);
    await assert.rejects(access(join(setting.directory, 'store')));
  });
});
