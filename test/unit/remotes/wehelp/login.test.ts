import assert from 'node:assert/strict';
import { type Data, WehelpFixture } from './fixture';

describe('WehelpRemote and logins', () => {
  let fixture: WehelpFixture;
  afterEach(() => fixture.stop());

  /** What callbacks are: their type, or their code. */
  const kindsOf = (callbacks: readonly Data[]): unknown[] => callbacks.map(({ type, code }) => type ?? code);
  const textTask = (wxid: string, text: string): Data => ({ api: 'sendTextMessage', code: 1, wxid, text });

  it('tells who is logged in when the node is deployed later, each time', async () => {
    fixture = await WehelpFixture.start();
    const { service, remote, simulation } = fixture;
    await remote.stop();
    service.enqueueTasks({ api: 'getUserInfo', code: 19, wxid: 'wxid_alice' });
    await fixture.startRemote();
    await service.waitForCallback(({ type }) => type === 210);
    assert.deepEqual(kindsOf(service.callbacks), [67, 71, 210]);
    const [first, second] = service.callbacks;
    assert.deepEqual(
      [first?.code, first?.cwxid, second?.wxid, second?.nick],
      [200, simulation.self.id, simulation.self.id, simulation.self.name],
    );
  });

  it('tells nothing about a login while nobody is logged in', async () => {
    fixture = await WehelpFixture.startScanning();
    fixture.service.enqueueTasks({ api: 'getLoginStatus', code: 20 });
    await fixture.service.waitForCallback(({ type }) => type === 66);
    assert.ok(!kindsOf(fixture.service.callbacks).includes(67));
  });

  it('keeps tasks that are handed out before the login, and answers them after 67 and 71', async () => {
    fixture = await WehelpFixture.startScanning();
    const { service, simulation } = fixture;
    service.enqueueTasks(
      textTask('wxid_alice', 'first'),
      { api: 'getChatRoomLists', code: 47 },
      { api: 'getLoginStatus', code: 20 },
      textTask('wxid_alice', 'second'),
      { api: 'delUser', code: 17, wxid: 'wxid_alice' },
    );
    const status = await service.waitForCallback(({ type }) => type === 66);
    assert.equal(status.code, -1, 'a task about the login itself does not wait for one');
    await service.waitForCallback(({ api }) => api === 'delUser');
    await service.until(() => fixture.remote.status.tasks === 3);
    service.callbacks.splice(0);
    await simulation.scan();
    await service.waitForCallback(({ type }) => type === 211);
    assert.deepEqual(kindsOf(service.callbacks).slice(-3), [67, 71, 211]);
    await service.until(() => fixture.sentTexts('Alice').length === 2);
    assert.deepEqual(fixture.sentTexts('Alice'), ['first', 'second']);
    await service.until(() => fixture.remote.status.tasks === 0);
  });

  it('keeps them over a restart', async () => {
    fixture = await WehelpFixture.startScanning();
    fixture.service.enqueueTasks(textTask('wxid_alice', 'kept'));
    await fixture.service.until(() => fixture.remote.status.tasks === 1);
    await fixture.remote.stop();
    await fixture.startRemote();
    assert.equal(fixture.remote.status.tasks, 1);
    await fixture.simulation.scan();
    await fixture.service.until(() => fixture.sentTexts('Alice').length === 1);
  });

  it('posts logout and login in their order, before answers, when the service was away', async () => {
    fixture = await WehelpFixture.start({ simulator: { login: 'scan' } });
    const { service, simulation, simulated, remote } = fixture;
    service.enqueueTasks({ api: 'outLogin', code: 39 });
    await service.waitForCallback(({ type }) => type === 90);
    await simulated.untilState('scanning');
    await service.until(() => remote.status.tasks === 0);
    service.enqueueTasks({ api: 'getChatRoomLists', code: 47 });
    await service.until(() => remote.status.tasks === 1);
    service.callbacks.splice(0);
    await service.goOffline();
    await simulation.scan();
    await simulated.untilState('ready');
    simulation.contact('Ming').say('hello').to();
    await service.until(() => remote.status.tasks === 0 && remote.status.waiting >= 4);
    await service.start();
    await service.waitForCallback(({ type }) => type === 78);
    const kinds = kindsOf(service.callbacks).filter((kind) => kind !== 401);
    assert.deepEqual(kinds, [67, 71, 211, 78]);
  });

  it('runs tasks without callbacks as well', async () => {
    fixture = await WehelpFixture.startScanning({ settings: { callbackUrl: '' } });
    fixture.service.enqueueTasks(textTask('wxid_alice', 'quiet'));
    await fixture.service.until(() => fixture.remote.status.tasks === 1);
    await fixture.simulation.scan();
    await fixture.service.until(() => fixture.sentTexts('Alice').length === 1);
  });
});
