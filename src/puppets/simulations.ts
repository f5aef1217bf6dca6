/** The simulations of this process, one per bot: a redeployed bot keeps its simulation. */
import { EventEmitter } from 'node:events';
import {
  PuppetSimulator,
  type PuppetSimulatorOptions,
  type SimulatorOptions,
  Simulation,
  type SimulatedMessage,
} from './simulator';

/** Emits every message of every simulation, with the bot's id and the simulation. */
export const simulationEvents = new EventEmitter<{
  message: [string, Simulation, SimulatedMessage];
}>().setMaxListeners(0);

const simulations = new Map<string, { readonly options: string; readonly simulation: Simulation }>();

/** The simulation of a bot; undefined before its first start, and for bots on other puppets. */
export function findSimulation(botId: string): Simulation | undefined {
  return simulations.get(botId)?.simulation;
}

/** Removes the simulation of a deleted bot. */
export function removeSimulation(botId: string): void {
  simulations.delete(botId);
}

/** A puppet class whose instances share the simulation of this bot; other options create another simulation. */
export function simulatorPuppetFor(botId: string): new (options: PuppetSimulatorOptions) => PuppetSimulator {
  return class extends PuppetSimulator {
    constructor(options: PuppetSimulatorOptions) {
      super({ ...options, simulation: getOrCreateSimulation(botId, options) });
    }
  };
}

function getOrCreateSimulation(botId: string, options: SimulatorOptions): Simulation {
  const key = JSON.stringify(options);
  const existing = simulations.get(botId);
  if (existing?.options === key) return existing.simulation;
  const simulation = new Simulation(options);
  simulations.set(botId, { options: key, simulation });
  simulation.on('message', (message) => {
    simulationEvents.emit('message', botId, simulation, message);
  });
  return simulation;
}
