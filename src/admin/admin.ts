/** The admin API: the HTTP routes of the editor, documented in docs/admin-api.md. */
import type { NodeAPI } from 'node-red';
import { activityRoutes } from './routes/activity';
import { avatarRoutes } from './routes/avatar';
import { botRoutes } from './routes/bots';
import { eventStreamRoutes } from './routes/event-stream';
import { directoryRoutes } from './routes/directory';
import { peopleRoutes } from './routes/people';
import { puppetRoutes } from './routes/puppets';
import { registerRoutes } from './route';
import { simulatorRoutes } from './routes/simulator';
import { simulatorActionRoutes } from './routes/simulator-actions';
import { catalogRoutes } from './routes/catalog';

/** Registers all routes below `wechat/`; must be called once. */
export function serveAdmin(RED: NodeAPI): void {
  registerRoutes(RED, [
    ...botRoutes(RED),
    ...catalogRoutes(),
    ...peopleRoutes(),
    ...puppetRoutes(RED),
    ...avatarRoutes(),
    ...directoryRoutes(),
    ...activityRoutes(),
    ...simulatorRoutes(),
    ...simulatorActionRoutes(),
    ...eventStreamRoutes(RED),
  ]);
}
