/** Uploads to and downloads from the CDN. */
import { createHash, randomBytes } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { mediaKindOf, mediaTypeOf } from '../../../util/file-type';
import type { IlinkClient } from '../client/ilink-client';
import type { MessageKind } from '../bindings/records';
import { type Credentials, itemType, type Media, uploadType, type WireObject } from '../client/wire-types';
import { decrypt, encrypt, encryptedSize } from './aes';

/** Larger files are refused in both directions, as in Tencent's client. */
export const maxFileBytes = 100 * 1024 * 1024;

const transferTimeoutMs = 110_000;
const attempts = 3;
const retryDelayMs = 500;

/** A file to be sent. */
export interface OutgoingFile {
  readonly name: string;
  /** The declared media type. */
  readonly declared: string;
  readonly content: Buffer;
}

/** An uploaded file. */
export interface UploadedFile {
  /** The item of a message that shows it. */
  readonly item: WireObject;
  readonly kind: MessageKind;
  readonly media: Media;
}

/**
 * Encrypts and uploads a file. @returns the item of a message that shows it: picture, video, or file; WeChat accepts
 * voice messages of bots but does not show them (issue 215 of Tencent/openclaw-weixin), so a voice is a file.
 * @throws Error when it is empty or too large, or when WeChat does not take it
 */
export async function uploadFile(
  client: IlinkClient,
  credentials: Credentials,
  userId: string,
  file: OutgoingFile,
  signal: AbortSignal,
): Promise<UploadedFile> {
  const { name, declared, content } = file;
  if (content.length === 0) throw new Error(`The file ${name} is empty.`);
  if (content.length > maxFileBytes)
    throw new Error(`The file ${name} is larger than ${maxFileBytes >> 20} MiB.`);
  const mediaType = mediaTypeOf({ content: content.subarray(0, 4096), declared, name });
  const shown = mediaKindOf(mediaType);
  const kind = shown === 'emoticon' ? 'image' : shown === 'audio' ? 'file' : shown;
  const key = randomBytes(16).toString('hex');
  const upload = {
    userId,
    filekey: randomBytes(16).toString('hex'),
    mediaType: uploadType[kind],
    rawSize: content.length,
    rawMd5: createHash('md5').update(content).digest('hex'),
    cipherSize: encryptedSize(content.length),
    key,
  };
  const url = await client.uploadUrl(credentials, upload, signal);
  const param = await transfer(client, url, encrypt(content, key), signal);
  const wire = { encrypt_query_param: param, aes_key: Buffer.from(key).toString('base64'), encrypt_type: 1 };
  const contents = {
    image: { image_item: { media: wire, mid_size: upload.cipherSize } },
    video: { video_item: { media: wire, video_size: upload.cipherSize } },
    file: { file_item: { media: wire, file_name: name, len: String(content.length) } },
  };
  return { item: { type: itemType[kind], ...contents[kind] }, kind, media: { param, fullUrl: '', key } };
}

/** Uploads a ciphertext; a 4xx is final. @returns `encrypt_query_param` */
async function transfer(client: IlinkClient, url: URL, body: Buffer, signal: AbortSignal): Promise<string> {
  for (let attempt = 1; ; attempt += 1) {
    let problem: string;
    try {
      const { status, headers } = await client.http.request({
        method: 'POST',
        url,
        headers: { 'Content-Type': 'application/octet-stream' },
        body,
        timeoutMs: transferTimeoutMs,
        maxBytes: 64 * 1024,
        signal,
      });
      const param = headers['x-encrypted-param'];
      if (status === 200 && typeof param === 'string') return param;
      const reason = headers['x-error-message'];
      problem = `HTTP status ${status}${typeof reason === 'string' ? `, ${reason.slice(0, 200)}` : ''}`;
      if (status >= 400 && status < 500) throw new FinalError(problem);
    } catch (error) {
      if (signal.aborted || error instanceof FinalError || attempt === attempts) throw error;
      problem = (error as Error).message;
    }
    if (attempt === attempts) throw new Error(`The upload failed: ${problem}`);
    await delay(retryDelayMs * attempt, undefined, { signal });
  }
}

/** The CDN will not take this file. */
class FinalError extends Error {
  constructor(problem: string) {
    super(`The upload was refused: ${problem}`);
  }
}

/** Downloads and decrypts a file. @throws Error, also when the address is outside the configured domains */
export async function downloadFile(client: IlinkClient, media: Media, signal: AbortSignal): Promise<Buffer> {
  const { status, body } = await client.http.request({
    method: 'GET',
    url: downloadUrl(client, media),
    headers: {},
    timeoutMs: transferTimeoutMs,
    maxBytes: maxFileBytes + 16,
    signal,
  });
  if (status !== 200) throw new Error(`The file cannot be downloaded: HTTP status ${status}.`);
  return media.key === undefined ? body : decrypt(body, media.key);
}

function downloadUrl(client: IlinkClient, { fullUrl, param }: Media): URL {
  if (fullUrl !== '') return client.guard.check(fullUrl, 'place for downloads');
  const url = client.cdnUrl('download');
  url.searchParams.set('encrypted_query_param', param);
  return url;
}
