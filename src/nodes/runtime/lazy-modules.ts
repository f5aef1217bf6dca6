/** All modules that depend on Wechaty, loaded together on first use: see `load-modules.ts`. */
export { Bot } from '../../bot/bot';
export { contactView, roomView } from '../../bot/view-mappers';
export { flowPolicy } from '../../commands/command';
export { runCommand, runUntrustedCommand } from '../../commands/run';
export { commands } from '../../commands/table';
export { asTyped, eventReaders, events } from '../../events/table';
export { formatIssue } from '../../commands/validation-error';
export { ilinkPuppetIn } from '../../puppets/ilink-folder';
export {
  removeSimulation,
  simulatorPuppetFor,
  simulationEvents,
  findSimulation,
} from '../../puppets/simulations';
