/** The puppet of WeChat's own bot API (iLink), for Wechaty programs too: the default export is the puppet. */
export { PuppetIlink as default, PuppetIlink } from './puppet/puppet-ilink';
export type { PuppetIlinkOptions } from './puppet/session';
