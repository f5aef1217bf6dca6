import assert from 'node:assert/strict';
import { decode } from 'jpeg-js';
import { encode } from 'uqr';
import { qrJpeg } from '../../../../src/remotes/wechat/qr-image';
import { OpaqueTokens } from '../../../../src/remotes/wechat/opaque-tokens';

describe('OpaqueTokens', () => {
  it('issue returns a stable token that does not reveal the value', () => {
    const tickets = new OpaqueTokens();
    const ticket = tickets.issue('friendship-1');
    assert.equal(tickets.issue('friendship-1'), ticket);
    assert.notEqual(tickets.issue('friendship-2'), ticket);
    assert.equal(tickets.resolve(ticket), 'friendship-1');
    assert.doesNotMatch(ticket, /friendship/);
  });

  it('resolve rejects tokens of other instances', () => {
    const foreign = new OpaqueTokens().issue('friendship-1');
    assert.equal(new OpaqueTokens().resolve(foreign), undefined);
    assert.equal(new OpaqueTokens().resolve('friendship-1'), undefined);
  });

  it('resolve forgets the least recently used tokens', () => {
    const tickets = new OpaqueTokens(10);
    const first = tickets.issue('0');
    for (let index = 1; index < 100; index += 1) tickets.issue(String(index));
    assert.equal(tickets.resolve(first), undefined);
    assert.equal(tickets.resolve(tickets.issue('99')), '99');
  });
});

describe('qrJpeg', () => {
  it('renders every module and a light border', () => {
    const text = 'http://weixin.qq.com/x/4aZ9_simulated';
    const { data, size } = encode(text, { ecc: 'L', border: 4 });
    const picture = decode(qrJpeg(text), { useTArray: true });
    assert.equal(picture.width, picture.height);
    const scale = picture.width / size;
    const isDark = (x: number, y: number): boolean => {
      const middle = (at: number): number => Math.floor((at + 0.5) * scale);
      return (picture.data[(middle(y) * picture.width + middle(x)) * 4] ?? 0) < 128;
    };
    const seen = data.map((row, y) => row.map((_module, x) => isDark(x, y)));
    assert.deepEqual(seen, data);
    assert.ok(seen.some((row) => row.includes(true)));
  });
});
