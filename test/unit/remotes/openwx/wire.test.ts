import assert from 'node:assert/strict';
import { parseBody, parseForm, mergeParams } from '../../../../src/remotes/openwx/request-params';
import { kindOfFile, guessName } from '../../../../src/remotes/openwx/messages/media-kinds';
import { jsonResponse } from '../../../../src/remotes/openwx/wire';
import { failure } from '../../../support/commanded-bot';

describe('RequestParams', () => {
  const json = (value: unknown) =>
    parseBody('application/json; charset=utf-8', Buffer.from(JSON.stringify(value)));

  it('are parsed from a query and a form', async () => {
    assert.deepEqual(
      [...parseForm('id=%40a&content=%e4%bd%a0+b&empty=')],
      [
        ['id', '@a'],
        ['content', '你 b'],
        ['empty', ''],
      ],
    );
    const form = await parseBody('application/x-www-form-urlencoded', Buffer.from('id=1&id=2'));
    assert.deepEqual([...form], [['id', '2']]);
  });

  it('are parsed from JSON: texts, numbers, and lists of them', async () => {
    const params = await json({ id: '@a', timeout: 3, async: true, friends: ['@a', '@b'], none: null });
    assert.deepEqual(Object.fromEntries(params), { id: '@a', timeout: '3', async: 'true', friends: '@a,@b' });
  });

  it('from the query win over the body', () => {
    const params = mergeParams(parseForm('id=query'), parseForm('id=body&content=x'));
    assert.deepEqual(Object.fromEntries(params), { id: 'query', content: 'x' });
  });

  it('are empty for other content types', async () => {
    assert.equal((await parseBody('text/plain', Buffer.from('id=1'))).size, 0);
    assert.equal((await parseBody(undefined, Buffer.from('{"id": 1}'))).size, 0);
  });

  it('reject a body that is not an object of plain values', async () => {
    for (const wrong of [[], 'x', 1, null, { id: {} }, { id: [null] }]) {
      await assert.rejects(json(wrong), failure('INVALID_PARAMS'), JSON.stringify(wrong));
    }
    await assert.rejects(parseBody('application/json', Buffer.from('{"id":')), failure('INVALID_PARAMS'));
  });

  it('reject too many parameters', async () => {
    assert.throws(() => parseForm('a&'.repeat(1000)), failure('REFUSED'));
    const many = Object.fromEntries(Array.from({ length: 500 }, (_, at) => [`p${at}`, '1']));
    await assert.rejects(json(many), failure('REFUSED'));
    await assert.rejects(json(JSON.parse(`${'['.repeat(50)}${']'.repeat(50)}`)), failure('REFUSED'));
  });

  it('do not pollute prototypes', async () => {
    const params = await json(JSON.parse('{"__proto__": "x", "constructor": "y"}'));
    assert.deepEqual([...params.keys()], ['__proto__', 'constructor']);
    assert.equal(({} as Record<string, unknown>).x, undefined);
  });
});

describe('jsonResponse', () => {
  it('returns JSON, or JSONP with a callback', () => {
    assert.equal(jsonResponse({ code: 0 }).body, '{"code":0}');
    const jsonp = jsonResponse({ code: 0 }, parseForm('datatype=jsonp&callback=my.f_1'));
    assert.equal(jsonp.body, 'my.f_1({"code":0})');
    assert.equal(jsonp.headers['Content-Type'], 'application/json');
  });

  it('rejects an invalid callback name', () => {
    for (const callback of ['', 'alert(1)//', '<script>', 'f;g', 'x'.repeat(200)]) {
      const { body } = jsonResponse(
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

describe('media kinds', () => {
  it('guess a file name by magic bytes', () => {
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
      assert.equal(guessName(Buffer.from(hex, 'hex')), name, hex);
  });

  it('follow the extension, by default `file`', () => {
    const codes = ['a.PNG', 'b.mp4', 'c.gif', 'd.amr', 'e.exe', 'none', '.jpg'].map(
      (name) => kindOfFile(name, Buffer.from('x')).code,
    );
    assert.deepEqual(codes, [3, 43, 47, 34, 6, 6, 3]);
  });
});
