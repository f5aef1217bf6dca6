/** Translates statuses and errors into the language Node-RED runs in. */
import type { NodeAPI } from 'node-red';
import type { BotState } from '../../bot/state';
import type { ValidationIssue } from '../../commands/validation-error';
import {
  type ErrorKey,
  formatError,
  type StatusKey,
  formatStatus,
  type TextValues,
} from '../../i18n/catalogue';
import { loadModules } from './load-modules';

/** The build merges the shared texts into the bot node's catalogue. */
const catalogue = '@wechat-flow/node-red-wechaty/wechat-bot';

/** The localized description of invalid input, as value of the error text. */
function validationProblem(RED: NodeAPI, key: ErrorKey, cause: unknown): { problem?: string } {
  if (isValidationIssue(cause)) {
    const language = translate(RED, 'language', {}, 'en-US');
    return { problem: loadModules().formatIssue(cause, language === 'zh-CN' ? language : 'en-US') };
  }
  return key === 'badContent' ? { problem: translateError(RED, cause) } : {};
}

function isValidationIssue(cause: unknown): cause is ValidationIssue {
  return typeof cause === 'object' && cause !== null && 'keyword' in cause && 'instancePath' in cause;
}

/** A `WechatError` without its class, which is loaded lazily; other errors have no key. */
interface LocalizableError {
  readonly key?: ErrorKey;
  readonly values?: TextValues;
  /** Of `notLoggedIn`: the bot's state; of a validation error: the issue. */
  readonly cause?: unknown;
}

function translate(RED: NodeAPI, path: string, values: TextValues, english: string): string {
  const name = `${catalogue}:${path}`;
  const translated: unknown = RED._(name, { ...values });
  return typeof translated === 'string' && translated !== name && translated !== path ? translated : english;
}

/** The localized text of a status. */
export function translateStatus(RED: NodeAPI, key: StatusKey, values: TextValues = {}): string {
  return translate(RED, `status.${key}`, values, formatStatus(key, values));
}

/** The localized message of any thrown value. */
export function translateError(RED: NodeAPI, error: unknown): string {
  const { key, values = {}, cause } = (error ?? {}) as LocalizableError;
  if (key === 'notLoggedIn' && cause) {
    const state = translateState(RED, cause as BotState);
    return translate(RED, `errors.${key}`, { state }, formatError(key, { state }));
  }
  const allValues = key && cause ? { ...values, ...validationProblem(RED, key, cause) } : values;
  if (key) return translate(RED, `errors.${key}`, allValues, formatError(key, allValues));
  return error instanceof Error ? error.message : String(error);
}

/** The localized description of a bot's state. */
export function translateState(RED: NodeAPI, state: BotState): string {
  const { key, values, cause } = state.reason;
  return translateStatus(RED, key, cause ? { ...values, error: translateError(RED, cause) } : values);
}
