/** Statuses and errors in the language Node-RED runs in. */
import type { NodeAPI } from 'node-red';
import type { BotState } from '../../bot/state';
import type { Misfit } from '../../commands/validation-error';
import { type ErrorKey, errorText, type StatusKey, statusText, type TextValues } from '../../i18n/catalogue';
import { loadEngine } from './load-modules';

/** The build puts the shared texts into the bot node's catalogue. */
const catalogue = '@wechat-flow/node-red-wechaty/wechat-bot';

/** What is wrong with an input, in Node-RED's language. TypeBox, which found the misfit, also knows the words. */
function problemOf(RED: NodeAPI, key: ErrorKey, cause: unknown): { problem?: string } {
  if (isMisfit(cause)) {
    const language = translate(RED, 'language', {}, 'en-US');
    return { problem: loadEngine().problemIn(cause, language === 'zh-CN' ? language : 'en-US') };
  }
  return key === 'badContent' ? { problem: translateError(RED, cause) } : {};
}

function isMisfit(cause: unknown): cause is Misfit {
  return typeof cause === 'object' && cause !== null && 'keyword' in cause && 'instancePath' in cause;
}

/** What an error of ours looks like from here; other errors have no key. */
interface Keyed {
  readonly key?: ErrorKey;
  readonly values?: TextValues;
  /** Of a bot that is not logged in: its state; of what does not fit a schema: the misfit. */
  readonly cause?: unknown;
}

function translate(RED: NodeAPI, path: string, values: TextValues, english: string): string {
  const name = `${catalogue}:${path}`;
  const found: unknown = RED._(name, { ...values });
  return typeof found === 'string' && found !== name && found !== path ? found : english;
}

/** A status text. */
export function translateStatus(RED: NodeAPI, key: StatusKey, values: TextValues = {}): string {
  return translate(RED, `status.${key}`, values, statusText(key, values));
}

/** What to say of an error, whatever was thrown. */
export function translateError(RED: NodeAPI, error: unknown): string {
  const { key, values = {}, cause } = (error ?? {}) as Keyed;
  if (key === 'notLoggedIn' && cause) {
    const state = translateState(RED, cause as BotState);
    return translate(RED, `errors.${key}`, { state }, errorText(key, { state }));
  }
  const said = key && cause ? { ...values, ...problemOf(RED, key, cause) } : values;
  if (key) return translate(RED, `errors.${key}`, said, errorText(key, said));
  return error instanceof Error ? error.message : String(error);
}

/** What to say of a bot's state. */
export function translateState(RED: NodeAPI, state: BotState): string {
  const { key, values, cause } = state.reason;
  return translateStatus(RED, key, cause ? { ...values, error: translateError(RED, cause) } : values);
}
