/** Reads the saved properties of a node; generated flows and `${ENV}` make them less strict than the forms. */
import { WechatError } from '../../bot/errors';
import type { Declaration } from '../shared/declaration';
import { completeProperties } from '../shared/migrations';
import { type PropertyResult, type PropertyType, text } from '../shared/property-types';

/**
 * The values of a node's properties: migrated, completed with defaults and converted to their types.
 * @param saved the saved properties, in which Node-RED has replaced `${ENV}`
 * @throws WechatError INVALID_PARAMS naming the first property that is not of its type
 */
export function readProperties<Values extends object>(
  saved: object,
  { types, defaults, migrations }: Declaration<object, Values>,
): Values {
  const complete = new Map<string, unknown>(Object.entries(completeProperties(saved, defaults, migrations)));
  const values = Object.entries<PropertyType<unknown, unknown>>(types).map(([name, type]) => [
    name,
    valueOf(name, type.read(complete.get(name))),
  ]);
  return Object.fromEntries(values) as Values;
}

/**
 * The credentials of a node, which Node-RED may replace by values of variables, too.
 * @throws WechatError INVALID_PARAMS
 */
export function readCredentials<Credentials extends object>(
  saved: Credentials | undefined,
): Partial<Credentials> {
  // `credentials` is undefined in a node without saved ones, contrary to the published types.
  const entries = Object.entries(saved ?? {}).filter(([, value]) => value !== undefined && value !== null);
  const type = text();
  return Object.fromEntries(
    entries.map(([name, value]) => [name, valueOf(name, type.read(value))]),
  ) as Partial<Credentials>;
}

function valueOf<Value>(property: string, result: PropertyResult<Value>): Value {
  if ('value' in result) return result.value;
  const { key, values } = result.problem;
  throw new WechatError('INVALID_PARAMS', key, { property, ...values });
}
