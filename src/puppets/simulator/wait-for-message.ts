import type { EventEmitter } from 'node:events';

import type { SimulatedMessage } from './messages';

/** Limits of waiting for a message. */
export interface WaitOptions {
  /** Milliseconds. Default 5,000. */
  readonly timeout?: number;
  readonly signal?: AbortSignal;
}

/**
 * Resolves with the next message that matches.
 * @throws Error (rejects) after the timeout, or with the reason of the aborted signal.
 */
export async function waitForMessage(
  messageEvents: EventEmitter<{ message: [SimulatedMessage] }>,
  matches: (message: SimulatedMessage) => boolean,
  { timeout = 5_000, signal }: WaitOptions,
): Promise<SimulatedMessage> {
  signal?.throwIfAborted();
  const done = new AbortController();
  try {
    return await new Promise<SimulatedMessage>((resolve, reject) => {
      const onMessage = (message: SimulatedMessage) => {
        if (matches(message)) {
          resolve(message);
        }
      };
      messageEvents.on('message', onMessage);
      const timer = setTimeout(() => {
        reject(new Error(`no such message within ${timeout} ms`));
      }, timeout);
      signal?.addEventListener(
        'abort',
        () => {
          reject(signal.reason as Error);
        },
        { signal: done.signal },
      );
      done.signal.addEventListener('abort', () => {
        messageEvents.off('message', onMessage);
        clearTimeout(timer);
      });
    });
  } finally {
    done.abort();
  }
}
