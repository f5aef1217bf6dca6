/** Types of the messenger for the simulator's admin API. */
import type { SimulatorActions, SimulatorView } from '../../admin/api-types';

/** The state of a simulation that was started at least once. */
export interface Simulation extends SimulatorView {
  readonly self: NonNullable<SimulatorView['self']>;
}

/** Performs an action in the simulation of the selected bot. @throws RequestError with the reason */
export type PerformAction = <Name extends keyof SimulatorActions>(
  name: Name,
  params: SimulatorActions[Name],
) => Promise<void>;
