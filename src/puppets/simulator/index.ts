import { PuppetSimulator } from './puppet/puppet-simulator';

export type { CallCounter } from './calls';
export type { Content, FileContent, SayableContent } from './content';
export type { SimulatedMessage } from './messages';
export type { Faults, SimulatorOptions } from './options';
export type { Reference, Created, Person, SayOptions, SendBuilder } from './person';
export type { PuppetSimulatorOptions } from './puppet/session';
export type { Room } from './room';
export type { WaitOptions } from './wait-for-message';
export { type MessageFilter, Simulation } from './simulation';
export { PuppetSimulator };
export default PuppetSimulator;
