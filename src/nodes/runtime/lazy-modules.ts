/** Everything that needs Wechaty, in one place so that it can be loaded at once and late: see `load-engine.ts`. */
export { Bot } from '../../bot/bot';
export { contactView, roomView } from '../../bot/view-mappers';
export { flowPolicy } from '../../commands/command';
export { runCommand } from '../../commands/run';
export { commands } from '../../commands/table';
export { eventReaders, events } from '../../events/table';
export { problemIn } from '../../commands/validation-error';
export { forgetWorld, simulatorOf, worldNews, worldOf } from '../../puppets/simulations';
export { bodies, checkedBody } from '../../admin/request-schemas';
export { faceOf } from '../../admin/avatar-cache';
