/** An error with a code of the product's list, which the bot passes on; see `src/bot/account.ts`. */
export class PuppetError extends Error {
  constructor(
    readonly code: 'RATE_LIMITED' | 'NOT_FOUND' | 'INVALID_PARAMS' | 'FAILED',
    message: string,
  ) {
    super(message);
  }
}
