/**
 * Payload encryption. AES-256-CBC is compatible with the protocol's first clients, but not authenticated; AES-256-GCM
 * also protects against alteration, replay and redirection to another bot. docs/mqtt-encryption.md describes the formats
 * with examples.
 */
import { createCipheriv, createDecipheriv, createHash, randomBytes } from 'node:crypto';
import { WechatError } from '../../../bot/errors';
import { defaultJsonLimits, type JsonLimits, parseLimitedJson } from '../../../bot/limited-json';
import { isObject } from '../../../util/is-object';
import { RotatingSet } from '../../../util/rotating-set';

/** Encrypts and decrypts payloads. */
export interface Cipher {
  encrypt(text: string): string;
  /**
   * @param isRedelivery whether the broker marks it as a possible duplicate, which is no replay.
   * @throws WechatError REFUSED when it is too large, or was encrypted with another key, altered or replayed.
   */
  decrypt(payload: Buffer, isRedelivery: boolean): Buffer;
}

/** Clock (ms since 1970) and random source. */
export interface CipherDependencies {
  readonly now: () => number;
  readonly random: (bytes: number) => Buffer;
}

/** Allowed difference between two clocks in ms. */
const allowedSkewMs = 5 * 60 * 1000;

const defaultDependencies: CipherDependencies = { now: Date.now, random: randomBytes };

/** Derives the AES key: 32 bytes in Base64 are used as they are, any other text is hashed with SHA-256. */
export function deriveKey(text: string): Buffer {
  const decoded = Buffer.from(text, 'base64');
  if (decoded.length === 32 && decoded.toString('base64') === text.trim()) return decoded;
  return createHash('sha256').update(text).digest();
}

/** No encryption. */
export const noCipher: Cipher = { encrypt: (text) => text, decrypt: (payload) => payload };

/** AES-256-CBC with a random IV; `{"data": hex, "iv": hex}`. */
export function cbcCipher(secretKey: string, { random }: CipherDependencies = defaultDependencies): Cipher {
  const key = deriveKey(secretKey);
  return {
    encrypt: (text) => {
      const iv = random(16);
      const cipher = createCipheriv('aes-256-cbc', key, iv);
      const data = cipher.update(text, 'utf8', 'hex') + cipher.final('hex');
      return JSON.stringify({ data, iv: iv.toString('hex') });
    },
    decrypt: (payload) => {
      const { data, iv } = parseHexFields(payload, { iv: 16 });
      return tryDecrypt(() => {
        const decipher = createDecipheriv('aes-256-cbc', key, iv);
        return Buffer.concat([decipher.update(data), decipher.final()]);
      });
    },
  };
}

/**
 * AES-256-GCM with a random nonce and the bot's clientId as additional data; `{"data": hex, "iv": hex, "tag": hex}`.
 * The encrypted object has the time of encryption in `sealedAt`; the `timestamp` of other programs is accepted as well.
 */
export function gcmCipher(
  secretKey: string,
  clientId: string,
  deps: CipherDependencies = defaultDependencies,
): Cipher {
  const key = deriveKey(secretKey);
  const additionalData = Buffer.from(clientId);
  // Detects replayed payloads for as long as their timestamp is accepted.
  const replayFilter = new RotatingSet<string>({ lifetimeMs: 2 * allowedSkewMs, now: deps.now });
  return {
    encrypt: (text) => {
      const iv = deps.random(12);
      const cipher = createCipheriv('aes-256-gcm', key, iv).setAAD(additionalData);
      const timestamped = `{"sealedAt":${deps.now()},${text.slice(1)}`;
      const data = cipher.update(timestamped, 'utf8', 'hex') + cipher.final('hex');
      return JSON.stringify({ data, iv: iv.toString('hex'), tag: cipher.getAuthTag().toString('hex') });
    },
    decrypt: (payload, isRedelivery) => {
      const { data, iv, tag } = parseHexFields(payload, { iv: 12, tag: 16 });
      const text = tryDecrypt(() => {
        const decipher = createDecipheriv('aes-256-gcm', key, iv, { authTagLength: 16 })
          .setAAD(additionalData)
          .setAuthTag(tag);
        return Buffer.concat([decipher.update(data), decipher.final()]);
      });
      if (Math.abs(deps.now() - encryptedAt(text)) > allowedSkewMs) {
        throw new WechatError('REFUSED', 'sealOutdated', { minutes: allowedSkewMs / 60_000 });
      }
      const isNew = replayFilter.add(`${iv.toString('hex')}${tag.toString('hex')}`);
      if (!isNew && !isRedelivery) throw new WechatError('REFUSED', 'sealReplayed');
      return text;
    },
  };
}

function undecryptableError(): WechatError {
  return new WechatError('REFUSED', 'sealBroken');
}

function tryDecrypt(work: () => Buffer): Buffer {
  try {
    return work();
  } catch {
    throw undecryptableError();
  }
}

/** Limits of an encrypted payload: a few texts in hex, which doubles the size. */
const envelopeLimits: JsonLimits = {
  maxBytes: defaultJsonLimits.maxBytes * 2 + 1024,
  maxDepth: 4,
  maxValues: 64,
};

const hexPattern = /^[\da-f]+$/i;

function parseHexFields<Name extends string>(
  payload: Buffer,
  lengths: Readonly<Record<Name, number>>,
): Record<Name | 'data', Buffer> {
  let envelope: unknown;
  try {
    envelope = parseLimitedJson(payload, envelopeLimits);
  } catch (error) {
    throw error instanceof WechatError && error.key === 'payloadTooLarge' ? error : undecryptableError();
  }
  const fields = isObject(envelope) ? envelope : {};
  const found: Record<string, Buffer> = {};
  for (const name of ['data', ...Object.keys(lengths)]) {
    const text = fields[name];
    if (typeof text !== 'string' || text.length % 2 !== 0 || !hexPattern.test(text))
      throw undecryptableError();
    const bytes = Buffer.from(text, 'hex');
    const length = lengths[name as Name] as number | undefined;
    if (length !== undefined && bytes.length !== length) throw undecryptableError();
    found[name] = bytes;
  }
  return found;
}

/**
 * The time of encryption in ms since 1970; 0 when unknown.
 * @throws WechatError when it is not JSON, or too large or complex: whoever has the key may have faults as well.
 */
function encryptedAt(text: Buffer): number {
  const envelope = parseLimitedJson(text);
  const { sealedAt: at, timestamp } = isObject(envelope) ? envelope : {};
  return Number(at ?? timestamp) || 0;
}
