import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { WechatError } from '../../../../src/bot/errors';
import type { RunCommand } from '../../../../src/commands/table';
import type { ContactView, RoomView } from '../../../../src/bot/views';
import { V2Codes } from '../../../../src/remotes/wehelp/v2-codes';
import {
  contactCallbacks,
  membersCallback,
  personOf,
  roomCallbacks,
} from '../../../../src/remotes/wehelp/people';
import { delayOf, parseTask, taskKinds } from '../../../../src/remotes/wehelp/tasks/table';
import { mapEvent, mapLoginEvent } from '../../../../src/remotes/wehelp/event-mapper';
import {
  callbackTypes,
  type CallbackData,
  errorCallback,
  packet,
  parsePollResponse,
  encodeCallback,
} from '../../../../src/remotes/wehelp/wire';
import { failure } from '../../../support/commanded-bot';
import { root } from '../../../support/package-install';
import { skipIfMissing } from '../../../interop/required-tools';

const document = join(root, '..', 'shared', 'protocols', 'seed-5-wehelp.txt');

const sender = { processid: 6072, cwxid: 'wxid_bot' };
const ming: ContactView = {
  id: 'wxid_ming',
  name: 'Ming',
  alias: '小明',
  friend: true,
  type: 'Individual',
  gender: 'Male',
  avatar: 'https://example.com/ming.jpg',
  handle: 'ming88',
  city: '上海',
  province: '上海',
  signature: 'hello',
};
const team: RoomView & { memberIds: string[] } = {
  id: '123@chatroom',
  topic: 'Team & <friends>',
  memberCount: 2,
  ownerId: 'wxid_bot',
  memberIds: ['wxid_bot', 'wxid_ming'],
};

const dataOf = (callback: CallbackData): Record<string, unknown> =>
  (JSON.parse(encodeCallback(callback, sender)) as { data: Record<string, unknown> }).data;

/** Maps an event and decodes the data of its callbacks. */
async function mapToData(event: string, body: object): Promise<Record<string, unknown>[]> {
  const whole = { bot: { id: 'b', name: 'Shop' }, event, timestamp: 0, ...body };
  const query = (() => Promise.resolve({})) as RunCommand;
  const context = { query, v2Codes: new V2Codes(), selfId: 'wxid_bot' };
  const typed = whole as Parameters<typeof mapEvent>[0];
  return (mapLoginEvent(typed) ?? (await mapEvent(typed, context))).map(dataOf);
}

const text = {
  id: '1',
  type: 'Text',
  text: 'hi',
  timestamp: 0,
  self: false,
  mentionIds: [],
  mentionsSelf: false,
  mentionsAll: false,
};

const message = (fields: object): object => ({
  message: text,
  talker: ming,
  room: null,
  listener: null,
  ...fields,
});

