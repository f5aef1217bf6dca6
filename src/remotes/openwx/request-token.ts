/**
 * Finds the token of a request. The Openwx document has none; it is accepted wherever existing clients can be configured
 * to send one: a header, the user info of the URL, or a parameter.
 */
import type { IncomingMessage } from 'node:http';
import type { RequestParams } from './request-params';

/** The token in the headers or the query; undefined when there is none. */
export function tokenOf({ headers }: IncomingMessage, query: RequestParams): string | undefined {
  const header = headers['x-token'];
  const [, scheme = '', credentials = ''] = /^(\w+) +(\S+)$/.exec(headers.authorization ?? '') ?? [];
  if (scheme.toLowerCase() === 'bearer') return credentials;
  // `http://:token@host/`: the token is the password, the user name is ignored.
  if (scheme.toLowerCase() === 'basic')
    return Buffer.from(credentials, 'base64')
      .toString()
      .replace(/^[^:]*:/, '');
  return typeof header === 'string' ? header : query.get('token');
}
