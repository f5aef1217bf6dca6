/**
 * Rejects with `createError()` unless `promise` settles within `ms`. The work behind it continues; the timer keeps no
 * process alive.
 */
export function withTimeout<T>(promise: Promise<T>, ms: number, createError: () => Error): Promise<T> {
  return new Promise<T>((resolve, reject) => {
    const timer = setTimeout(() => {
      reject(createError());
    }, ms).unref();
    promise.then(
      (value) => {
        clearTimeout(timer);
        resolve(value);
      },
      (error: unknown) => {
        clearTimeout(timer);
        reject(error instanceof Error ? error : new Error(String(error)));
      },
    );
  });
}

/** Waits until `promise` settles, for `ms` at the most; ignores its result and its error. */
export async function settleWithin(promise: Promise<unknown>, ms: number): Promise<void> {
  await withTimeout(promise, ms, () => new Error('timeout')).catch(() => undefined);
}
