import assert from 'node:assert/strict';
import { access } from 'node:fs/promises';
import { join } from 'node:path';
import { KeyValueStore } from '../../../../src/remotes/storage/key-value-store';
import { TaskStore } from '../../../../src/remotes/wehelp/task-store';
import { failure } from '../../../support/commanded-bot';
import { type Data, WehelpFixture } from './fixture';

describe('CallbackSender', () => {
  let fixture: WehelpFixture;
  afterEach(() => fixture.stop());

  const receiveTexts = (...texts: string[]): void => {
    for (const text of texts) fixture.simulation.contact('Ming').say(text).to();
  };
  const postedTexts = (): unknown[] =>
    fixture.service.callbacks.flatMap(({ type, message }) => (type === 78 ? [message] : []));
  const textsOf = (from: number, to: number): string[] =>
    Array.from({ length: to - from }, (_, index) => `number ${from + index}`);

  it('delivers in order after the service was offline', async () => {
    fixture = await WehelpFixture.start();
    receiveTexts(...textsOf(0, 20));
    await fixture.service.until(() => postedTexts().length === 20);
    await fixture.service.goOffline();
    receiveTexts(...textsOf(20, 200));
    await fixture.service.until(() => fixture.remote.status.callbacks.isHealthy === false);
    assert.match(fixture.remote.status.callbacks.error, /ECONN/);
    await fixture.service.start();
    await fixture.service.until(() => postedTexts().length >= 200);
    assert.deepEqual(postedTexts(), textsOf(0, 200));
    assert.equal(fixture.remote.status.callbacks.isHealthy, true);
    assert.equal(fixture.remote.status.lost, 0);
    assert.ok(fixture.log.length <= 4, 'one line per outage and one per recovery, for each URL');
  });

  it('delivers after a restart what was queued before', async () => {
    fixture = await WehelpFixture.start();
    await fixture.service.goOffline();
    receiveTexts(...textsOf(0, 50));
    await fixture.service.until(() => fixture.remote.status.waiting === 50);
    await fixture.remote.stop();
    await fixture.service.start();
    await fixture.startRemote();
    await fixture.service.until(() => postedTexts().length === 50);
    assert.deepEqual(postedTexts(), textsOf(0, 50));
  });

  for (const status of [301, 400, 404, 500, 503]) {
    it(`retries when the service responds with ${status}`, async () => {
      fixture = await WehelpFixture.start();
      let failures = 0;
      fixture.service.onCallback = (_data, response) => {
        if (failures >= 5) return false;
        failures += 1;
        response.writeHead(status, { location: '/elsewhere' }).end('no');
        return true;
      };
      receiveTexts('one', 'two', 'three');
      await fixture.service.until(() => postedTexts().length === 3);
      // A status that may concern the content lets later callbacks be tried first.
      const isAboutContent = status === 400 || status === 500;
      const came = isAboutContent ? postedTexts().sort() : postedTexts();
      assert.deepEqual(came, isAboutContent ? ['one', 'three', 'two'] : ['one', 'two', 'three']);
      assert.equal(fixture.remote.status.lost, 0);
    });
  }

  it('retries when the service times out or closes the connection', async () => {
    fixture = await WehelpFixture.start({ times: { requestTimeoutMs: 150 } });
    let request = 0;
    fixture.service.onCallback = (_data, response) => {
      request += 1;
      if (request === 1) return true;
      if (request === 2) response.socket?.destroy();
      else if (request === 3) response.write('never ends');
      return request <= 3;
    };
    receiveTexts('retried');
    await fixture.service.until(() => postedTexts().length === 1);
    assert.equal(request, 4);
  });

  it('drops poison messages and delivers the others', async () => {
    fixture = await WehelpFixture.start();
    fixture.service.onCallback = ({ message }, response) => {
      if (!String(message).startsWith('poison')) return false;
      response.writeHead(500).end();
      return true;
    };
    receiveTexts('before', 'poison 1', 'poison 2', 'after 1', 'poison 3', 'after 2');
    await fixture.service.until(() => postedTexts().length === 3 && fixture.remote.status.lost === 3);
    assert.deepEqual(postedTexts(), ['before', 'after 1', 'after 2']);
    assert.equal(fixture.remote.status.waiting, 0);
  });

  it('keeps the order while the service refuses connections, however long', async () => {
    fixture = await WehelpFixture.start();
    await fixture.service.goOffline();
    receiveTexts('one', 'two', 'three');
    await fixture.service.until(() => fixture.remote.status.callbacks.isHealthy === false);
    await fixture.service.start();
    await fixture.service.until(() => postedTexts().length === 3);
    assert.deepEqual(postedTexts(), ['one', 'two', 'three']);
  });

  it('drops the oldest callbacks when the outbox is full', async () => {
    fixture = await WehelpFixture.start({ settings: { outboxMaxBytes: 20_000 } });
    const { remote, service } = fixture;
    await service.goOffline();
    const texts = textsOf(0, 200).map((text) => `${text} ${'x'.repeat(200)}`);
    // Messages of one write are kept and dropped together.
    for (let sentCount = 10; sentCount <= 200; sentCount += 10) {
      receiveTexts(...texts.slice(sentCount - 10, sentCount));
      await service.until(() => remote.status.waiting + remote.status.lost === sentCount);
    }
    assert.ok(remote.status.lost > 100);
    await fixture.service.start();
    await service.until(() => remote.status.waiting === 0);
    const { lost } = remote.status;
    assert.equal(postedTexts().length, 200 - lost, 'every loss is counted');
    assert.deepEqual(postedTexts().slice(-10), texts.slice(-10));
  });

  it('posts nothing without a callback URL but still runs tasks', async () => {
    fixture = await WehelpFixture.start({ settings: { callbackUrl: '' } });
    fixture.service.enqueueTasks(
      { api: 'sendTextMessage', wxid: fixture.idOf('Alice'), text: 'quiet' },
      { api: 'initContact' },
    );
    await fixture.service.until(() => fixture.auditRecords.length === 2);
    receiveTexts('not posted');
    await fixture.simulated.nextEvent('message').catch(() => undefined);
    assert.deepEqual([fixture.sentTexts('Alice'), fixture.remote.status.waiting], [['quiet'], 0]);
  });
});

