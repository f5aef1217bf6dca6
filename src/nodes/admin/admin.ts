/** The admin API: everything the editor asks of the runtime, described in docs/admin-api.md. */
import type { NodeAPI } from 'node-red';
import { activityRoutes } from './activity';
import { avatarRoutes } from './avatar';
import { botRoutes } from './bots';
import { liveRoutes } from './live';
import { peopleRoutes } from './people';
import { puppetRoutes } from './puppets';
import { serve } from './route';
import { simulatorRoutes } from './simulator';
import { simulatorActs } from './simulator-acts';
import { tableRoutes } from './tables';

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
