import assert from 'node:assert/strict';
import { once } from 'node:events';
import { type IncomingMessage, request } from 'node:http';
import { text as readText } from 'node:stream/consumers';
import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib';
import { OpenwxFixture } from './fixture';

interface Answer {
  readonly status: number;
  readonly code: number;
  readonly reason: string;
}

/** 你好 in GBK. */
const gbk = Buffer.from([0xc4, 0xe3, 0xba, 0xc3]);
const percent = [...gbk].map((byte) => `%${byte.toString(16)}`).join('');
const bytes = (...parts: (string | Buffer)[]): Buffer =>
  Buffer.concat(parts.map((part) => Buffer.from(part)));
const json = 'application/json';
const form = 'application/x-www-form-urlencoded';
const body = '{"id":"wxid_ming","content":"你好"}';
const bom = '\uFEFF';
const multipart = 'multipart/form-data; boundary=b';
const part = (name: string, value: string | Buffer, more = ''): Buffer =>
  bytes(`--b\r\nContent-Disposition: form-data; name="${name}"${more}\r\n\r\n`, value, '\r\n');

describe('OpenwxRemote, texts in other encodings', () => {
  let fixture: OpenwxFixture;
  before(async () => {
    fixture = await OpenwxFixture.start();
  });
  after(() => fixture.stop());

  async function send(query: string, type: string, content: Buffer | string, encoding = ''): Promise<Answer> {
    const { hostname, port } = new URL(fixture.url);
    const headers = {
      ...(type ? { 'content-type': type } : {}),
      ...(encoding ? { 'content-encoding': encoding } : {}),
    };
    const path = `/openwx/send_friend_message${query}`;
    const outgoing = request({ hostname, port, path, method: type ? 'POST' : 'GET', headers, agent: false });
    outgoing.end(content);
    const [response] = (await once(outgoing, 'response')) as [IncomingMessage];
    const answer = JSON.parse(await readText(response)) as { code: number; status: string };
    return { status: response.statusCode ?? 0, code: answer.code, reason: answer.status };
  }
  const sentTexts = (): string[] => fixture.simulation.messages().map(({ text }) => text);

  for (const [name, query, type, content, encoding] of [
    ['UTF-8 in a query', `?id=wxid_ming&content=${encodeURIComponent('你好')}`, '', ''],
    ['a form declared as GBK', '?id=wxid_ming', `${form}; charset=gbk`, `content=${percent}`],
    ['a form of raw GBK', '?id=wxid_ming', `${form}; charset="GBK"`, bytes('content=', gbk)],
    ['JSON declared as GBK', '?id=wxid_ming', `${json};charset=gbk`, bytes('{"content":"', gbk, '"}')],
    ['JSON declared as UTF-16', '', `${json}; charset=utf-16le`, Buffer.from(body, 'utf16le')],
    ['JSON with a BOM', '', json, bom + body],
    ['a form with a BOM', '?id=wxid_ming', form, `content=${bom}你好`],
    ['gzip', '', json, gzipSync(body), 'gzip'],
    ['deflate', '', json, deflateSync(body), 'deflate'],
    ['br', '', json, brotliCompressSync(body), 'br'],
    ['a multipart form', '?id=wxid_ming', multipart, bytes(part('content', '你好'), '--b--')],
  ] as [string, string, string, string | Buffer, string?][]) {
    it(`decodes ${name}`, async () => {
      const before = sentTexts().length;
      const { status, code, reason } = await send(query, type, content, encoding);
      assert.deepEqual([status, code], [200, 0], reason);
      assert.deepEqual(sentTexts().slice(before), ['你好']);
    });
  }

  for (const [name, query, type, content, encoding, status, pattern] of [
    ['GBK in a query', `?id=wxid_ming&content=${percent}`, '', '', '', 200, /parameter content is not UTF-8/],
    ['GBK in a form', '?id=wxid_ming', form, `content=${percent}`, '', 200, /parameter content is not UTF-8/],
    ['GBK in JSON', '?id=wxid_ming', json, bytes('{"content":"', gbk, '"}'), '', 200, /GBK/],
    [
      'GBK in a multipart form',
      '?id=wxid_ming',
      multipart,
      bytes(part('content', gbk), '--b--'),
      '',
      200,
      /content is not UTF-8/,
    ],
    ['UTF-8 declared as UTF-16', '', `${json}; charset=utf-16`, `${body} `, '', 200, /JSON/],
    ['an unknown charset', '', `${json}; charset=klingon`, body, '', 415, /klingon/],
    ['NaN', '', json, 'NaN', '', 200, /such as NaN/],
    ['an incomplete body', '', json, '{"id":', '', 200, /Unexpected end/],
    ['undeclared gzip', '', json, gzipSync(body), '', 200, /compressed/],
    ['undeclared UTF-16', '', json, Buffer.from(bom + body, 'utf16le'), '', 200, /UTF-16/],
    ['UTF-16 without a BOM', '', json, Buffer.from(body, 'utf16le'), '', 200, /UTF-16/],
    ['an unknown Content-Encoding', '', json, body, 'zstd-x', 415, /zstd-x/],
    ['several Content-Encodings', '', json, body, 'gzip, br', 415, /gzip, br/],
    ['a wrong Content-Encoding', '', json, body, 'gzip', 200, /gzip/],
    ['a decompression bomb', '', json, gzipSync(Buffer.alloc(20 * 2 ** 20, 32)), 'gzip', 413, /MB/],
    ['a damaged multipart form', '', multipart, 'garbage', '', 200, /form/],
    ['too many parts', '', multipart, part('x', 'y').toString().repeat(1000), '', 200, /200 values/],
  ] as [string, string, string, string | Buffer, string, number, RegExp][]) {
    it(`rejects ${name} with its reason`, async () => {
      const before = sentTexts().length;
      const answer = await send(query, type, content, encoding);
      assert.equal(answer.status, status, answer.reason);
      assert.notEqual(answer.code, 0);
      assert.match(answer.reason, pattern);
      assert.deepEqual(sentTexts().slice(before), []);
    });
  }

  it('sends the file of a multipart form under its name', async () => {
    const file = Buffer.from([0, 0xff, 0xfe, 13, 10, 45, 45]);
    const content = bytes(part('file', file, '; filename="报告.xlsx"'), part('id', 'wxid_ming'), '--b--\r\n');
    const answer = await send('', multipart, content);
    assert.equal(answer.code, 0, answer.reason);
    const sent = fixture.simulation.messages().at(-1)?.content as
      { name?: string; data?: Buffer } | undefined;
    assert.match(JSON.stringify(sent), /报告\.xlsx/);
  });
});
