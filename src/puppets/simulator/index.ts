import { PuppetSimulator } from './puppet/puppet-simulator';

export type { CallCounter } from './calls';
export type { Content, FileContent, SayableContent } from './content';
export type { WorldMessage } from './messages';
export type { Faults, SimulatorOptions } from './options';
export type { Named, Noted, Person, SayOptions, Saying } from './person';
export type { PuppetSimulatorOptions } from './puppet/session';
export type { Room } from './room';
export type { MessageWait } from './wait-for-message';
export { type MessageFilter, World } from './simulation';
export { PuppetSimulator };
export default PuppetSimulator;
