import assert from 'node:assert/strict';
import { createCipheriv } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { deriveKey, gcmCipher, cbcCipher } from '../../../../../src/remotes/mqtt/codec/cipher';

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

function decrypt(text: string, cipher = gcmCipher('key', 'shop', at(now)), isRedelivery = false): string {
  return cipher.decrypt(Buffer.from(text), isRedelivery).toString();
}

describe('Cipher', () => {
  it('has test vectors in its documentation', () => assert.equal(vectors.length, 4));

  for (const { mode, secretKey, clientId = '', key, text, payload } of vectors) {
    it(`decrypts the documented payload: ${mode} with ${secretKey}`, () => {
      const cipher = mode === 'secret' ? cbcCipher(secretKey) : gcmCipher(secretKey, clientId, at(now));
      assert.equal(deriveKey(secretKey).toString('hex'), key);
      assert.equal(decrypt(JSON.stringify(payload), cipher), text);
    });

    it(`encrypts the documented payload: ${mode} with ${secretKey}`, () => {
      const deps = { now: () => now, random: () => Buffer.from(payload.iv, 'hex') };
      const plain = text.replace('"sealedAt":1705384610050,', '');
      const cipher = mode === 'secret' ? cbcCipher(secretKey, deps) : gcmCipher(secretKey, clientId, deps);
      assert.deepEqual(JSON.parse(cipher.encrypt(plain)), payload);
    });
  }

  it('never creates the same payload twice', () => {
    const cipher = cbcCipher('key');
    assert.notEqual(cipher.encrypt('{}'), cipher.encrypt('{}'));
  });

  it('rejects another key, another bot, and truncated or altered payloads', () => {
    const encrypted = gcmCipher('key', 'shop', at(now)).encrypt('{"reqId":"1"}');
    const { data, iv, tag } = JSON.parse(encrypted) as { data: string; iv: string; tag: string };
    const flipped = (hex: string) => (hex.startsWith('0') ? '1' : '0') + hex.slice(1);
    const refused = { code: 'REFUSED' };
    assert.throws(() => decrypt(encrypted, gcmCipher('other', 'shop', at(now))), refused);
    assert.throws(() => decrypt(encrypted, gcmCipher('key', 'bar', at(now))), refused);
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
      assert.throws(() => decrypt(JSON.stringify(altered)), refused, JSON.stringify(altered));
    }
    assert.throws(() => decrypt(encrypted.slice(0, -3)), refused);
    assert.throws(() => decrypt(''), refused);
    assert.throws(() => decrypt(encrypted, cbcCipher('key')), refused);
  });

  it('rejects payloads more than 5 minutes old or early', () => {
    const encrypted = gcmCipher('key', 'shop', at(now)).encrypt('{"reqId":"1"}');
    const minutes = 60_000;
    for (const late of [now + 5 * minutes + 1, now - 5 * minutes - 1]) {
      assert.throws(() => decrypt(encrypted, gcmCipher('key', 'shop', at(late))), { key: 'sealOutdated' });
    }
    assert.ok(decrypt(encrypted, gcmCipher('key', 'shop', at(now + 5 * minutes))));
  });

  it('accepts timestamp in place of sealedAt, and rejects payloads with neither', () => {
    const encryptedByOthers = (text: string): string => {
      const cipher = createCipheriv('aes-256-gcm', deriveKey('key'), Buffer.alloc(12, 1)).setAAD(
        Buffer.from('shop'),
      );
      const data = cipher.update(text, 'utf8', 'hex') + cipher.final('hex');
      return JSON.stringify({ data, iv: '01'.repeat(12), tag: cipher.getAuthTag().toString('hex') });
    };
    const text = `{"reqId":"1","timestamp":${now}}`;
    assert.equal(decrypt(encryptedByOthers(text)), text);
    assert.throws(() => decrypt(encryptedByOthers('{"reqId":"1"}')), { key: 'sealOutdated' });
  });

  it('rejects replayed payloads unless the broker marks them as redelivered', () => {
    let time = now;
    const cipher = gcmCipher('key', 'shop', { ...at(now), now: () => time });
    const encrypted = gcmCipher('key', 'shop', at(now + 4 * 60_000)).encrypt('{"reqId":"1"}');
    assert.ok(decrypt(encrypted, cipher));
    assert.throws(() => decrypt(encrypted, cipher), { key: 'sealReplayed' });
    assert.ok(decrypt(encrypted, cipher, true));
    time = now + 8.9 * 60_000;
    assert.throws(() => decrypt(encrypted, cipher), { key: 'sealReplayed' });
  });
});
