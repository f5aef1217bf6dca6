import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { WechatError } from '../../../../src/bot/errors';
import type { ContactView, RoomView } from '../../../../src/bot/views';
import { Codes } from '../../../../src/remotes/wehelp/v2-codes';
import { contactsData, membersData, personOf, roomsData } from '../../../../src/remotes/wehelp/people';
import { delayOf, kindOf, taskKinds } from '../../../../src/remotes/wehelp/tasks';
import { tell } from '../../../../src/remotes/wehelp/event-mapper';
import {
  callbackTypes,
  type CallbackData,
  failureData,
  packet,
  readPoll,
  writeCallback,
} from '../../../../src/remotes/wehelp/wire';
import { failure } from '../../../support/commanded-bot';
import { root } from '../../../support/package-install';
import { needs } from '../../../interop/required-tools';

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
  (JSON.parse(writeCallback(callback, sender)) as { data: Record<string, unknown> }).data;

/** What a bot tells, as callbacks. */
async function told(event: string, body: object): Promise<Record<string, unknown>[]> {
  const whole = { bot: { id: 'b', name: 'Shop' }, event, timestamp: 0, ...body };
  const parts = { ask: () => Promise.resolve({}), codes: new Codes(), selfId: 'wxid_bot' };
  return (await tell(whole as Parameters<typeof tell>[0], parts)).map(dataOf);
}

const message = (fields: object): object => ({
  message: {
    id: '1',
    type: 'Text',
    text: 'hi',
    timestamp: 0,
    self: false,
    mentionIds: [],
    mentionsSelf: false,
  },
  talker: ming,
  room: null,
  listener: null,
  ...fields,
});

describe('the wire of WeHelp', () => {
  it('wraps every callback, and says who sends it', () => {
    assert.equal(
      writeCallback({ type: callbackTypes.login, code: 200 }, sender),
      '{"data":{"type":67,"processid":6072,"cwxid":"wxid_bot","code":200}}',
    );
    assert.equal(writeCallback({ code: 401, message: 'qr' }, sender), '{"data":{"code":401,"message":"qr"}}');
  });

  it('reads lists, single tasks and nothing', () => {
    const read = (text: string): unknown => readPoll(Buffer.from(text));
    assert.deepEqual(read('[{"api":"x"},7]'), [{ api: 'x' }, 7]);
    assert.deepEqual(read('{"api":"x"}'), [{ api: 'x' }]);
    for (const empty of ['', '  \n', '[]', 'null']) assert.deepEqual(read(empty), []);
    assert.throws(() => read('<html>'), failure('INVALID_PARAMS'));
    assert.throws(() => read('['.repeat(1000)), failure('REFUSED'));
  });

  it('makes packets in which texts of any length are found', () => {
    assert.deepEqual(packet([]), { packLen: 6, hex: '0A0408001200' });
    const long = 'wxid_'.repeat(100);
    const { packLen, hex } = packet(['小明', long]);
    const bytes = Buffer.from(hex, 'hex');
    assert.equal(bytes.length, packLen);
    assert.ok(bytes.includes(long) && bytes.includes('小明'));
    assert.match(hex, /^[0-9A-F]+$/);
  });

  it('tells a task with its failure, unless it is long', () => {
    const error = new WechatError('UNSUPPORTED', 'taskUnsupported', { api: 'delUser' });
    const task = { api: 'delUser', wxid: 'a' };
    const { type, code, api, task: given, message: words } = dataOf(failureData(task, error));
    assert.deepEqual([type, code, api, given], [0, -1, 'delUser', task]);
    assert.match(String(words), /^unsupported: /);
    assert.ok(!('task' in failureData({ api: 'x', text: 'x'.repeat(3000) }, error)));
    assert.ok(JSON.stringify(failureData({ api: 'x'.repeat(1e6) }, error)).length < 1000);
  });

  it('knows tasks by name, and by number where there is no name', () => {
    const known = (task: object): string => kindOf({ wxid: 'a', text: 'b', ...task }).kind.api;
    assert.equal(known({ api: 'sendTextMessage' }), 'sendTextMessage');
    assert.equal(known({ code: 1 }), 'sendTextMessage');
    assert.equal(known({ api: '', code: '1' }), 'sendTextMessage');
    assert.equal(known({ api: 'sendTextMessage', code: 39 }), 'sendTextMessage');
    const refused = (given: unknown, code: string, ...words: string[]): void => {
      assert.throws(() => kindOf(given), failure(code, ...words));
    };
    refused({ api: 'noSuchTask' }, 'UNSUPPORTED', 'noSuchTask');
    refused({ api: 'toString' }, 'UNSUPPORTED');
    refused({ code: 999 }, 'UNSUPPORTED', '999');
    refused({}, 'UNSUPPORTED');
    refused({ api: 'sendTextMessage', wxid: 7, text: 'x' }, 'INVALID_PARAMS', 'wxid');
    refused({ api: 'sendTextMessage', text: 'x' }, 'INVALID_PARAMS', 'wxid');
    refused({ api: 'newGetUserLists', wxidLists: Array(51).fill('a') }, 'INVALID_PARAMS');
    for (const none of [7, 'x', null, [], true]) refused(none, 'INVALID_PARAMS');
  });

  it('knows how long a task is to wait', () => {
    assert.equal(delayOf({}, 1000), 0);
    assert.equal(delayOf({ time: 1.5 }, 1000), 1500);
    assert.equal(delayOf({ time: '2' }, 1), 2);
    assert.equal(delayOf({ time: '' }, 1000), 0);
    for (const time of [-1, 'soon', {}, NaN, 86_401, true]) {
      assert.throws(() => delayOf({ time }, 1000), failure('INVALID_PARAMS'), JSON.stringify(time));
    }
  });

  it('shows people and rooms with all their fields', () => {
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
    const [rooms] = roomsData([team], 'wxid_bot');
    const [room] = rooms?.chatrooms as Record<string, unknown>[];
    assert.deepEqual([room?.count, room?.roomLord, room?.userLists], [2, true, 'wxid_bot\u0007wxid_ming']);
    const xml = Buffer.from(String(room?.xml), 'base64').toString();
    assert.match(xml, /^<\?xml.*<nickname>Team &amp; &lt;friends&gt;<\/nickname>/s);
  });

  it('tells of many in several callbacks, and of nobody in one', () => {
    const many = Array.from({ length: 1001 }, (_, index) => ({ ...ming, id: String(index) }));
    const sizes = contactsData(many, '').map(({ userLists }) => (userLists as unknown[]).length);
    assert.deepEqual(sizes, [500, 500, 1]);
    assert.deepEqual(
      contactsData([], '').map(({ userLists }) => userLists),
      [[]],
    );
  });

  it('tells of messages by sender, or by room and speaker', async () => {
    const [direct] = await told('message', message({}));
    assert.deepEqual(direct, {
      type: 78,
      ...sender,
      msgType: '1',
      wxid: 'wxid_ming',
      nick: 'Ming',
      message: 'hi',
    });
    const [inRoom] = await told('message', message({ room: team }));
    assert.deepEqual(
      [inRoom?.wxid, inRoom?.formWxid, inRoom?.nick],
      ['123@chatroom', 'wxid_ming', 'Team & <friends>'],
    );
  });

  it('does not tell what the bot said itself, or services would answer it', async () => {
    const own = {
      id: '1',
      type: 'Text',
      text: 'hi',
      timestamp: 0,
      self: true,
      mentionIds: [],
      mentionsSelf: false,
    };
    assert.deepEqual(await told('message', message({ message: own })), []);
  });

  it('tells an own logout from one on the phone', async () => {
    const types = [
      await told('logout', { reason: 'logout()' }),
      await told('logout', { reason: 'kicked out' }),
    ];
    assert.deepEqual(
      types.map(([data]) => data?.type),
      [90, 98],
    );
    assert.ok(Buffer.from(String(types[1]?.[0]?.hex), 'hex').includes('kicked out'));
  });

  it('tells of what it has nothing for with nothing', async () => {
    for (const event of ['heartbeat', 'dirty', 'error', 'ready', 'start', 'post']) {
      assert.deepEqual(await told(event, {}), []);
    }
    assert.deepEqual(await told('scan', { status: 'Scanned', qrcode: '' }), []);
  });

  it('gives codes that stand for requests and members, and reads no others', () => {
    const codes = new Codes();
    assert.deepEqual(codes.read(codes.ofRequest('7')), { friendship: '7' });
    assert.deepEqual(codes.read(codes.ofMember('a', 'b')), { contactId: 'a', roomId: 'b' });
    for (const foreign of [
      '',
      'v2_00@stranger',
      'v2_{}@stranger',
      '{"friendship":"7"}',
      new Codes().ofRequest('7'),
    ]) {
      assert.equal(codes.read(foreign), undefined);
    }
  });
});

