/** The puppet of WeChat's own bot API for a bot, with the folder of that bot. */
import { PuppetIlink, type PuppetIlinkOptions } from './ilink';

/** A puppet class whose instances keep logins and messages in this folder, unless their options name another one. */
export function ilinkPuppetIn(dataDir: string): new (options: PuppetIlinkOptions) => PuppetIlink {
  return class extends PuppetIlink {
    constructor(options: PuppetIlinkOptions) {
      super({ dataDir, ...options });
    }
  };
}
