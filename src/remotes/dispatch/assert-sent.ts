/** Turns a failed send into an error, for protocols that report one recipient. */
import { WechatError } from '../../bot/errors';
import type { SendResult } from '../../commands/broadcast';

/** @throws WechatError the first failure in the result of a send command. */
export function assertSent(command: string, { fail }: SendResult): void {
  const error = fail[0]?.error;
  if (error) throw new WechatError(error.code, 'callFailed', { call: command, error: error.message });
}
