import assert from 'node:assert/strict';
import { commands } from '../../../../src/commands/table';
import { type Envelope, Setting } from './fixture';

/** Without what differs each time. */
function core({ reqId: _reqId, timestamp: _timestamp, ...rest }: Envelope): object {
  return rest;
}

describe('a bot on MQTT', () => {
  let setting: Setting;
  before(async () => {
    setting = await Setting.start({}, { simulator: { contacts: 25, rooms: 3 } });
  });
  after(() => setting.end());

  const roomNamed = (index: number) => {
    const room = setting.world.rooms()[index];
    assert.ok(room);
    return room;
  };

  it('tells, retained, that it is there and how it is', async () => {
    const { packet, envelope } = await setting.peer.hear(({ topic }) => topic.endsWith('property/post'));
    assert.deepEqual(envelope.properties, {
      online: true,
      state: 'ready',
      user: { id: setting.world.self.id, name: 'Bot' },
      version: '1.2.3',
    });
    assert.equal(packet.qos, 1);
  });

  it('publishes a message in full', async () => {
    const room = roomNamed(0);
    setting.world.contact('Alice').say('hello MQTT').in(room);
    const event = await setting.peer.event('message', ({ params }) => params.text === 'hello MQTT');
    assert.equal(event.method, 'event');
    assert.equal(event.version, '1.0');
    assert.match(event.reqId, /^[\da-f-]{36}$/);
    assert.deepEqual(Object.keys(event.params), ['id', 'listener', 'talker', 'room', 'text', 'type']);
    assert.equal(event.params.type, 7);
    const talker = event.params.talker as { id: string; payload: Record<string, unknown> };
    assert.equal(talker.payload.name, 'Alice');
    assert.equal(talker.payload.type, 1);
    const { payload } = event.params.room as { payload: Record<string, unknown> };
    assert.equal(payload.topic, room.topic);
  });

  it('answers whether it is logged in, as the document shows', async () => {
    assert.deepEqual(core(await setting.peer.ask('wechatyLogonoff')), {
      method: 'response',
      version: '1.0',
      name: 'wechatyLogonoff',
      code: 200,
      message: 'success',
      params: { logonoff: true },
    });
  });

  it('takes requests of the older form', async () => {
    const { code } = await setting.peer.ask('wechatyLogonoff', {}, { method: 'thing.command.invoke' });
    assert.equal(code, 200);
  });

  it('answers a contact as id and payload', async () => {
    const { params } = await setting.peer.ask('contactFind', { name: 'Alice' });
    const { id, payload } = params as { id: string; payload: Record<string, unknown> };
    assert.equal(payload.id, id);
    assert.equal(payload.friend, true);
    assert.deepEqual(payload.phone, payload.phone ?? []);
    assert.equal(typeof payload.gender, 'number');
  });

  for (const [name, params, answer] of [
    ['contactFind', {}, { code: 400, message: 'params error', params: {} }],
    ['roomFind', {}, { code: 200, message: '群id和topic不能同时为空', params: {} }],
    ['roomMemberAllGet', {}, { code: 200, message: '群id不能为空', params: [] }],
    ['roomMemberAllGet', { topic: 'none' }, { code: 200, message: 'success', params: [] }],
    ['roomSay', {}, { code: 200, message: '参数错误', params: {} }],
    ['messageSay', {}, { code: 200, message: '参数错误', params: {} }],
    [
      'messageSay',
      { id: 'nope', messageType: 'Text', messagePayload: 'x' },
      { code: 200, message: '消息不存在', params: {} },
    ],
  ] as const) {
    it(`answers ${name} ${JSON.stringify(params)} as real gateways do, and says what is wrong`, async () => {
      const { code, message, params: told, error } = await setting.peer.ask(name, params);
      assert.deepEqual({ code, message, params: told }, answer);
      assert.match(error?.code ?? '', /^(INVALID_PARAMS|NOT_FOUND)$/);
    });
  }

  it('sends to contacts and says what became of each', async () => {
    const said = setting.world.nextMessage({ conversation: 'Alice', from: setting.world.self });
    const { code, params, error } = await setting.peer.ask('contactSay', {
      contacts: ['Alice', 'nobody'],
      messageType: 'Text',
      messagePayload: 'good day',
    });
    const { success, fail } = params as { success: { id: string }[]; fail: { id: string }[] };
    assert.equal(code, 200);
    assert.deepEqual(
      success.map(({ id }) => id),
      [setting.world.contact('Alice').id],
    );
    assert.deepEqual(
      fail.map(({ id }) => id),
      ['nobody'],
    );
    assert.equal(error?.code, 'NOT_FOUND');
    assert.equal((await said).text, 'good day');
  });

  it('fails with a code of its own when nothing was sent', async () => {
    const { code, error } = await setting.peer.ask('contactSay', {
      contacts: ['nobody'],
      messagePayload: 'x',
    });
    assert.equal(code, 404);
    assert.equal(error?.code, 'NOT_FOUND');
  });

  it('answers roomSay with the message', async () => {
    const room = roomNamed(0);
    const { params } = await setting.peer.ask('roomSay', {
      rooms: [room.id],
      messageType: 'Text',
      messagePayload: 'hi all',
    });
    const { payload } = params as { payload: Record<string, unknown> };
    assert.equal(payload.roomId, room.id);
    assert.equal(payload.text, 'hi all');
  });

  it('answers roomSayAt without params', async () => {
    const { id } = roomNamed(0);
    const answer = await setting.peer.ask('roomSayAt', {
      room: id,
      contacts: ['@all'],
      messagePayload: 'hey',
    });
    assert.equal(answer.code, 200);
    assert.ok(!('params' in answer));
  });

  for (const [name, to] of [
    ['send', { toContacts: ['Alice'] }],
    ['sendAt', { toContacts: ['@all'] }],
  ] as const) {
    it(`publishes what ${name} sent in the older form too`, async () => {
      const text = `by ${name}`;
      const room = name === 'sendAt' ? { room: roomNamed(0).id } : {};
      const { code } = await setting.peer.ask(name, {
        ...to,
        ...room,
        messageType: 'Text',
        messagePayload: text,
      });
      assert.equal(code, 200);
      const { envelope } = await setting.peer.hear(
        ({ text: body }) => body.includes('onMessage') && body.includes(text),
      );
      assert.equal(envelope.method, 'thing.event.post');
      const { _id, data, talker } = envelope.events?.onMessage as Record<
        string,
        { id: string; payload: object }
      >;
      assert.equal(data?.id, _id);
      assert.equal(talker?.id, setting.world.self.id);
    });
  }

  it('answers a room code and posts it in the older form', async () => {
    const { params } = await setting.peer.ask('roomQrcodeGet', { roomId: roomNamed(0).id });
    const { envelope } = await setting.peer.hear(({ envelope: { events } }) => events?.qrcode !== undefined);
    assert.equal(envelope.events?.qrcode, params.qrcode);
  });

  it('sends lists page after page, the last one marked', async () => {
    const reqId = await setting.peer.command('contactFindAll', { size: 10 });
    const pages = await setting.peer.hearAll(3, ({ topic }) => topic.endsWith(`/${reqId}`));
    const params = pages.map(({ envelope }) => envelope.params);
    const total = params[0]?.total as number;
    assert.deepEqual(
      params.map(({ page, size, count, last, items }) => [page, size, count, last, (items as []).length]),
      [
        [1, 10, total, undefined, 10],
        [2, 10, total, undefined, 10],
        [3, 10, total, true, total - 20],
      ],
    );
  });

  it('sends only the page that was asked for', async () => {
    const reqId = await setting.peer.command('contactFindAll', { size: 10, page: 2 });
    await setting.peer.answer(reqId);
    await setting.peer.ask('wechatyLogonoff');
    assert.deepEqual(
      setting.peer.answers(reqId).map(({ params }) => [params.page, params.last]),
      [[2, undefined]],
    );
  });

  it('answers an empty list with one page', async () => {
    const { params } = await setting.peer.ask('messageFindAll', { text: 'nobody ever said this' });
    assert.deepEqual(params, { page: 1, size: 100, total: 0, count: 0, items: [], last: true });
  });

  it('answers members as contacts', async () => {
    const { params } = await setting.peer.ask('roomMemberAllGet', { id: roomNamed(0).id });
    const [first] = params.items as { payload: Record<string, unknown> }[];
    assert.equal(typeof first?.payload.friend, 'boolean');
    assert.equal(typeof first?.payload.roomAlias, 'string');
  });

  it('answers every command of the table, and names it does not know', async () => {
    const harmless = commands.filter(({ name }) => !/^wechaty(Stop|Logout)$/.test(name));
    for (const { name } of harmless) {
      const { code, error } = await setting.peer.ask(name, {});
      assert.equal(typeof code, 'number', name);
      if (code !== 200) assert.ok(error, name);
    }
    const { code, error } = await setting.peer.ask('makeCoffee');
    assert.equal(code, 400);
    assert.equal(error?.code, 'INVALID_PARAMS');
  });

  it('tells its owner of every command', async () => {
    const reqId = await setting.peer.command('contactFind', { id: 'x' });
    await setting.peer.answer(reqId);
    const { ms, ...told } = setting.handled.find((one) => one.reqId === reqId) ?? { ms: -1 };
    assert.ok(ms >= 0);
    assert.deepEqual(told, {
      name: 'contactFind',
      params: { id: 'x' },
      code: 200,
      message: 'success',
      reqId,
    });
  });

  it('publishes events of its owner', async () => {
    await setting.remote.publish('shop-open', { since: 9 });
    assert.deepEqual((await setting.peer.event('shop-open')).params, { since: 9 });
    await assert.rejects(setting.remote.publish('', {}), { code: 'INVALID_PARAMS' });
    const circular: Record<string, unknown> = {};
    circular.self = circular;
    await assert.rejects(setting.remote.publish('x', circular), { code: 'INVALID_PARAMS' });
  });
});
