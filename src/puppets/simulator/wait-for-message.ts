import type { EventEmitter } from 'node:events';

import type { WorldMessage } from './messages';

/** How long to wait for a message. */
export interface MessageWait {
  /** Milliseconds. Default 5,000. */
  readonly timeout?: number;
  readonly signal?: AbortSignal;
}

/**
 * Resolves with the first message said from now on that fits.
 * @throws Error (rejects) after the time-out, or with the reason of the aborted signal.
 */
export async function awaitMessage(
  said: EventEmitter<{ message: [WorldMessage] }>,
  fits: (message: WorldMessage) => boolean,
  { timeout = 5_000, signal }: MessageWait,
): Promise<WorldMessage> {
  signal?.throwIfAborted();
  const ended = new AbortController();
  try {
    return await new Promise<WorldMessage>((resolve, reject) => {
      const take = (message: WorldMessage) => {
        if (fits(message)) {
          resolve(message);
        }
      };
      said.on('message', take);
      const timer = setTimeout(() => {
        reject(new Error(`no such message within ${timeout} ms`));
      }, timeout);
      signal?.addEventListener(
        'abort',
        () => {
          reject(signal.reason as Error);
        },
        { signal: ended.signal },
      );
      ended.signal.addEventListener('abort', () => {
        said.off('message', take);
        clearTimeout(timer);
      });
    });
  } finally {
    ended.abort();
  }
}
