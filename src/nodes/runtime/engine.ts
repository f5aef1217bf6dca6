/** Everything that needs Wechaty, in one place so that it can be loaded at once and late: see `load-engine.ts`. */
export { Bot } from '../../bot/bot';
export { contactView, roomView } from '../../bot/read-views';
export { flowPolicy } from '../../commands/command';
export { runCommand } from '../../commands/run';
export { commands } from '../../commands/table';
export { eventReaders, events } from '../../events/table';
export { problemIn } from '../../commands/problem';
export { forgetWorld, simulatorOf, worldNews, worldOf } from '../../puppets/worlds';
export { bodies, checkedBody } from '../admin/bodies';
export { faceOf } from '../admin/faces';