describe('the WeHelp document', () => {
  before(function () {
    needs.call(this, existsSync(document) ? undefined : `the protocol's document is not at ${document}`);
  });

  /** Its examples that can be read as JSON once comments and slips are mended. */
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

  it('shows tasks that are all known, by the same name and number', () => {
    const tasks = examples().filter((example) => 'api' in example);
    assert.ok(tasks.length >= 19);
    const unknown = tasks.filter(({ api, code }) => {
      const kind = taskKinds.find((one) => one.api === api);
      return kind?.code !== code;
    });
    assert.deepEqual(unknown, []);
    for (const task of tasks) assert.equal(kindOf(task).kind.api, task.api);
    const timed = tasks.filter(({ time }) => time !== undefined);
    assert.ok(timed.length > 0 && timed.every((task) => delayOf(task, 1000) === 1000));
  });

  it('shows callbacks that have ours as well, with every field of the same type', async () => {
    const member = { id: 'wxid_ming', name: 'Ming', roomAlias: '明' };
    const joined = { room: team, inviteeList: [{ ...ming, id: 'wxid_bot' }], inviter: ming, happenedAt: 0 };
    const cgi = 'cgi';
    const ours = [
      ...(await told('login', { contact: ming })),
      ...(await told('scan', { status: 'Waiting', qrcode: 'http://qr' })),
      ...(await told('message', message({ room: team }))),
      ...(await told('room-join', joined)),
      ...(await told('logout', { reason: 'logout()' })),
      ...(await told('logout', { reason: 'phone' })),
      ...contactsData([ming], 'wxid_bot').map(dataOf),
      ...roomsData([team], 'wxid_bot').map(dataOf),
      dataOf(membersData(team.id, [member])),
      dataOf({ type: callbackTypes.ticket, ...personOf(ming), v2: new Codes().ofMember('a', 'b') }),
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

/** What the document's example has, and ours has not or has otherwise. */
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
