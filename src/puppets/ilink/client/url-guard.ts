/** Which URLs may be called: the service names hosts itself, and a foreign host would be given tokens and files. */

/** The domain of Tencent's hosts, between which logins are redirected. */
const tencentDomain = 'weixin.qq.com';

const loopback = /^(127(\.\d{1,3}){3}|localhost|\[::1\])$/;

/** A URL from the settings. @throws Error unless it is https, or http on this machine, without credentials. */
export function parseServiceUrl(text: string, option: string): URL {
  let url;
  try {
    url = new URL(text);
  } catch {
    throw new Error(`The option ${option} is not a URL.`);
  }
  const isSafe = url.protocol === 'https:' || (url.protocol === 'http:' && loopback.test(url.hostname));
  if (!isSafe || url.username !== '' || url.password !== '' || url.search !== '' || url.hash !== '')
    throw new Error(`The option ${option} must be an https URL without credentials and query.`);
  return url;
}

/** Checks URLs that come from the network against the configured hosts. */
export class UrlGuard {
  readonly #configured: readonly URL[];

  /** @param configured the URLs of the settings */
  constructor(configured: readonly URL[]) {
    this.#configured = configured;
  }

  /**
   * A URL that may be called: with the scheme of a configured URL, and its host, or another of Tencent's when the
   * configured one is Tencent's, or another port of this machine when it is on this machine.
   * @param what names the URL in the error, which does not contain the URL itself: it may be secret.
   * @throws Error
   */
  check(text: string, what: string): URL {
    let url: URL | undefined;
    try {
      url = new URL(text);
    } catch {
      // Refused below.
    }
    if (url?.username !== '' || url.password !== '' || !this.#configured.some((own) => isKin(own, url)))
      throw new Error(`WeChat named a ${what} outside the configured domains${url ? `: ${url.host}` : ''}.`);
    return url;
  }

  /** The base URL of a host to which a login is redirected. @throws Error */
  checkHost(host: string): URL {
    const scheme = this.#configured[0]?.protocol ?? 'https:';
    return this.check(`${scheme}//${host}`, 'login host');
  }
}

function isKin(own: URL, other: URL): boolean {
  if (own.protocol !== other.protocol) return false;
  if (own.host === other.host) return true;
  if (loopback.test(own.hostname)) return loopback.test(other.hostname);
  const isDefaultPort = other.port === '';
  return isDefaultPort && [own, other].every(({ hostname }) => hostname.endsWith(`.${tencentDomain}`));
}