describe('WeHelp codec', () => {
  it('encodeCallback wraps the data and adds the sender', () => {
    assert.equal(
      encodeCallback({ type: callbackTypes.login, code: 200 }, sender),
      '{"data":{"type":67,"processid":6072,"cwxid":"wxid_bot","code":200}}',
    );
    assert.equal(
      encodeCallback({ code: 401, message: 'qr' }, sender),
      '{"data":{"code":401,"message":"qr"}}',
    );
  });

  it('parsePollResponse accepts lists, single tasks and nothing', () => {
    const read = (text: string): unknown => parsePollResponse(Buffer.from(text));
    assert.deepEqual(read('[{"api":"x"},7]'), [{ api: 'x' }, 7]);
    assert.deepEqual(read('{"api":"x"}'), [{ api: 'x' }]);
    for (const empty of ['', '  \n', '[]', 'null']) assert.deepEqual(read(empty), []);
    assert.throws(() => read('<html>'), failure('INVALID_PARAMS'));
    assert.throws(() => read('['.repeat(1000)), failure('REFUSED'));
  });

  it('packet contains texts of any length', () => {
    assert.deepEqual(packet([]), { packLen: 6, hex: '0A0408001200' });
    const long = 'wxid_'.repeat(100);
    const { packLen, hex } = packet(['小明', long]);
    const bytes = Buffer.from(hex, 'hex');
    assert.equal(bytes.length, packLen);
    assert.ok(bytes.includes(long) && bytes.includes('小明'));
    assert.match(hex, /^[0-9A-F]+$/);
  });

  it('errorCallback echoes the task unless it is long', () => {
    const error = new WechatError('UNSUPPORTED', 'taskUnsupported', { api: 'delUser' });
    const task = { api: 'delUser', wxid: 'a' };
    const { type, code, api, task: echoed, message: text } = dataOf(errorCallback(task, error));
    assert.deepEqual([type, code, api, echoed], [0, -1, 'delUser', task]);
    assert.match(String(text), /^unsupported: /);
    assert.ok(!('task' in errorCallback({ api: 'x', text: 'x'.repeat(3000) }, error)));
    assert.ok(JSON.stringify(errorCallback({ api: 'x'.repeat(1e6) }, error)).length < 1000);
  });

  it('parseTask finds tasks by name, by number only without a name', () => {
    const apiOf = (task: object): string => parseTask({ wxid: 'a', text: 'b', ...task }).kind.api;
    assert.equal(apiOf({ api: 'sendTextMessage' }), 'sendTextMessage');
    assert.equal(apiOf({ code: 1 }), 'sendTextMessage');
    assert.equal(apiOf({ api: '', code: '1' }), 'sendTextMessage');
    assert.equal(apiOf({ api: 'sendTextMessage', code: 39 }), 'sendTextMessage');
    const rejects = (raw: unknown, code: string, ...words: string[]): void => {
      assert.throws(() => parseTask(raw), failure(code, ...words));
    };
    rejects({ api: 'noSuchTask' }, 'UNSUPPORTED', 'noSuchTask');
    rejects({ api: 'toString' }, 'UNSUPPORTED');
    rejects({ code: 999 }, 'UNSUPPORTED', '999');
    rejects({}, 'UNSUPPORTED');
    rejects({ api: 'sendTextMessage', wxid: 7, text: 'x' }, 'INVALID_PARAMS', 'wxid');
    rejects({ api: 'sendTextMessage', text: 'x' }, 'INVALID_PARAMS', 'wxid');
    rejects({ api: 'newGetUserLists', wxidLists: Array(51).fill('a') }, 'INVALID_PARAMS');
    for (const none of [7, 'x', null, [], true]) rejects(none, 'INVALID_PARAMS');
  });

  it('delayOf converts the time of a task and rejects invalid ones', () => {
    assert.equal(delayOf({}, 1000), 0);
    assert.equal(delayOf({ time: 1.5 }, 1000), 1500);
    assert.equal(delayOf({ time: '2' }, 1), 2);
    assert.equal(delayOf({ time: '' }, 1000), 0);
    for (const time of [-1, 'soon', {}, NaN, 86_401, true]) {
      assert.throws(() => delayOf({ time }, 1000), failure('INVALID_PARAMS'), JSON.stringify(time));
    }
  });

  it('personOf and roomCallbacks have all fields', () => {
    assert.deepEqual(personOf(ming), {
      wxid: 'wxid_ming',
      asName: '小明',
      headPic: 'https://example.com/ming.jpg',
      sheadPic: 'https://example.com/ming.jpg',
      nick: 'Ming',
      username: 'ming88',
      province: '上海',
      city: '上海',
      sex: '1',
      regionCode: '',
      sign: 'hello',
    });
    const [rooms] = roomCallbacks([team], 'wxid_bot');
    const [room] = rooms?.chatrooms as Record<string, unknown>[];
    assert.deepEqual([room?.count, room?.roomLord, room?.userLists], [2, true, 'wxid_bot\u0007wxid_ming']);
    const xml = Buffer.from(String(room?.xml), 'base64').toString();
    assert.match(xml, /^<\?xml.*<nickname>Team &amp; &lt;friends&gt;<\/nickname>/s);
  });

  it('contactCallbacks splits many contacts and returns one callback for none', () => {
    const many = Array.from({ length: 1001 }, (_, index) => ({ ...ming, id: String(index) }));
    const sizes = contactCallbacks(many, '').map(({ userLists }) => (userLists as unknown[]).length);
    assert.deepEqual(sizes, [500, 500, 1]);
    assert.deepEqual(
      contactCallbacks([], '').map(({ userLists }) => userLists),
      [[]],
    );
  });

  it('mapEvent maps direct and room messages', async () => {
    const [direct] = await mapToData('message', message({}));
    assert.deepEqual(direct, {
      type: 78,
      ...sender,
      msgType: '1',
      wxid: 'wxid_ming',
      nick: 'Ming',
      message: 'hi',
    });
    const [inRoom] = await mapToData('message', message({ room: team }));
    assert.deepEqual(
      [inRoom?.wxid, inRoom?.formWxid, inRoom?.nick],
      ['123@chatroom', 'wxid_ming', 'Team & <friends>'],
    );
  });

  it('mapEvent omits messages sent by the bot', async () => {
    const own = { ...text, self: true };
    assert.deepEqual(await mapToData('message', message({ message: own })), []);
  });

  it('mapEvent distinguishes a logout by the bot from one on the phone', async () => {
    const types = [
      await mapToData('logout', { reason: 'logout()' }),
      await mapToData('logout', { reason: 'kicked out' }),
    ];
    assert.deepEqual(
      types.map(([data]) => data?.type),
      [90, 98],
    );
    assert.ok(Buffer.from(String(types[1]?.[0]?.hex), 'hex').includes('kicked out'));
  });

  it('mapEvent maps unknown events to no callbacks', async () => {
    for (const event of ['heartbeat', 'dirty', 'error', 'ready', 'start', 'post']) {
      assert.deepEqual(await mapToData(event, {}), []);
    }
    assert.deepEqual(await mapToData('scan', { status: 'Scanned', qrcode: '' }), []);
  });

  it('V2Codes decodes its own codes only', () => {
    const codes = new V2Codes();
    assert.deepEqual(codes.decode(codes.encodeFriendship('7')), { friendship: '7' });
    assert.deepEqual(codes.decode(codes.encodeMember('a', 'b')), { contactId: 'a', roomId: 'b' });
    for (const foreign of [
      '',
      'v2_00@stranger',
      'v2_{}@stranger',
      '{"friendship":"7"}',
      new V2Codes().encodeFriendship('7'),
    ]) {
      assert.equal(codes.decode(foreign), undefined);
    }
  });
});

