import { createRequire } from 'node:module';
import type * as Mqtt from '../../remotes/mqtt/remote';
import type * as Openwx from '../../remotes/openwx/remote';
import type * as Padchat from '../../remotes/padchat/remote';
import type * as Wehelp from '../../remotes/wehelp/remote';
import type * as Wxbot from '../../remotes/wxbot/remote';

/** The servers of all remotes, by the folders of their protocols. */
interface Servers {
  mqtt: typeof Mqtt;
  openwx: typeof Openwx;
  padchat: typeof Padchat;
  wehelp: typeof Wehelp;
  wxbot: typeof Wxbot;
}

const load = createRequire(__filename);

/** A remote with all it needs, loaded when the first one is deployed and not with the palette. */
export function loadRemote<Protocol extends keyof Servers>(protocol: Protocol): Servers[Protocol] {
  return load(`../../remotes/${protocol}/remote`) as Servers[Protocol];
}

/** The version of this package. */
export function packageVersion(): string {
  return (load('../../../package.json') as { version: string }).version;
}
