import assert from 'node:assert/strict';
import { createCipheriv } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { keyOf, sealedCipher, secretCipher } from '../../../../../src/remotes/mqtt/codec/cipher';

interface Vector {
  mode: 'secret' | 'sealed';
  secretKey: string;
  clientId?: string;
  key: string;
  text: string;
  payload: { data: string; iv: string; tag?: string };
}

const document = readFileSync(join(__dirname, '../../../../../docs/mqtt-encryption.md'), 'utf8');
const vectors = JSON.parse(/```json\n(.*?)```/s.exec(document)?.[1] ?? '[]') as Vector[];

const now = 1_705_384_610_050;
const at = (time: number) => ({ now: () => time, random: (bytes: number) => Buffer.alloc(bytes, 7) });

function open(text: string, cipher = sealedCipher('key', 'shop', at(now)), isRedelivery = false): string {
  return cipher.open(Buffer.from(text), isRedelivery).toString();
}

describe('encryption on MQTT', () => {
  it('has test vectors in its document', () => assert.equal(vectors.length, 4));

  for (const { mode, secretKey, clientId = '', key, text, payload } of vectors) {
    it(`opens what the document shows: ${mode} with ${secretKey}`, () => {
      const cipher = mode === 'secret' ? secretCipher(secretKey) : sealedCipher(secretKey, clientId, at(now));
      assert.equal(keyOf(secretKey).toString('hex'), key);
      assert.equal(open(JSON.stringify(payload), cipher), text);
    });

    it(`makes what the document shows: ${mode} with ${secretKey}`, () => {
      const parts = { now: () => now, random: () => Buffer.from(payload.iv, 'hex') };
      const plain = text.replace('"sealedAt":1705384610050,', '');
      const cipher =
        mode === 'secret' ? secretCipher(secretKey, parts) : sealedCipher(secretKey, clientId, parts);
      assert.deepEqual(JSON.parse(cipher.seal(plain)), payload);
    });
  }

  it('never makes the same payload twice', () => {
    const cipher = secretCipher('key');
    assert.notEqual(cipher.seal('{}'), cipher.seal('{}'));
  });

  it('refuses another key, another bot, and whatever is cut or altered', () => {
    const sealed = sealedCipher('key', 'shop', at(now)).seal('{"reqId":"1"}');
    const { data, iv, tag } = JSON.parse(sealed) as { data: string; iv: string; tag: string };
    const flipped = (hex: string) => (hex.startsWith('0') ? '1' : '0') + hex.slice(1);
    const refused = { code: 'REFUSED' };
    assert.throws(() => open(sealed, sealedCipher('other', 'shop', at(now))), refused);
    assert.throws(() => open(sealed, sealedCipher('key', 'bar', at(now))), refused);
    for (const altered of [
      { data: flipped(data), iv, tag },
      { data, iv: flipped(iv), tag },
      { data, iv, tag: flipped(tag) },
      { data: data.slice(2), iv, tag },
      { data, iv, tag: tag.slice(8) },
      { data, iv },
      { data, iv, tag: 5 },
      { data: 'xyz', iv, tag },
      [],
      null,
    ]) {
      assert.throws(() => open(JSON.stringify(altered)), refused, JSON.stringify(altered));
    }
    assert.throws(() => open(sealed.slice(0, -3)), refused);
    assert.throws(() => open(''), refused);
    assert.throws(() => open(sealed, secretCipher('key')), refused);
  });

  it('refuses what was sealed by a clock more than 5 minutes off', () => {
    const sealed = sealedCipher('key', 'shop', at(now)).seal('{"reqId":"1"}');
    const minutes = 60_000;
    for (const late of [now + 5 * minutes + 1, now - 5 * minutes - 1]) {
      assert.throws(() => open(sealed, sealedCipher('key', 'shop', at(late))), { key: 'sealOutdated' });
    }
    assert.ok(open(sealed, sealedCipher('key', 'shop', at(now + 5 * minutes))));
  });

  it('takes the time stamp of others for the time of sealing, and refuses what has none', () => {
    const sealedByOthers = (text: string): string => {
      const cipher = createCipheriv('aes-256-gcm', keyOf('key'), Buffer.alloc(12, 1)).setAAD(
        Buffer.from('shop'),
      );
      const data = cipher.update(text, 'utf8', 'hex') + cipher.final('hex');
      return JSON.stringify({ data, iv: '01'.repeat(12), tag: cipher.getAuthTag().toString('hex') });
    };
    const text = `{"reqId":"1","timestamp":${now}}`;
    assert.equal(open(sealedByOthers(text)), text);
    assert.throws(() => open(sealedByOthers('{"reqId":"1"}')), { key: 'sealOutdated' });
  });

  it('refuses what comes again, unless the broker says that it delivers it again', () => {
    let time = now;
    const cipher = sealedCipher('key', 'shop', { ...at(now), now: () => time });
    const sealed = sealedCipher('key', 'shop', at(now + 4 * 60_000)).seal('{"reqId":"1"}');
    assert.ok(open(sealed, cipher));
    assert.throws(() => open(sealed, cipher), { key: 'sealReplayed' });
    assert.ok(open(sealed, cipher, true));
    time = now + 8.9 * 60_000;
    assert.throws(() => open(sealed, cipher), { key: 'sealReplayed' });
  });
});
