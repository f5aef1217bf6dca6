/** The admin API: everything the editor asks of the runtime, described in docs/admin-api.md. */
import type { NodeAPI } from 'node-red';
import { activityRoutes } from './routes/activity';
import { avatarRoutes } from './routes/avatar';
import { botRoutes } from './routes/bots';
import { liveRoutes } from './routes/event-stream';
import { peopleRoutes } from './routes/directory';
import { puppetRoutes } from './routes/puppets';
import { serve } from './route';
import { simulatorRoutes } from './routes/simulator';
import { simulatorActs } from './routes/simulator-actions';
import { tableRoutes } from './routes/catalog';

/** Serves the routes under `wechat/`; to be called once. */
export function serveAdmin(RED: NodeAPI): void {
  serve(RED, [
    ...botRoutes(RED),
    ...tableRoutes(),
    ...puppetRoutes(RED),
    ...avatarRoutes(),
    ...peopleRoutes(),
    ...activityRoutes(),
    ...simulatorRoutes(),
    ...simulatorActs(),
    ...liveRoutes(RED),
  ]);
}
