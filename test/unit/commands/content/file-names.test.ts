import assert from 'node:assert/strict';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { dispositionName } from '../../../../src/commands/content/disposition';
import { type FileType, loadFile } from '../../../../src/commands/content/file-input';
import { WechatError } from '../../../../src/bot/errors';
import { failure } from '../../../support/commanded-bot';
import { serve, type WebServer } from '../../../support/web-server';

const png = Buffer.from('89504e470d0a1a0a0000000d', 'hex');
const jpg = Buffer.from('ffd8ffe000104a46494600010100000100010000', 'hex');
const gif = Buffer.from('GIF89a\x01\x00\x01\x00\x80\x00\x00', 'latin1');
const pdf = Buffer.from('%PDF-1.7\n%\xe2\xe3\xcf\xd3\n', 'latin1');
const plain = Buffer.from('a,b\n1,2\n');
const files = { local: [], privateAddresses: 'direct', maxBytes: 1_000_000 } as const;

describe('loadFile, names', () => {
  let server: WebServer;
  let answer: (request: IncomingMessage, response: ServerResponse) => void;
  before(async () => {
    server = await serve((request, response) => {
      answer(request, response);
    });
  });
  after(() => server.close());

  const nameOf = async (payload: unknown, type: FileType): Promise<string> =>
    (await loadFile(payload, type, undefined, { files })).name;

  for (const [path, header, content, type, name] of [
    ['/random.php', 'image/png', png, 'Image', 'random.png'],
    ['/random.php?id=5', 'application/octet-stream', png, 'Attachment', 'random.png'],
    ['/show.aspx', 'image/webp', plain, 'Image', 'show.webp'],
    ['/photo_v1.2', 'image/jpeg', jpg, 'Image', 'photo_v1.2.jpg'],
    ['/photo_v1.2', 'text/html', jpg, 'Attachment', 'photo_v1.2.jpg'],
    ['/cat', 'image/jpeg', gif, 'Image', 'cat.gif'],
    ['/cat.jpg', 'image/jpeg', gif, 'Image', 'cat.gif'],
    ['/cat.gif', '', gif, 'Image', 'cat.gif'],
    ['/cat.gif', '', gif, 'Emoticon', 'cat.gif'],
    ['/download', 'application/pdf', pdf, 'Attachment', 'download.pdf'],
    ['/download', 'application/pdf; charset=x', plain, 'Attachment', 'download.pdf'],
    ['/', 'application/pdf', pdf, 'Attachment', 'file.pdf'],
    ['/', 'image/png', png, 'Image', 'image.png'],
    ['/data.csv', 'text/plain', plain, 'Attachment', 'data.csv'],
    ['/app.apk', 'application/zip', Buffer.from('PK\x03\x04\x14\x00', 'latin1'), 'Attachment', 'app.apk'],
    ['/photo.jpeg', 'text/html', png, 'Image', 'photo.jpeg'],
    ['/source.php', 'text/plain', plain, 'Attachment', 'source.php'],
    ['/unknown', '', plain, 'Attachment', 'unknown'],
  ] as [string, string, Buffer, FileType, string][]) {
    it(`calls ${path} of ${header || 'no type'} sent as ${type} ${name}`, async () => {
      answer = (_request, response) => {
        if (header) response.setHeader('content-type', header);
        response.end(content);
      };
      assert.equal(await nameOf(`${server.url}${path}`, type), name);
    });
  }

  const dataUrl = (type: string, content: Buffer): string =>
    `data:${type};base64,${content.toString('base64')}`;
  for (const [payload, type, name] of [
    [dataUrl('image/gif', gif), 'Image', 'image.gif'],
    [{ base64: gif.toString('base64') }, 'Image', 'image.gif'],
    [gif, 'Image', 'image.gif'],
    [{ base64: dataUrl('', gif) }, 'Emoticon', 'emoticon.gif'],
    [dataUrl('application/pdf', plain), 'Attachment', 'file.pdf'],
    [dataUrl('', pdf), 'Attachment', 'file.pdf'],
    ['data:text/plain;charset=utf-8,hello', 'Attachment', 'file.txt'],
    [png, 'Attachment', 'file.png'],
  ] as [unknown, FileType, string][]) {
    it(`names ${JSON.stringify(payload).slice(0, 50)} sent as ${type} ${name}`, async () => {
      assert.equal(await nameOf(payload, type), name);
    });
  }

  it('follows a redirect to a path in raw UTF-8', async () => {
    const paths: (string | undefined)[] = [];
    answer = ({ url }, response) => {
      paths.push(url);
      if (url !== '/old') response.end(pdf);
      else response.writeHead(302, { location: Buffer.from('/文件/报告.pdf').toString('latin1') }).end();
    };
    assert.equal(await nameOf(`${server.url}/old`, 'Attachment'), '报告.pdf');
    assert.equal(decodeURIComponent(paths[1] ?? ''), '/文件/报告.pdf');
  });

  it('never repeats a file in its errors', async () => {
    const base64 = 'QUJD'.repeat(75_000);
    for (const payload of [
      base64,
      { path: base64 },
      `https://${base64}/`,
      `nothing://${base64}`,
      { url: base64 },
      `file:///${base64}`,
      `data:${base64}`,
      { base64: `!${base64}` },
    ]) {
      await assert.rejects(loadFile(payload, 'Attachment', undefined, { files }), (error) => {
        assert.ok(error instanceof WechatError);
        assert.ok(error.message.length < 1500, `${error.key}: ${error.message.length} characters`);
        assert.ok(JSON.stringify(error.values).length < 1500);
        return true;
      });
    }
    await assert.rejects(
      loadFile(plain, 'Attachment', undefined, { files }),
      failure('INVALID_PARAMS', 'msg.filename'),
    );
  });
});

