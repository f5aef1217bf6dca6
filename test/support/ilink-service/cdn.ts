/** The CDN: uploads are decrypted and checked, downloads are given as they were stored. */
import { createCipheriv, createDecipheriv, createHash, randomBytes } from 'node:crypto';
import { type JsonObject, require, stringOf } from './wire';

/** An upload that was announced by `getuploadurl`. */
interface Announcement {
  readonly filekey: string;
  readonly mediaType: number;
  readonly rawSize: number;
  readonly md5: string;
  readonly cipherSize: number;
  readonly key: Buffer;
}

/** An uploaded file, decrypted. */
export interface UploadedFile {
  readonly mediaType: number;
  readonly content: Buffer;
}

/** AES-128-ECB with PKCS7 padding. */
export function encrypt(content: Buffer, key: Buffer): Buffer {
  const cipher = createCipheriv('aes-128-ecb', key, null);
  return Buffer.concat([cipher.update(content), cipher.final()]);
}

function decrypt(content: Buffer, key: Buffer): Buffer {
  const decipher = createDecipheriv('aes-128-ecb', key, null);
  return Buffer.concat([decipher.update(content), decipher.final()]);
}

/** An answer of the CDN. */
export interface CdnAnswer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Buffer;
}

/** Files by their opaque parameters. */
export class Cdn {
  /** The statuses of the next answers, instead of what they would be. */
  readonly faults: number[] = [];
  readonly uploads: UploadedFile[] = [];
  readonly #announced = new Map<string, Announcement>();
  readonly #stored = new Map<string, Buffer>();

  /** Checks and stores what `getuploadurl` announces. @returns `upload_param`. @throws RuleViolation */
  announce(body: JsonObject): string {
    const filekey = stringOf(body.filekey, 'filekey');
    require(/^[0-9a-f]{32}$/.test(filekey), 'filekey is not 16 bytes in hex');
    const key = stringOf(body.aeskey, 'aeskey');
    require(/^[0-9a-f]{32}$/.test(key), 'aeskey is not 16 bytes in hex');
    const { media_type: mediaType, rawsize: rawSize, filesize: cipherSize } = body;
    require(typeof mediaType === 'number' && [1, 2, 3, 4].includes(mediaType), 'media_type is not 1 to 4');
    require(typeof rawSize === 'number' && rawSize > 0, 'rawsize is no size');
    require(cipherSize === Math.ceil((rawSize + 1) / 16) * 16, 'filesize is not that of the ciphertext');
    const md5 = stringOf(body.rawfilemd5, 'rawfilemd5');
    require(body.no_need_thumb === true, 'no_need_thumb is not true, and there is no thumbnail');
    const param = randomBytes(48).toString('base64');
    this.#announced.set(param, {
      filekey,
      mediaType,
      rawSize,
      md5,
      cipherSize,
      key: Buffer.from(key, 'hex'),
    });
    return param;
  }

  /** The answer to an upload. */
  upload(url: URL, content: Buffer): CdnAnswer {
    const fault = this.faults.shift();
    if (fault !== undefined) return failure(fault, 'injected fault');
    const announced = this.#announced.get(url.searchParams.get('encrypted_query_param') ?? '');
    const filekey = url.searchParams.get('filekey');
    if (announced === undefined) return failure(400, 'unknown upload');
    if (announced.filekey !== filekey) return failure(400, 'another filekey');
    if (content.length !== announced.cipherSize) return failure(400, 'wrong size of the ciphertext');
    let plain;
    try {
      plain = decrypt(content, announced.key);
    } catch {
      return failure(400, 'not encrypted with the announced key');
    }
    const md5 = createHash('md5').update(plain).digest('hex');
    if (plain.length !== announced.rawSize || md5 !== announced.md5) return failure(400, 'wrong size or MD5');
    this.uploads.push({ mediaType: announced.mediaType, content: plain });
    return { status: 200, headers: { 'x-encrypted-param': this.store(content) } };
  }

  /** Stores a file as it is to be downloaded. @returns `encrypt_query_param` */
  store(content: Buffer): string {
    const param = randomBytes(48).toString('base64');
    this.#stored.set(param, content);
    return param;
  }

  /** The answer to a download. */
  download(url: URL): CdnAnswer {
    const fault = this.faults.shift();
    if (fault !== undefined) return failure(fault, 'injected fault');
    const body = this.#stored.get(url.searchParams.get('encrypted_query_param') ?? '');
    return body ? { status: 200, body } : failure(404, 'no such file');
  }

  /** The file that a person sees in a message of the bot, decrypted with the key in the message. */
  open(media: JsonObject): Buffer {
    const stored = this.#stored.get(stringOf(media.encrypt_query_param, 'encrypt_query_param'));
    if (!stored) throw new Error('The message names a file that was not uploaded.');
    const hex = Buffer.from(stringOf(media.aes_key, 'aes_key'), 'base64').toString();
    return decrypt(stored, Buffer.from(hex, 'hex'));
  }
}

function failure(status: number, message: string): CdnAnswer {
  return { status, headers: { 'x-error-message': message } };
}
