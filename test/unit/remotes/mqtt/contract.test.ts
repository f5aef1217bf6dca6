import assert from 'node:assert/strict';
import { commands } from '../../../../src/commands/table';
import { type Envelope, MqttFixture } from './fixture';

/** Without the fields that differ each time. */
function stableFields({ reqId: _reqId, timestamp: _timestamp, ...rest }: Envelope): object {
  return rest;
}

describe('MqttRemote wire contract', () => {
  let fixture: MqttFixture;
  before(async () => {
    fixture = await MqttFixture.start({}, { simulator: { contacts: 25, rooms: 3 } });
  });
  after(() => fixture.end());

  const roomNamed = (index: number) => {
    const room = fixture.simulation.rooms()[index];
    assert.ok(room);
    return room;
  };

  it('publishes its properties, retained', async () => {
    const { packet, envelope } = await fixture.client.next(({ topic }) => topic.endsWith('property/post'));
    assert.deepEqual(envelope.properties, {
      online: true,
      state: 'ready',
      user: { id: fixture.simulation.self.id, name: 'Bot' },
      version: '1.2.3',
    });
    assert.equal(packet.qos, 1);
  });

  it('publishes a message event', async () => {
    const room = roomNamed(0);
    fixture.simulation.contact('Alice').say('hello MQTT').in(room);
    const event = await fixture.client.event('message', ({ params }) => params.text === 'hello MQTT');
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

  it('answers wechatyLogonoff as documented', async () => {
    assert.deepEqual(stableFields(await fixture.client.call('wechatyLogonoff')), {
      method: 'response',
      version: '1.0',
      name: 'wechatyLogonoff',
      code: 200,
      message: 'success',
      params: { logonoff: true },
    });
  });

  it('accepts commands in the legacy format', async () => {
    const { code } = await fixture.client.call('wechatyLogonoff', {}, { method: 'thing.command.invoke' });
    assert.equal(code, 200);
  });

  it('answers contactFind with id and payload', async () => {
    const { params } = await fixture.client.call('contactFind', { name: 'Alice' });
    const { id, payload } = params as { id: string; payload: Record<string, unknown> };
    assert.equal(payload.id, id);
    assert.equal(payload.friend, true);
    assert.deepEqual(payload.phone, payload.phone ?? []);
    assert.equal(typeof payload.gender, 'number');
  });

  for (const [name, params, response] of [
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
    it(`answers ${name} ${JSON.stringify(params)} as documented, with an error`, async () => {
      const { code, message, params: body, error } = await fixture.client.call(name, params);
      assert.deepEqual({ code, message, params: body }, response);
      assert.match(error?.code ?? '', /^(INVALID_PARAMS|NOT_FOUND)$/);
    });
  }

  it('answers contactSay with the result of each recipient', async () => {
    const sent = fixture.simulation.nextMessage({ conversation: 'Alice', from: fixture.simulation.self });
    const { code, params, error } = await fixture.client.call('contactSay', {
      contacts: ['Alice', 'nobody'],
      messageType: 'Text',
      messagePayload: 'good day',
    });
    const { success, fail } = params as { success: { id: string }[]; fail: { id: string }[] };
    assert.equal(code, 200);
    assert.deepEqual(
      success.map(({ id }) => id),
      [fixture.simulation.contact('Alice').id],
    );
    assert.deepEqual(
      fail.map(({ id }) => id),
      ['nobody'],
    );
    assert.equal(error?.code, 'NOT_FOUND');
    assert.equal((await sent).text, 'good day');
  });

  it('answers contactSay with an error code when nothing was sent', async () => {
    const { code, error } = await fixture.client.call('contactSay', {
      contacts: ['nobody'],
      messagePayload: 'x',
    });
    assert.equal(code, 404);
    assert.equal(error?.code, 'NOT_FOUND');
  });

  it('answers roomSay with the message', async () => {
    const room = roomNamed(0);
    const { params } = await fixture.client.call('roomSay', {
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
    const response = await fixture.client.call('roomSayAt', {
      room: id,
      contacts: ['@all'],
      messagePayload: 'hey',
    });
    assert.equal(response.code, 200);
    assert.ok(!('params' in response));
  });

  for (const [name, to] of [
    ['send', { toContacts: ['Alice'] }],
    ['sendAt', { toContacts: ['@all'] }],
  ] as const) {
    it(`publishes a legacy event after ${name}`, async () => {
      const text = `by ${name}`;
      const room = name === 'sendAt' ? { room: roomNamed(0).id } : {};
      const { code } = await fixture.client.call(name, {
        ...to,
        ...room,
        messageType: 'Text',
        messagePayload: text,
      });
      assert.equal(code, 200);
      const { envelope } = await fixture.client.next(
        ({ text: body }) => body.includes('onMessage') && body.includes(text),
      );
      assert.equal(envelope.method, 'thing.event.post');
      const { _id, data, talker } = envelope.events?.onMessage as Record<
        string,
        { id: string; payload: object }
      >;
      assert.equal(data?.id, _id);
      assert.equal(talker?.id, fixture.simulation.self.id);
    });
  }

  it('answers roomQrcodeGet and publishes a legacy event', async () => {
    const { params } = await fixture.client.call('roomQrcodeGet', { roomId: roomNamed(0).id });
    const { envelope } = await fixture.client.next(
      ({ envelope: { events } }) => events?.qrcode !== undefined,
    );
    assert.equal(envelope.events?.qrcode, params.qrcode);
  });

  it('publishes lists page by page and marks the last page', async () => {
    const reqId = await fixture.client.sendCommand('contactFindAll', { size: 10 });
    const pages = await fixture.client.nextAll(3, ({ topic }) => topic.endsWith(`/${reqId}`));
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

  it('publishes only the requested page', async () => {
    const reqId = await fixture.client.sendCommand('contactFindAll', { size: 10, page: 2 });
    await fixture.client.responseTo(reqId);
    await fixture.client.call('wechatyLogonoff');
    assert.deepEqual(
      fixture.client.responsesTo(reqId).map(({ params }) => [params.page, params.last]),
      [[2, undefined]],
    );
  });

  it('publishes one page for an empty list', async () => {
    const { params } = await fixture.client.call('messageFindAll', { text: 'nobody ever said this' });
    assert.deepEqual(params, { page: 1, size: 100, total: 0, count: 0, items: [], last: true });
  });

  it('answers roomMemberAllGet with contacts', async () => {
    const { params } = await fixture.client.call('roomMemberAllGet', { id: roomNamed(0).id });
    const [first] = params.items as { payload: Record<string, unknown> }[];
    assert.equal(typeof first?.payload.friend, 'boolean');
    assert.equal(typeof first?.payload.roomAlias, 'string');
  });

  it('answers every command of the table and unknown commands', async () => {
    const safeCommands = commands.filter(({ name }) => !/^wechaty(Stop|Logout)$/.test(name));
    for (const { name } of safeCommands) {
      const { code, error } = await fixture.client.call(name, {});
      assert.equal(typeof code, 'number', name);
      if (code !== 200) assert.ok(error, name);
    }
    const { code, error } = await fixture.client.call('makeCoffee');
    assert.equal(code, 400);
    assert.equal(error?.code, 'INVALID_PARAMS');
  });

  it('audits every command', async () => {
    const reqId = await fixture.client.sendCommand('contactFind', { id: 'x' });
    await fixture.client.responseTo(reqId);
    const { ms, ...record } = fixture.audited.find((one) => one.reqId === reqId) ?? { ms: -1 };
    assert.ok(ms >= 0);
    assert.deepEqual(record, {
      name: 'contactFind',
      params: { id: 'x' },
      code: 200,
      message: 'success',
      reqId,
    });
  });

  it('publishes custom events', async () => {
    await fixture.remote.publish('shop-open', { since: 9 });
    assert.deepEqual((await fixture.client.event('shop-open')).params, { since: 9 });
    await assert.rejects(fixture.remote.publish('', {}), { code: 'INVALID_PARAMS' });
    const circular: Record<string, unknown> = {};
    circular.self = circular;
    await assert.rejects(fixture.remote.publish('x', circular), { code: 'INVALID_PARAMS' });
  });
});