describe('dispositionName', () => {
  const raw = (text: string): string => Buffer.from(text).toString('latin1');
  for (const [header, name] of [
    ['attachment; filename=%E6%8A%A5%E5%91%8A.xlsx', '报告.xlsx'],
    ['attachment; filename="%E6%8A%A5%E5%91%8A 100%.xlsx"', '报告 100%.xlsx'],
    ['attachment; filename=annual report 2024.pdf', 'annual report 2024.pdf'],
    ['attachment; filename=annual report.pdf; size=5', 'annual report.pdf'],
    [raw('attachment; filename="报告.pdf"'), '报告.pdf'],
    [raw('attachment;filename=报告 最终.pdf'), '报告 最终.pdf'],
    ['attachment; filename="=?UTF-8?B?5oql5ZGKLnhsc3g=?="', '报告.xlsx'],
    ['attachment; filename="=?utf-8?Q?=E6=8A=A5=E5=91=8A_1.pdf?="', '报告 1.pdf'],
    ['attachment; filename="=?UTF-8?B?5oql?= =?UTF-8?B?5ZGKLnhsc3g=?="', '报告.xlsx'],
    ['attachment; filename="=?GBK?B?saiw5i50eHQ=?="', '报版.txt'],
    ['attachment; filename*="UTF-8\'\'%E6%8A%A5%E5%91%8A.pdf"', '报告.pdf'],
    ['attachment; filename="x.pdf"; filename*=UTF-8\'zh\'%E6%8A%A5%E5%91%8A.pdf', '报告.pdf'],
    ["attachment; filename*=GBK''%B1%A8.pdf", '报.pdf'],
    ["attachment; filename*=klingon''x.pdf; filename=y.pdf", 'y.pdf'],
    ['attachment; filename="a;b.txt"', 'a;b.txt'],
    ['attachment; filename="100%.txt"', '100%.txt'],
    ['attachment; filename="%2e%2e%2fpasswd"', 'passwd'],
    ['attachment', ''],
    ['', ''],
  ] as const) {
    it(`reads ${header || 'an empty header'} as ${name || 'no name'}`, () => {
      assert.equal(dispositionName(header), name);
    });
  }
});
