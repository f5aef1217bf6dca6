import type { Readable } from 'node:stream';

/**
 * Reads a stream of bytes into memory, up to a limit.
 * @param onProgress called with the size so far, after each chunk; must not throw.
 * @returns undefined as soon as it is longer than `maxBytes`; the stream is paused then, and its rest is unread.
 * @throws Error when the stream fails or is closed before its end.
 */
export function readLimited(
  stream: Readable,
  maxBytes: number,
  onProgress: (size: number) => void = () => undefined,
): Promise<Buffer | undefined> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let size = 0;
    const settle = (): void => {
      stream.off('data', onData).off('end', onEnd).off('close', onClose).off('error', onError);
    };
    const onData = (chunk: Buffer): void => {
      size += chunk.length;
      if (size <= maxBytes) {
        chunks.push(chunk);
        onProgress(size);
        return;
      }
      stream.pause();
      settle();
      resolve(undefined);
    };
    const onEnd = (): void => {
      settle();
      resolve(Buffer.concat(chunks, size));
    };
    const onError = (error: Error): void => {
      settle();
      reject(error);
    };
    const onClose = (): void => {
      onError(new Error('The stream was closed before its end.'));
    };
    stream.on('data', onData).once('end', onEnd).once('close', onClose).once('error', onError);
  });
}