describe('TaskRunner', () => {
  let fixture: WehelpFixture;
  afterEach(() => fixture.stop());

  const text = (wxid: string, words: string, time?: number): Data => ({
    api: 'sendTextMessage',
    code: 1,
    wxid,
    text: words,
    ...(time === undefined ? {} : { time }),
  });

  it('runs scheduled tasks once after a restart', async () => {
    fixture = await WehelpFixture.start();
    const alice = fixture.idOf('Alice');
    fixture.service.enqueueTasks(text(alice, 'now'), text(alice, 'later', 1));
    await fixture.service.until(() => fixture.auditRecords.length === 1 && fixture.remote.status.tasks === 1);
    await fixture.remote.stop();
    assert.deepEqual(fixture.sentTexts('Alice'), ['now']);
    await fixture.startRemote();
    await fixture.service.until(() => fixture.auditRecords.length === 2);
    await fixture.remote.stop();
    await fixture.startRemote();
    assert.deepEqual(fixture.sentTexts('Alice'), ['now', 'later']);
  });

  it('does not rerun tasks that were started before a crash, and reports them', async () => {
    fixture = await WehelpFixture.start({ settings: { pollUrl: '' } });
    await fixture.remote.stop();
    const alice = fixture.idOf('Alice');
    const store = await KeyValueStore.open(join(fixture.directory, 'store'), () => undefined);
    const taskStore = new TaskStore(store);
    const [, begun, read] = await taskStore.add([
      { task: text(alice, 'not begun'), dueAt: 0 },
      { task: text(alice, 'begun'), dueAt: 0 },
      { task: { api: 'getLoginStatus', info: 'read again' }, dueAt: 0 },
    ]);
    assert.ok(begun && read);
    await taskStore.markStarted(begun);
    await taskStore.markStarted(read);
    await store.close();
    await fixture.startRemote();
    const { code, task, message } = await fixture.service.waitForCallback(({ type }) => type === 0);
    assert.deepEqual([code, (task as Data).text], [-1, 'begun']);
    assert.match(String(message), /may or may not/);
    await fixture.service.waitForCallback(({ info }) => info === 'read again');
    await fixture.service.until(() => fixture.auditRecords.length === 3);
    assert.deepEqual(fixture.sentTexts('Alice'), ['not begun']);
    await fixture.remote.stop();
    await fixture.startRemote();
    assert.deepEqual(fixture.sentTexts('Alice'), ['not begun']);
    assert.equal(fixture.remote.status.tasks, 0);
  });

  it('polls again after garbage, errors, timeouts and closed connections', async () => {
    fixture = await WehelpFixture.start({ times: { requestTimeoutMs: 150 } });
    const bad: ((response: Parameters<typeof fixture.service.onPoll>[0]) => void)[] = [
      (response) => response.end('<html>502 Bad Gateway</html>'),
      (response) => response.writeHead(500).end('[{"api":"sendTextMessage"}]'),
      (response) => response.end('[{"api":"sendTextMessage","wxid":"'),
      (response) => response.writeHead(302, { location: fixture.service.pollUrl }).end(),
      (response) => response.end(`[${'['.repeat(100)}${']'.repeat(100)}]`),
      (response) => response.end(Buffer.alloc(9 * 1024 * 1024, ' ')),
      (response) => response.socket?.destroy(),
      (response) => response.writeHead(200, { 'content-length': '100' }).write('[{"api":"sendText'),
      () => undefined,
      (response) => response.end(),
    ];
    fixture.service.onPoll = (response) => {
      const respond = bad.shift();
      respond?.(response);
      return respond !== undefined;
    };
    fixture.service.enqueueTasks(text(fixture.idOf('Alice'), 'at last'));
    await fixture.service.until(() => fixture.sentTexts('Alice').length === 1);
    assert.deepEqual(fixture.service.callbacks, [], 'garbage is no task');
    assert.equal(fixture.auditRecords.length, 1);
    assert.equal(fixture.remote.status.polls.isHealthy, true);
  });

  it('does not poll while the maximum of tasks is pending', async () => {
    fixture = await WehelpFixture.start();
    const alice = fixture.idOf('Alice');
    fixture.service.enqueueTasks(...Array.from({ length: 1000 }, () => text(alice, 'later', 3600)));
    fixture.service.enqueueTasks(text(alice, 'too much'));
    await fixture.service.until(() => fixture.remote.status.tasks === 1000);
    const polls = (): number => fixture.service.requests.length;
    const before = polls();
    fixture.simulation.contact('Ming').say('something else').to();
    await fixture.service.until(() => fixture.service.callbacks.length === 1);
    assert.equal(polls(), before + 1, 'the callback, and no poll');
    assert.equal(fixture.service.isEmpty, false);
  });

  it('keeps tasks that arrive during a stop', async () => {
    fixture = await WehelpFixture.start();
    const alice = fixture.idOf('Alice');
    let onPolled: () => void = () => undefined;
    const isPolled = new Promise<void>((resolve) => (onPolled = resolve));
    let respond: () => void = () => undefined;
    fixture.service.onPoll = (response) => {
      respond = () => response.end(JSON.stringify([text(alice, 'in the last moment')]));
      onPolled();
      return true;
    };
    await isPolled;
    const stopping = fixture.remote.stop();
    respond();
    await stopping;
    assert.deepEqual(fixture.sentTexts('Alice'), []);
    fixture.service.onPoll = () => false;
    await fixture.startRemote();
    await fixture.service.until(() => fixture.sentTexts('Alice').length === 1);
  });
});

