import assert from 'node:assert/strict';
import { fromBody, fromForm, together } from '../../../../src/remotes/openwx/request-params';
import { kindOfFile, nameFor } from '../../../../src/remotes/openwx/messages/media-kinds';
import { jsonReply } from '../../../../src/remotes/openwx/wire';
import { failure } from '../../../support/commanded-bot';

describe('what an Openwx client gives', () => {
  const json = (value: unknown) =>
    fromBody('application/json; charset=utf-8', Buffer.from(JSON.stringify(value)));

  it('is read from a query and from a form', () => {
    assert.deepEqual(
      [...fromForm('id=%40a&content=%e4%bd%a0+b&empty=')],
      [
        ['id', '@a'],
        ['content', '你 b'],
        ['empty', ''],
      ],
    );
    const form = fromBody('application/x-www-form-urlencoded', Buffer.from('id=1&id=2'));
    assert.deepEqual([...form], [['id', '2']]);
  });

  it('is read from JSON: texts, numbers, and lists of them', () => {
    const given = json({ id: '@a', timeout: 3, async: true, friends: ['@a', '@b'], none: null });
    assert.deepEqual(Object.fromEntries(given), { id: '@a', timeout: '3', async: 'true', friends: '@a,@b' });
  });

  it('counts from the query where it is in both', () => {
    const given = together(fromForm('id=query'), fromForm('id=body&content=x'));
    assert.deepEqual(Object.fromEntries(given), { id: 'query', content: 'x' });
  });

  it('is nothing in a body of another type', () => {
    assert.equal(fromBody('text/plain', Buffer.from('id=1')).size, 0);
    assert.equal(fromBody(undefined, Buffer.from('{"id": 1}')).size, 0);
  });

  it('is refused where it is no object of plain values', () => {
    for (const wrong of [[], 'x', 1, null, { id: {} }, { id: [null] }]) {
      assert.throws(() => json(wrong), failure('INVALID_PARAMS'), JSON.stringify(wrong));
    }
    assert.throws(() => fromBody('application/json', Buffer.from('{"id":')), failure('INVALID_PARAMS'));
  });

  it('is refused where it is too much', () => {
    assert.throws(() => fromForm('a&'.repeat(1000)), failure('REFUSED'));
    const many = Object.fromEntries(Array.from({ length: 500 }, (_, at) => [`p${at}`, '1']));
    assert.throws(() => json(many), failure('REFUSED'));
    assert.throws(() => json(JSON.parse(`${'['.repeat(50)}${']'.repeat(50)}`)), failure('REFUSED'));
  });

  it('cannot reach the prototype of anything', () => {
    const given = json(JSON.parse('{"__proto__": "x", "constructor": "y"}'));
    assert.deepEqual([...given.keys()], ['__proto__', 'constructor']);
    assert.equal(({} as Record<string, unknown>).x, undefined);
  });
});

describe('answers to Openwx clients', () => {
  it('are JSON, or a call of the function a page names', () => {
    assert.equal(jsonReply({ code: 0 }).body, '{"code":0}');
    const called = jsonReply({ code: 0 }, fromForm('datatype=jsonp&callback=my.f_1'));
    assert.equal(called.body, 'my.f_1({"code":0})');
    assert.equal(called.headers['Content-Type'], 'application/json');
  });

  it('never hold what a page gives for a function and is none', () => {
    for (const callback of ['', 'alert(1)//', '<script>', 'f;g', 'x'.repeat(200)]) {
      const { body } = jsonReply(
        { code: 0 },
        new Map([
          ['datatype', 'jsonp'],
          ['callback', callback],
        ]),
      );
      assert.equal((JSON.parse(String(body)) as { code: number }).code, -2, callback);
    }
  });
});

describe('media without a name', () => {
  it('get one by their first bytes', () => {
    const names = {
      ffd8ffe0: 'media.jpg',
      '89504e470d0a1a0a': 'media.png',
      '474946383961': 'media.gif',
      '0000001866747970': 'media.mp4',
      '4944330400': 'media.mp3',
      '2321414d52': 'media.amr',
      '0223215349': 'media.bin',
      '02232153494c4b': 'media.silk',
      '': 'media.bin',
    };
    for (const [hex, name] of Object.entries(names))
      assert.equal(nameFor(Buffer.from(hex, 'hex')), name, hex);
  });

  it('are of the kind their name tells, else files', () => {
    const codes = ['a.PNG', 'b.mp4', 'c.gif', 'd.amr', 'e.exe', 'none', '.jpg'].map(
      (name) => kindOfFile(name).code,
    );
    assert.deepEqual(codes, [3, 43, 47, 34, 6, 6, 3]);
  });
});
