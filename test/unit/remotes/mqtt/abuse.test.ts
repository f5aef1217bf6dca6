import assert from 'node:assert/strict';
import { symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { MqttFixture } from './fixture';

/** Whether a message is the response to a request without a valid reqId. */
const isUnknown = ({ topic }: { topic: string }): boolean => topic.endsWith('/d2c/unknown');

describe('MqttRemote with untrusted clients', () => {
  let fixture: MqttFixture;
  before(async () => {
    fixture = await MqttFixture.start();
  });
  after(() => fixture.end());

  const deep = `{"reqId":"deep","name":"contactFind","params":${'['.repeat(5000)}${']'.repeat(5000)}}`;
  const wide = `{"reqId":"wide","name":"contactFind","params":{"id":[${'1,'.repeat(200_000)}1]}}`;
  const huge = JSON.stringify({
    reqId: 'huge',
    name: 'contactSay',
    params: { messagePayload: 'x'.repeat(10 << 20) },
  });

  for (const [what, payload, reqId, code] of [
    ['nothing', '', 'unknown', 400],
    ['no JSON', 'hello', 'unknown', 400],
    ['a truncated command', '{"reqId":"half","name":"wechatyLogonoff","par', 'half', 400],
    ['a list', '[]', 'unknown', 400],
    ['null', 'null', 'unknown', 400],
    ['a number', '5', 'unknown', 400],
    ['bytes', '\u0000\u0001\ufffd', 'unknown', 400],
    ['no reqId', '{"name":"wechatyLogonoff","params":{}}', 'unknown', 400],
    ['a reqId that is a number', '{"reqId":5,"name":"wechatyLogonoff","params":{}}', 'unknown', 400],
    ['a reqId with a wildcard', '{"reqId":"#","name":"wechatyLogonoff","params":{}}', 'unknown', 400],
    ['a reqId that is a path', '{"reqId":"../../command/invoke","name":"wechatyLogonoff"}', 'unknown', 400],
    ['a reqId with NUL', '{"reqId":"a\\u0000b","name":"wechatyLogonoff"}', 'unknown', 400],
    ['a long reqId', `{"reqId":"${'x'.repeat(5000)}","name":"wechatyLogonoff"}`, 'unknown', 400],
    ['no name', '{"reqId":"n1","params":{}}', 'n1', 400],
    ['a name of the prototype', '{"reqId":"n2","name":"__proto__","params":{}}', 'n2', 400],
    ['another name of the prototype', '{"reqId":"n3","name":"constructor","params":{}}', 'n3', 400],
    ['params that are a list', '{"reqId":"n4","name":"contactFind","params":[]}', 'n4', 400],
    ['params that are a text', '{"reqId":"n5","name":"contactFind","params":"x"}', 'n5', 400],
    ['a response', '{"reqId":"n6","method":"response","name":"wechatyLogonoff","params":{}}', 'n6', 400],
    ['params of the wrong type', '{"reqId":"n7","name":"contactFind","params":{"id":{}}}', 'n7', 400],
    ['a page that is none', '{"reqId":"n8","name":"contactFindAll","params":{"page":-1}}', 'n8', 400],
    ['deep JSON', deep, 'deep', 403],
    ['wide JSON', wide, 'wide', 403],
    ['10 MB', huge, 'huge', 403],
  ] as const) {
    it(`rejects ${what} with one response`, async () => {
      const { client } = fixture;
      const topic = `thing/chatbot/shop/response/d2c/${reqId}`;
      const before = client.received.filter((received) => received.topic === topic).length;
      await client.send(payload);
      const responses = await client.nextAll(before + 1, (received) => received.topic === topic);
      assert.equal(responses.at(-1)?.envelope.code, code);
      assert.ok(responses.at(-1)?.envelope.error?.message);
      assert.equal((await client.call('wechatyLogonoff')).code, 200);
      assert.equal(client.received.filter((received) => received.topic === topic).length, before + 1);
    });
  }

  it('ignores unknown fields', async () => {
    const { code } = await fixture.client.call('wechatyLogonoff', { colour: 'red' }, { extra: [1] });
    assert.equal(code, 200);
  });

  it('rejects local files', async () => {
    for (const messagePayload of ['/etc/hostname', 'file:///etc/hostname', '../../../etc/hostname']) {
      const { code, error } = await fixture.client.call('contactSay', {
        contacts: ['Alice'],
        messageType: 'Attachment',
        messagePayload,
      });
      assert.deepEqual([code, error?.code], [403, 'REFUSED'], messagePayload);
    }
  });

  it('rejects URLs with private addresses', async () => {
    for (const host of ['127.0.0.1', 'localhost', '[::1]', '169.254.169.254', '10.0.0.1']) {
      const { code, error } = await fixture.client.call('contactSay', {
        contacts: ['Alice'],
        messageType: 'Image',
        messagePayload: `http://${host}:9/x.png`,
      });
      assert.deepEqual([code, error?.code], [403, 'REFUSED'], host);
    }
  });

  it('never reveals the content of local files', () => {
    assert.ok(!fixture.client.received.some(({ text }) => text.includes('root:')));
  });
});

describe('MqttRemote with a files folder', () => {
  let fixture: MqttFixture;
  afterEach(() => fixture.end());

  it('sends its files, but none reached by a symbolic link or ..', async () => {
    fixture = await MqttFixture.start();
    const { directory, client, simulation } = fixture;
    const files = { local: [directory], privateAddresses: 'refuse' as const, maxBytes: 100 };
    await fixture.restart({ files });
    await fixture.whenConnected();
    await writeFile(join(directory, 'ok.txt'), 'fine');
    await writeFile(join(directory, 'large.txt'), 'x'.repeat(101));
    await symlink('/etc/hostname', join(directory, 'link.txt'));
    const send = (messagePayload: string) =>
      client.call('contactSay', { contacts: ['Alice'], messageType: 'Attachment', messagePayload });
    assert.equal((await send(join(directory, 'ok.txt'))).code, 200);
    for (const name of ['link.txt', '../../../etc/hostname', 'large.txt']) {
      assert.equal((await send(`${directory}/${name}`)).error?.code, 'REFUSED', name);
    }
    assert.equal(simulation.messages({ conversation: 'Alice' }).length, 1);
  });
});

describe('MqttRemote and encodings', () => {
  let fixture: MqttFixture;
  before(async () => {
    fixture = await MqttFixture.start();
  });
  after(() => fixture.end());

  const say = (reqId: string, text: Buffer): Buffer =>
    Buffer.concat([
      Buffer.from(
        `{"reqId":"${reqId}","name":"contactSay","params":{"contacts":["Alice"],"messagePayload":"`,
      ),
      text,
      Buffer.from('"}}'),
    ]);
  const gbk = Buffer.from([0xc4, 0xe3, 0xba, 0xc3]);
  const reqIdInGbk = Buffer.concat([
    Buffer.from('{"reqId":"'),
    gbk,
    Buffer.from('","name":"wechatyLogonoff"}'),
  ]);
  for (const [what, payload, reqId] of [
    ['a text in GBK', say('gbk', gbk), 'gbk'],
    ['half a character', say('half-character', Buffer.from('你').subarray(0, 2)), 'half-character'],
    ['an encoded surrogate', say('surrogate', Buffer.from([0xed, 0xa0, 0x80])), 'surrogate'],
    ['a reqId in GBK', reqIdInGbk, 'unknown'],
    ['UTF-16', Buffer.from('\uFEFF{"reqId":"utf16","name":"wechatyLogonoff"}', 'utf16le'), 'unknown'],
  ] as const) {
    it(`rejects ${what}, and sends nothing`, async () => {
      const { envelope } = await fixture.client
        .send(payload)
        .then(() =>
          fixture.client.next(({ topic, text }) => topic.endsWith(`/${reqId}`) && text.includes('UTF-8')),
        );
      assert.deepEqual([envelope.code, envelope.error?.code], [400, 'INVALID_PARAMS']);
      assert.equal(fixture.simulation.messages({ conversation: 'Alice' }).length, 0);
    });
  }

  it('warns of them, once, because few programs read responses without a reqId', () => {
    assert.equal(fixture.log.filter((line) => /command\/invoke: .*UTF-8/.test(line)).length, 1);
  });

  it('skips a byte order mark', async () => {
    await fixture.client.send(Buffer.from('\uFEFF{"reqId":"bom","name":"wechatyLogonoff"}'));
    assert.equal((await fixture.client.responseTo('bom')).code, 200);
  });
});

describe('MqttRemote with a secret key', () => {
  let fixture: MqttFixture;
  afterEach(() => fixture.end());

  for (const sealed of [false, true]) {
    it(`rejects and counts payloads encrypted without it (${sealed ? 'AES-GCM' : 'AES-CBC'})`, async () => {
      fixture = await MqttFixture.start({ secretKey: 'open sesame', sealed });
      const { client, remote, simulation } = fixture;
      const command = {
        reqId: 's1',
        name: 'contactSay',
        params: { contacts: ['Alice'], messagePayload: 'x' },
      };
      for (const payload of [JSON.stringify(command), '{"data":"00","iv":"00"}', 'x'])
        await client.send(payload);
      const responses = await client.nextAll(3, isUnknown);
      for (const { text } of responses) assert.match(text, /^\{"data":"[\da-f]+","iv":"[\da-f]+"/);
      assert.equal(remote.status.rejected, 3);
      assert.equal(simulation.messages({ conversation: 'Alice' }).length, 0);
    });
  }
});