describe('WehelpRemote', () => {
  let fixture: WehelpFixture;
  afterEach(() => fixture.stop());

  it('rejects missing and invalid URLs', async () => {
    fixture = await WehelpFixture.start();
    await fixture.remote.stop();
    const wrong = failure('INVALID_PARAMS');
    await assert.rejects(fixture.startRemote({ callbackUrl: '', pollUrl: '' }), wrong);
    await assert.rejects(fixture.startRemote({ callbackUrl: 'ftp://x' }), wrong);
    await assert.rejects(fixture.startRemote({ pollUrl: 'no address' }), wrong);
  });

  it('reveals no credentials of URLs in logs and status', async () => {
    fixture = await WehelpFixture.start();
    await fixture.remote.stop();
    const { port } = new URL(fixture.service.pollUrl);
    await fixture.service.goOffline();
    const url = `http://user:passw0rd@127.0.0.1:${port}/t0ken?key=s3cret`;
    await fixture.startRemote({ callbackUrl: url, pollUrl: url });
    fixture.simulation.contact('Ming').say('x').to();
    await fixture.service.until(() => fixture.remote.status.callbacks.isHealthy === false);
    assert.doesNotMatch(JSON.stringify([fixture.log, fixture.remote.status]), /passw0rd|t0ken|s3cret/);
    await fixture.service.start();
  });

  it('stops in time with hanging requests, and deletes its folder when removed', async () => {
    fixture = await WehelpFixture.start({ times: { requestTimeoutMs: 60_000 } });
    fixture.service.onCallback = () => true;
    fixture.service.onPoll = () => true;
    fixture.simulation.contact('Ming').say('x').to();
    await fixture.service.until(
      () => fixture.service.requests.filter(({ url }) => url === '/callback').length === 1,
    );
    const startedAt = process.hrtime.bigint();
    await Promise.all([fixture.remote.stop(true), fixture.remote.stop(true)]);
    assert.ok(process.hrtime.bigint() - startedAt < 8_000_000_000n);
    await assert.rejects(access(join(fixture.directory, 'store')));
  });
});
