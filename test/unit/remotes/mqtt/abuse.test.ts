import assert from 'node:assert/strict';
import { symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Setting } from './fixture';

/** Answers to what has no readable reqId. */
const isUnknown = ({ topic }: { topic: string }): boolean => topic.endsWith('/d2c/unknown');

describe('a bot on MQTT among strangers', () => {
  let setting: Setting;
  before(async () => {
    setting = await Setting.start();
  });
  after(() => setting.end());

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
    ['half of a command', '{"reqId":"half","name":"wechatyLogonoff","par', 'half', 400],
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
    it(`refuses ${what}, once`, async () => {
      const { peer } = setting;
      const topic = `thing/chatbot/shop/response/d2c/${reqId}`;
      const before = peer.heard.filter((heard) => heard.topic === topic).length;
      await peer.send(payload);
      const answers = await peer.hearAll(before + 1, (heard) => heard.topic === topic);
      assert.equal(answers.at(-1)?.envelope.code, code);
      assert.ok(answers.at(-1)?.envelope.error?.message);
      assert.equal((await peer.ask('wechatyLogonoff')).code, 200);
      assert.equal(peer.heard.filter((heard) => heard.topic === topic).length, before + 1);
    });
  }

  it('ignores fields it does not know', async () => {
    const { code } = await setting.peer.ask('wechatyLogonoff', { colour: 'red' }, { extra: [1] });
    assert.equal(code, 200);
  });

  it('sends no file of this machine', async () => {
    for (const messagePayload of ['/etc/hostname', 'file:///etc/hostname', '../../../etc/hostname']) {
      const { code, error } = await setting.peer.ask('contactSay', {
        contacts: ['Alice'],
        messageType: 'Attachment',
        messagePayload,
      });
      assert.deepEqual([code, error?.code], [403, 'REFUSED'], messagePayload);
    }
  });

  it('fetches nothing from private addresses', async () => {
    for (const host of ['127.0.0.1', 'localhost', '[::1]', '169.254.169.254', '10.0.0.1']) {
      const { code, error } = await setting.peer.ask('contactSay', {
        contacts: ['Alice'],
        messageType: 'Image',
        messagePayload: `http://${host}:9/x.png`,
      });
      assert.deepEqual([code, error?.code], [403, 'REFUSED'], host);
    }
  });

  it('never says what a secret path leads to', () => {
    assert.ok(!setting.peer.heard.some(({ text }) => text.includes('root:')));
  });
});

describe('a bot on MQTT with a folder of files', () => {
  let setting: Setting;
  afterEach(() => setting.end());

  it('sends those, and nothing that a link or .. leads to', async () => {
    setting = await Setting.start();
    const { directory, peer, world } = setting;
    const files = { local: [directory], privateAddresses: 'refuse' as const, maxBytes: 100 };
    await setting.restart({ files });
    await setting.connected();
    await writeFile(join(directory, 'ok.txt'), 'fine');
    await writeFile(join(directory, 'large.txt'), 'x'.repeat(101));
    await symlink('/etc/hostname', join(directory, 'link.txt'));
    const send = (messagePayload: string) =>
      peer.ask('contactSay', { contacts: ['Alice'], messageType: 'Attachment', messagePayload });
    assert.equal((await send(join(directory, 'ok.txt'))).code, 200);
    for (const name of ['link.txt', '../../../etc/hostname', 'large.txt']) {
      assert.equal((await send(`${directory}/${name}`)).error?.code, 'REFUSED', name);
    }
    assert.equal(world.messages({ conversation: 'Alice' }).length, 1);
  });
});

describe('a bot on MQTT with a key', () => {
  let setting: Setting;
  afterEach(() => setting.end());

  for (const sealed of [false, true]) {
    it(`refuses and counts what was not made with it (${sealed ? 'sealed' : 'hidden'})`, async () => {
      setting = await Setting.start({ secretKey: 'open sesame', sealed });
      const { peer, remote, world } = setting;
      const command = {
        reqId: 's1',
        name: 'contactSay',
        params: { contacts: ['Alice'], messagePayload: 'x' },
      };
      for (const payload of [JSON.stringify(command), '{"data":"00","iv":"00"}', 'x'])
        await peer.send(payload);
      const answers = await peer.hearAll(3, isUnknown);
      for (const { text } of answers) assert.match(text, /^\{"data":"[\da-f]+","iv":"[\da-f]+"/);
      assert.equal(remote.status.refused, 3);
      assert.equal(world.messages({ conversation: 'Alice' }).length, 0);
    });
  }
});