describe('the WeHelp document', () => {
  before(function () {
    skipIfMissing.call(
      this,
      existsSync(document) ? undefined : `the protocol's document is not at ${document}`,
    );
  });

  /** Its JSON examples, without comments and with syntax errors fixed. */
  function examples(): Record<string, unknown>[] {
    const text = readFileSync(document, 'utf8');
    const blocks = [...text.matchAll(/```json\s*\n([^]*?)```/g)].map(([, code = '']) => code);
    return blocks.map((code) => {
      const bare = code
        .replace(/\/\/ .*$|\/\/\s*(?:16进制|base64).*$/gm, '')
        .replace(/^(\s*"nick":"DaQiXX)$/gm, '$1",')
        .replace(/,(\s*[}\]])/g, '$1')
        .trim();
      const whole = bare.startsWith('"data"') ? `{${bare}` : bare;
      const opened = (whole.match(/\{/g) ?? []).length - (whole.match(/\}/g) ?? []).length;
      return JSON.parse(whole + '}'.repeat(Math.max(0, opened))) as Record<string, unknown>;
    });
  }

  it('has only known tasks, with the same names and numbers', () => {
    const tasks = examples().filter((example) => 'api' in example);
    assert.ok(tasks.length >= 19);
    const unknown = tasks.filter(({ api, code }) => {
      const kind = taskKinds.find((one) => one.api === api);
      return kind?.code !== code;
    });
    assert.deepEqual(unknown, []);
    for (const task of tasks) assert.equal(parseTask(task).kind.api, task.api);
    const timed = tasks.filter(({ time }) => time !== undefined);
    assert.ok(timed.length > 0 && timed.every((task) => delayOf(task, 1000) === 1000));
  });

  it('has callbacks whose fields and types match ours', async () => {
    const member = { id: 'wxid_ming', name: 'Ming', roomAlias: '明' };
    const joined = { room: team, inviteeList: [{ ...ming, id: 'wxid_bot' }], inviter: ming, happenedAt: 0 };
    const cgi = 'cgi';
    const ours = [
      ...(await mapToData('login', { contact: ming })),
      ...(await mapToData('scan', { status: 'Waiting', qrcode: 'http://qr' })),
      ...(await mapToData('message', message({ room: team }))),
      ...(await mapToData('room-join', joined)),
      ...(await mapToData('logout', { reason: 'logout()' })),
      ...(await mapToData('logout', { reason: 'phone' })),
      ...contactCallbacks([ming], 'wxid_bot').map(dataOf),
      ...roomCallbacks([team], 'wxid_bot').map(dataOf),
      dataOf(membersCallback(team.id, [member])),
      dataOf({ type: callbackTypes.ticket, ...personOf(ming), v2: new V2Codes().encodeMember('a', 'b') }),
      dataOf({ type: callbackTypes.contactsPacket, cgi, ...packet([]) }),
      dataOf({ type: callbackTypes.contactPacket, cgi, ...packet([]) }),
      dataOf({ type: callbackTypes.accepted, cgi, ...packet([]) }),
    ];
    const shown = examples()
      .filter((example) => !('api' in example))
      .map((example) => (example.data ?? example) as Record<string, unknown>);
    assert.ok(shown.length >= 15);
    const problems = shown.flatMap((example) => {
      const number = example.type ?? example.code;
      // Head pictures in bulk: the document has no task that asks for them.
      if (number === 95) return [];
      const own = ours.find((one) => (one.type ?? one.code) === number);
      return own ? differences(example, own, String(number)) : [`${String(number)} is missing`];
    });
    // A number everywhere else, and by its own comment.
    assert.deepEqual(problems, ['78.processid is number, not string']);
  });
});

/** Fields of the document's example that ours lacks or has with another type. */
function differences(shown: unknown, ours: unknown, path: string): string[] {
  const type = (value: unknown): string => (Array.isArray(value) ? 'array' : typeof value);
  if (type(shown) !== type(ours)) return [`${path} is ${type(ours)}, not ${type(shown)}`];
  if (Array.isArray(shown) && Array.isArray(ours)) return differences(shown[0], ours[0], `${path}[0]`);
  if (typeof shown !== 'object' || shown === null) return [];
  const own = ours as Record<string, unknown>;
  return Object.entries(shown).flatMap(([name, value]) =>
    name in own ? differences(value, own[name], `${path}.${name}`) : [`${path}.${name} is missing`],
  );
}
