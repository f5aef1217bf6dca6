/** Validates untrusted parameters against a schema. */
import type { TSchema } from 'typebox';
import { Compile, type Validator } from 'typebox/compile';
import { WechatError } from '../bot/errors';
import { firstMeaningful, formatIssue, type ValidationIssue } from './validation-error';

const validators = new WeakMap<TSchema, Validator>();

/**
 * Validates parameters; each schema is compiled once.
 * @param command its name, for the error.
 * @throws WechatError INVALID_PARAMS (`paramMissing`, `badParams`)
 */
export function validateParams(command: string, schema: TSchema, params: unknown): void {
  let validator = validators.get(schema);
  if (!validator) {
    validator = Compile(schema);
    validators.set(schema, validator);
  }
  if (!validator.Check(params)) throw paramsError(command, validator.Errors(params));
}

/** The error for parameters that do not match the schema; a missing one is reported if the others are right. */
function paramsError(command: string, issues: readonly ValidationIssue[]): WechatError {
  const [missing] = issues.flatMap(({ keyword, params }) =>
    keyword === 'required' ? params.requiredProperties : [],
  );
  const issue = firstMeaningful(issues.filter(({ keyword }) => !['required', 'anyOf'].includes(keyword)));
  if (!issue && missing !== undefined)
    return new WechatError('INVALID_PARAMS', 'paramMissing', { parameter: missing });
  return new WechatError(
    'INVALID_PARAMS',
    'badParams',
    { command, problem: formatIssue(issue) },
    { cause: issue },
  );
}
