import { createRequire } from 'node:module';
import type * as Mqtt from '../../remotes/mqtt/remote';
import type * as Openwx from '../../remotes/openwx/remote';
import type * as Padchat from '../../remotes/padchat/remote';
import type * as Wehelp from '../../remotes/wehelp/remote';
import type * as Wxbot from '../../remotes/wxbot/remote';

/** The modules of all remotes by protocol. */
interface RemoteModules {
  mqtt: typeof Mqtt;
  openwx: typeof Openwx;
  padchat: typeof Padchat;
  wehelp: typeof Wehelp;
  wxbot: typeof Wxbot;
}

const load = createRequire(__filename);

/** Loads a remote and its dependencies when the first one is deployed, instead of with the palette. */
export function loadRemote<Protocol extends keyof RemoteModules>(
  protocol: Protocol,
): RemoteModules[Protocol] {
  return load(`../../remotes/${protocol}/remote`) as RemoteModules[Protocol];
}

/** The version of this package. */
export function packageVersion(): string {
  return (load('../../../package.json') as { version: string }).version;
}
