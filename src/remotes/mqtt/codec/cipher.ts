/**
 * Payloads that only those with the key can read. `plain` is none; `secret` is what the protocol's first programs do,
 * AES-256-CBC, which hides but does not protect; `sealed` is AES-256-GCM, which nobody without the key can alter,
 * replay or send to another bot. The forms are described with examples in docs/mqtt-encryption.md.
 */
import { createCipheriv, createDecipheriv, createHash, randomBytes } from 'node:crypto';
import { WechatError } from '../../../bot/errors';

/** Turns texts into payloads and back. */
export interface Cipher {
  seal(text: string): string;
  /**
   * @param isRedelivery whether the broker says that it may have delivered this before.
   * @throws WechatError REFUSED when the payload was not made with our key, was altered, or comes again.
   */
  open(payload: Buffer, isRedelivery: boolean): Buffer;
}

/** Where chance and time come from. */
export interface CipherParts {
  readonly now: () => number;
  readonly random: (bytes: number) => Buffer;
}

/** Clocks may differ by this much, in ms. */
const allowedSkew = 5 * 60 * 1000;

const usualParts: CipherParts = { now: Date.now, random: randomBytes };

/** The key in a text: 32 bytes in Base64 are the key, of any other text its SHA-256 is. */
export function keyOf(text: string): Buffer {
  const decoded = Buffer.from(text, 'base64');
  if (decoded.length === 32 && decoded.toString('base64') === text.trim()) return decoded;
  return createHash('sha256').update(text).digest();
}

/** Nothing is encrypted. */
export const plain: Cipher = { seal: (text) => text, open: (payload) => payload };

/** AES-256-CBC with a random IV; `{"data": hex, "iv": hex}`. */
export function secretCipher(secretKey: string, { random }: CipherParts = usualParts): Cipher {
  const key = keyOf(secretKey);
  return {
    seal: (text) => {
      const iv = random(16);
      const cipher = createCipheriv('aes-256-cbc', key, iv);
      const data = cipher.update(text, 'utf8', 'hex') + cipher.final('hex');
      return JSON.stringify({ data, iv: iv.toString('hex') });
    },
    open: (payload) => {
      const { data, iv } = hexFields(payload, { iv: 16 });
      return decrypted(() => {
        const decipher = createDecipheriv('aes-256-cbc', key, iv);
        return Buffer.concat([decipher.update(data), decipher.final()]);
      });
    },
  };
}

/**
 * AES-256-GCM with a random nonce and the bot's clientId as additional data; `{"data": hex, "iv": hex, "tag": hex}`.
 * What is sealed carries the time of sealing in `sealedAt`, or, if it was made by somebody else, in `timestamp`.
 */
export function sealedCipher(secretKey: string, clientId: string, parts: CipherParts = usualParts): Cipher {
  const key = keyOf(secretKey);
  const bot = Buffer.from(clientId);
  const seen = new SeenLately(parts.now);
  return {
    seal: (text) => {
      const iv = parts.random(12);
      const cipher = createCipheriv('aes-256-gcm', key, iv).setAAD(bot);
      const dated = `{"sealedAt":${parts.now()},${text.slice(1)}`;
      const data = cipher.update(dated, 'utf8', 'hex') + cipher.final('hex');
      return JSON.stringify({ data, iv: iv.toString('hex'), tag: cipher.getAuthTag().toString('hex') });
    },
    open: (payload, isRedelivery) => {
      const { data, iv, tag } = hexFields(payload, { iv: 12, tag: 16 });
      const text = decrypted(() => {
        const decipher = createDecipheriv('aes-256-gcm', key, iv, { authTagLength: 16 })
          .setAAD(bot)
          .setAuthTag(tag);
        return Buffer.concat([decipher.update(data), decipher.final()]);
      });
      if (Math.abs(parts.now() - sealedAt(text)) > allowedSkew) {
        throw new WechatError('REFUSED', 'sealOutdated', { minutes: allowedSkew / 60_000 });
      }
      const isFirst = seen.isFirst(`${iv.toString('hex')}${tag.toString('hex')}`);
      if (!isFirst && !isRedelivery) throw new WechatError('REFUSED', 'sealReplayed');
      return text;
    },
  };
}

/** Remembers for as long as something could be replayed. */
class SeenLately {
  readonly #now: () => number;
  #current = new Set<string>();
  #earlier = new Set<string>();
  #since: number;

  constructor(now: () => number) {
    this.#now = now;
    this.#since = now();
  }

  isFirst(mark: string): boolean {
    if (this.#now() - this.#since > 2 * allowedSkew) {
      this.#earlier = this.#current;
      this.#current = new Set();
      this.#since = this.#now();
    }
    if (this.#current.has(mark) || this.#earlier.has(mark)) return false;
    this.#current.add(mark);
    return true;
  }
}

function broken(): WechatError {
  return new WechatError('REFUSED', 'sealBroken');
}

function decrypted(work: () => Buffer): Buffer {
  try {
    return work();
  } catch {
    throw broken();
  }
}

const hex = /^[\da-f]+$/i;

function hexFields<Name extends string>(
  payload: Buffer,
  lengths: Readonly<Record<Name, number>>,
): Record<Name | 'data', Buffer> {
  let envelope: unknown;
  try {
    envelope = JSON.parse(payload.toString('latin1'));
  } catch {
    throw broken();
  }
  const given = (envelope ?? {}) as Record<string, unknown>;
  const found: Record<string, Buffer> = {};
  for (const name of ['data', ...Object.keys(lengths)]) {
    const text = given[name];
    if (typeof text !== 'string' || text.length % 2 !== 0 || !hex.test(text)) throw broken();
    const bytes = Buffer.from(text, 'hex');
    const length = lengths[name as Name] as number | undefined;
    if (length !== undefined && bytes.length !== length) throw broken();
    found[name] = bytes;
  }
  return found;
}

/** When a text was sealed; long ago where it does not say. It was made with our key, so it may be parsed. */
function sealedAt(text: Buffer): number {
  try {
    const { sealedAt: at, timestamp } = JSON.parse(text.toString('utf8')) as Record<string, unknown>;
    return Number(at ?? timestamp) || 0;
  } catch {
    return 0;
  }
}
