/** Validates untrusted parameters against a schema. */
import type { TSchema } from 'typebox';
import { Compile, type Validator } from 'typebox/compile';
import { WechatError } from '../bot/errors';
import { firstMeaningful, formatIssue } from './validation-error';

const validators = new WeakMap<TSchema, Validator>();

/**
 * Validates parameters; each schema is compiled once.
 * @param command its name, for the error.
 * @throws WechatError INVALID_PARAMS (`badParams`) with the first issue.
 */
export function validateParams(command: string, schema: TSchema, params: unknown): void {
  let validator = validators.get(schema);
  if (!validator) {
    validator = Compile(schema);
    validators.set(schema, validator);
  }
  if (validator.Check(params)) return;
  const issue = firstMeaningful(validator.Errors(params));
  throw new WechatError(
    'INVALID_PARAMS',
    'badParams',
    { command, problem: formatIssue(issue) },
    { cause: issue },
  );
}
