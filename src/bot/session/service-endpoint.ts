/**
 * Finds the endpoint of a puppet service by its token. `wechaty-puppet-service` has a resolver for that, in
 * `wechaty-token`, which does not fit current versions of `@grpc/grpc-js`: it throws where nothing awaits it, and
 * prints the token. So the puppet is given the endpoint, and its resolver is not used.
 */
import type { PuppetOptions } from 'wechaty-puppet';
import { isObject } from '../../util/is-object';
import { errorMessage, WechatError } from '../errors';
import { parseLimitedJson } from '../limited-json';

/** The puppet that needs an endpoint. */
const servicePuppet = 'wechaty-puppet-service';

/** The discovery service of Wechaty's community. */
const defaultAuthority = 'api.chatie.io';

/** Short enough to end before a stop must. */
const timeoutMs = 5_000;

/** The environment variables of `wechaty-puppet-service`, by preference. */
const environment = {
  endpoint: ['WECHATY_PUPPET_SERVICE_ENDPOINT', 'WECHATY_PUPPET_HOSTIE_ENDPOINT'],
  token: ['WECHATY_PUPPET_SERVICE_TOKEN', 'WECHATY_PUPPET_HOSTIE_TOKEN'],
  authority: ['WECHATY_PUPPET_SERVICE_AUTHORITY'],
} as const;

/**
 * Adds the `endpoint` to the options of `wechaty-puppet-service`, unless it is set; other puppets' are unchanged.
 * @throws WechatError FAILED when the discovery service cannot be reached or has no endpoint for the token.
 */
export async function withServiceEndpoint(puppet: string, options: PuppetOptions): Promise<PuppetOptions> {
  const { token, endpoint, authority = defaultAuthority } = configuration(options);
  if (puppet !== servicePuppet || endpoint !== undefined || token === undefined) return options;
  return { ...options, endpoint: await discover(authority, token) };
}

type Configuration = Readonly<Partial<Record<keyof typeof environment, string>>>;

function configuration(options: PuppetOptions): Configuration {
  const set = Object.entries(environment).map(([name, variables]) => {
    const values: unknown[] = [options[name], ...variables.map((variable) => process.env[variable])];
    return [name, values.find((value) => typeof value === 'string' && value !== '')] as const;
  });
  return Object.fromEntries(set);
}

/** `GET /v0/hosties/<token>`, as in `wechaty-token` 1.1: 4xx without an endpoint, else `{"host", "port"}`. */
async function discover(authority: string, token: string): Promise<string> {
  let found: unknown;
  try {
    const url = `https://${authority}/v0/hosties/${encodeURIComponent(token)}`;
    const response = await fetch(url, { redirect: 'error', signal: AbortSignal.timeout(timeoutMs) });
    if (response.status >= 400 && response.status < 500) {
      await response.body?.cancel();
      throw new WechatError('FAILED', 'serviceUnknown', { authority });
    }
    if (!response.ok) throw new Error(`HTTP status ${response.status}`);
    // The message of a syntax error would quote the response, which may contain the token.
    const body = Buffer.from(await response.arrayBuffer());
    try {
      found = parseLimitedJson(body);
    } catch {
      throw new Error('the response is not JSON');
    }
  } catch (error) {
    if (error instanceof WechatError) throw error;
    throw new WechatError('FAILED', 'serviceDiscoveryFailed', { authority, error: reasonOf(error) });
  }
  const { host, ip, port } = isObject(found) ? found : {};
  const address = [host, ip].find(
    (name): name is string => typeof name === 'string' && /^[\w.-]+$/.test(name),
  );
  // A gateway that is not connected is listed with the port 0 or the address 0.0.0.0.
  if (!address || address === '0.0.0.0' || !Number.isInteger(Number(port)) || Number(port) < 1) {
    throw new WechatError('FAILED', 'serviceUnknown', { authority });
  }
  return `${address}:${Number(port)}`;
}

/** The reason behind a failed `fetch`, whose own message says nothing. */
function reasonOf(error: unknown): string {
  const { cause } = (error ?? {}) as { cause?: unknown };
  return errorMessage(cause instanceof Error ? cause : error);
}
