/**
 * Adapts `wechaty-puppet-wechat4u` 1.14 to this package's life cycle. By itself it logs out of WeChat and deletes the
 * session at every stop, and after every error, when it also starts again at once, without end. And its handler of
 * `logout` uses a client that the stop has removed.
 */
import type { EventEmitter } from 'node:events';
import type { Puppet } from 'wechaty-puppet';
import { errorMessage } from '../errors';

/** The name of the package. */
const packageName = 'wechaty-puppet-wechat4u';

/** Where the puppet keeps its session in the memory card. */
const sessionSlot = 'PUPPET-WECHAT4U';

/** The used part of the client that the puppet creates with every start. */
interface Client extends EventEmitter {
  readonly state: unknown;
  readonly CONF: { readonly STATE: { readonly login: unknown } };
  /** The session. */
  readonly botData: object;
  /** Logs the account out of WeChat. */
  logout: () => Promise<unknown>;
  start(): unknown;
  /** Ends its timers, calls `logout` and emits it. */
  stop(): void;
}

/** The used part of the puppet. */
type Wechat4u = Puppet & {
  wechat4u?: Client;
  getContactInterval?: NodeJS.Timeout | undefined;
  /** Called with every new client, before it starts. */
  initHookEvents(client: Client): void;
};

/** The used part of Wechaty's memory card, whose own types cannot be resolved from CommonJS. */
interface SessionStorage {
  set(name: string, value: unknown): Promise<unknown>;
  delete(name: string): Promise<boolean>;
  save(): Promise<void>;
}

/** Changes a puppet if it is of that package: a stop keeps the session, an error ends it with its reason. */
export function adaptWechat4u(puppet: Puppet): void {
  if (puppet.name().includes(packageName) && 'initHookEvents' in puppet) adapt(puppet as Wechat4u);
}

function adapt(puppet: Wechat4u): void {
  const memory = (): SessionStorage => puppet.memory as SessionStorage;
  const hook = puppet.initHookEvents.bind(puppet);
  const stopPuppet = puppet.onStop.bind(puppet);
  const emitLogout = puppet.logout.bind(puppet);

  const forgetSession = async (): Promise<void> => {
    await memory().delete(sessionSlot);
    await memory().save();
  };

  puppet.initHookEvents = (client) => {
    hook(client);
    const logOut = client.logout.bind(client);
    /** The error that the client emitted in the same turn: it stops, and so logs out, after an error. */
    let cause: unknown;
    client.logout = () => Promise.resolve();
    client.removeAllListeners('logout');
    client.on('error', (error: unknown) => {
      // Restoring a session, it would wait for a minute before its next and last attempt.
      if (client.state !== client.CONF.STATE.login && isUnreachable(error)) fail(puppet, error);
      cause = error;
      setImmediate(() => {
        cause = undefined;
      });
    });
    client.on('logout', () => {
      if (cause === undefined) void puppet.logout('logged out');
      // WeChat has rejected the session: the next start shows a QR code.
      else if (!isUnreachable(cause)) void forgetSession().finally(() => fail(puppet, cause));
      else fail(puppet, cause);
    });
    puppet.logout = async (reason) => {
      await logOut();
      await forgetSession();
      await emitLogout(reason);
      if (puppet.wechat4u === client) void client.start();
    };
  };

  puppet.onStop = async () => {
    const client = puppet.wechat4u;
    if (!client) return;
    if (client.state === client.CONF.STATE.login) {
      await memory().set(sessionSlot, client.botData);
      await memory().save();
    }
    // Requests that are under way may still fail.
    client.removeAllListeners();
    client.on('error', () => undefined);
    clearInterval(puppet.getContactInterval);
    puppet.getContactInterval = undefined;
    await stopPuppet();
  };
}

/** Ends the session of the bot, which starts again with its usual back-off. */
function fail(puppet: Puppet, error: unknown): void {
  puppet.emit('reset', { data: errorMessage(error) });
}

/** Whether there was no usable response: no connection, or an error of a server. Then the session may be valid. */
function isUnreachable(error: unknown): boolean {
  const { code, response, message } = (error ?? {}) as {
    code?: unknown;
    response?: { status?: unknown };
    message?: unknown;
  };
  if (response) return Number(response.status) >= 500;
  return code !== undefined || String(message).includes('网络错误');
}
