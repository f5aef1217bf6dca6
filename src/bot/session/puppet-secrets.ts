/** Finds the secrets of a puppet's configuration, so that they can be masked in its error messages. */
import { isObject } from '../../util/is-object';

const secretName = /token|secret|password|key/i;

/** Shorter values would mask parts of ordinary words. */
const minLength = 6;

/**
 * The token, the secrets in the puppet's options, and the tokens that Wechaty's puppets read from the environment.
 * @param options the options as text; need not be JSON.
 */
export function puppetSecrets(options: string, token: string | undefined): readonly string[] {
  const fromEnvironment = Object.entries(process.env).filter(([name]) => /^WECHATY_\w*TOKEN$/.test(name));
  const found = [...secretsIn(parse(options)), ...fromEnvironment.map(([, value]) => value ?? '')];
  const secrets = found.filter((secret) => secret.length >= minLength);
  return token ? [token, ...secrets] : secrets;
}

/** Replaces all secrets in a text. */
export function maskSecrets(text: string, secrets: readonly string[]): string {
  return secrets.reduce((masked, secret) => masked.replaceAll(secret, '***'), text);
}

function parse(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return undefined;
  }
}

function secretsIn(value: unknown): string[] {
  if (!isObject(value)) return [];
  return Object.entries(value).flatMap(([name, inner]) =>
    typeof inner === 'string' ? (secretName.test(name) ? [inner] : []) : secretsIn(inner),
  );
}
