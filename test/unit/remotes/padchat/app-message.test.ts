import assert from 'node:assert/strict';
import { parseAppMessage } from '../../../../src/remotes/padchat/app-message';

const link = (inner: string): string => `<appmsg appid="" sdkver=""><type>5</type>${inner}</appmsg>`;

/** XML of the clients, and the fields of the message that it means. */
const cases: readonly (readonly [what: string, xml: string, expected: object])[] = [
  [
    'an address as the clients write it, without escaping',
    link(
      '<title>T</title><url>http://x.example/?a=1&b=2&lt=3</url><thumburl>http://x.example/i?c&d</thumburl>',
    ),
    { title: 'T', url: 'http://x.example/?a=1&b=2&lt=3', thumbnailUrl: 'http://x.example/i?c&d' },
  ],
  [
    'an escaped address',
    link('<title>T</title><url>http://x.example/?a=1&amp;b=2</url>'),
    { title: 'T', url: 'http://x.example/?a=1&b=2' },
  ],
  [
    'marks and elements in texts',
    link('<title>a < b & <b>c</b> > d</title><des>R&D, see <url> & "x"</des><url>http://x.example/</url>'),
    { title: 'a < b & <b>c</b> > d', description: 'R&D, see <url> & "x"', url: 'http://x.example/' },
  ],
  [
    'CDATA',
    link('<title><![CDATA[a </title> & <b>]]></title><url>http://x.example/</url>'),
    { title: 'a </title> & <b>', url: 'http://x.example/' },
  ],
  [
    'empty elements and an unread one with a mark',
    link('<title/><des></des><url>http://x.example/</url><content>a & b</content>'),
    { url: 'http://x.example/' },
  ],
];

describe('parseAppMessage', () => {
  for (const [what, xml, expected] of cases) {
    it(`reads ${what}`, () => {
      assert.deepEqual(parseAppMessage(xml), { messageType: 'Url', messagePayload: expected });
    });
  }

  it('rejects what is not XML, in time that grows with its length', () => {
    for (const xml of [
      'text',
      '<appmsg><title>T</appmsg>',
      link('<title>never closed'),
      link('<url>a</title>'.repeat(10_000)),
      link('<title>'.repeat(30_000)),
    ]) {
      assert.throws(() => parseAppMessage(xml), { code: 'INVALID_PARAMS' });
    }
  });
});
