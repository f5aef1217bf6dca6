import { createRequire } from 'node:module';
import type * as FilePolicy from '../../remotes/file-policy';
import type * as Server from '../../remotes/mqtt/server';

const load = createRequire(__filename);

/** The remote with its MQTT client and its store, loaded when the first one is deployed and not with the palette. */
export function loadRemote(): typeof Server & typeof FilePolicy {
  return {
    ...(load('../../remotes/mqtt/server') as typeof Server),
    ...(load('../../remotes/file-policy') as typeof FilePolicy),
  };
}

/** The version of this package. */
export function packageVersion(): string {
  return (load('../../../package.json') as { version: string }).version;
}
