import assert from 'node:assert/strict';
import { decode } from 'jpeg-js';
import { encode } from 'uqr';
import { qrJpeg } from '../../../../src/remotes/wechat/qr-image';
import { Tickets } from '../../../../src/remotes/wechat/opaque-tokens';

describe('tickets', () => {
  it('stand for what they were issued for, and tell nothing of it', () => {
    const tickets = new Tickets();
    const ticket = tickets.issue('friendship-1');
    assert.equal(tickets.issue('friendship-1'), ticket);
    assert.notEqual(tickets.issue('friendship-2'), ticket);
    assert.equal(tickets.friendshipOf(ticket), 'friendship-1');
    assert.doesNotMatch(ticket, /friendship/);
  });

  it('of others are worth nothing', () => {
    const foreign = new Tickets().issue('friendship-1');
    assert.equal(new Tickets().friendshipOf(foreign), undefined);
    assert.equal(new Tickets().friendshipOf('friendship-1'), undefined);
  });

  it('are not remembered without end', () => {
    const tickets = new Tickets(10);
    const first = tickets.issue('0');
    for (let index = 1; index < 100; index += 1) tickets.issue(String(index));
    assert.equal(tickets.friendshipOf(first), undefined);
    assert.equal(tickets.friendshipOf(tickets.issue('99')), '99');
  });
});

describe('a QR code as a JPEG', () => {
  it('shows every module, and light all around', () => {
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
