/** Web WeChat for `wechaty-puppet-wechat4u`: as much of it as a login, a restored session and a logout need. */
import { once } from 'node:events';
import { createServer as createProxy, type Server } from 'node:http';
import { createServer } from 'node:https';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { dirname, join } from 'node:path';
import { AsyncQueue } from './async-queue';

/** A certificate and key for servers of tests: those of `wechaty-puppet-service`. */
export async function testCertificate(): Promise<{ readonly cert: string; readonly key: string }> {
  const folder = dirname(require.resolve('wechaty-puppet-service'));
  const { TLS_INSECURE_SERVER_CERT: cert, TLS_INSECURE_SERVER_KEY: key } = (await import(
    join(folder, 'auth', 'ca.js')
  )) as Record<'TLS_INSECURE_SERVER_CERT' | 'TLS_INSECURE_SERVER_KEY', string>;
  return { cert, key };
}

const redirect = 'https://wx.qq.com/cgi-bin/mmwebwx-bin/webwxnewloginpage?ticket=t';
const page =
  '<error><ret>0</ret><skey>s</skey><wxsid>i</wxsid><wxuin>1</wxuin><pass_ticket>p</pass_ticket></error>';
const ok = { BaseResponse: { Ret: 0 } };

/** The server behind a proxy, to which `env` directs a Node-RED. */
export class WebWechat {
  /** The last part of the path of each request. */
  readonly requests = new AsyncQueue<string>('requests to WeChat');
  /** Whether the phone has confirmed the login. */
  isConfirmed = false;
  /** `webwxinit` responds with this; 1101 for a session that is logged out. */
  initResult = 0;
  readonly #server: Server;
  readonly #proxy: Server;
  readonly #sockets = new Set<Socket>();
  #port = 0;

  private constructor(certificate: { cert: string; key: string }) {
    this.#server = createServer(certificate, (request, response) => {
      const name = new URL(request.url ?? '', 'https://wx.qq.com').pathname.split('/').at(-1) ?? '';
      this.requests.add(name);
      const [status, body] = this.#respond(name);
      // A long poll is answered when the connection ends.
      if (body !== undefined) response.writeHead(status).end(body);
    });
    this.#proxy = createProxy().on('connect', (_request, socket: Socket) => {
      this.#sockets.add(socket);
      const target = connect((this.#server.address() as AddressInfo).port, '127.0.0.1');
      for (const end of [socket, target]) end.on('error', () => undefined);
      socket.on('close', () => target.destroy());
      target.on('close', () => socket.destroy());
      socket.write('HTTP/1.1 200 OK\r\n\r\n');
      socket.pipe(target).pipe(socket);
    });
  }

  static async start(): Promise<WebWechat> {
    const wechat = new WebWechat(await testCertificate());
    await once(wechat.#server.listen(0, '127.0.0.1'), 'listening');
    await wechat.goOnline();
    return wechat;
  }

  /** The environment of a process that uses this WeChat. */
  get env(): Record<string, string> {
    return { HTTPS_PROXY: `http://127.0.0.1:${this.#port}`, NODE_TLS_REJECT_UNAUTHORIZED: '0' };
  }

  /** Ends all connections and refuses new ones, as without a network. */
  goOffline(): void {
    this.#proxy.close();
    for (const socket of this.#sockets) socket.destroy();
  }

  /** Accepts connections, at the same port as before. */
  async goOnline(): Promise<void> {
    await once(this.#proxy.listen(this.#port, '127.0.0.1'), 'listening');
    this.#port = (this.#proxy.address() as AddressInfo).port;
  }

  stop(): void {
    this.goOffline();
    this.#server.close();
  }

  #respond(name: string): [number, string | undefined] {
    switch (name) {
      case 'jslogin':
        return [200, 'window.QRLogin.code = 200; window.QRLogin.uuid = "code";'];
      case 'login':
        return [200, this.isConfirmed ? `window.code=200;window.redirect_uri="${redirect}";` : undefined];
      case 'webwxnewloginpage':
        return [301, page];
      case 'webwxinit': {
        const user = { UserName: '@self', NickName: 'Self' };
        const state = { BaseResponse: { Ret: this.initResult }, User: user, ContactList: [] };
        return [200, JSON.stringify({ ...state, SyncKey: { List: [] } })];
      }
      case 'webwxgetcontact':
        return [200, JSON.stringify({ ...ok, MemberList: [], Seq: 0 })];
      case 'synccheck':
        return [200, undefined];
      default:
        return [200, JSON.stringify(ok)];
    }
  }
}
