/** Routes for the event table and the command table, used by forms. */
import { loadModules } from '../../nodes/runtime/load-modules';
import type { CommandSummary, EventSummary } from '../api-types';
import type { Route } from '../route';

/** The routes of the tables. */
export function catalogRoutes(): Route[] {
  return [
    {
      method: 'GET',
      path: '/wechat/events',
      permission: 'read',
      handler: (): EventSummary[] =>
        Object.entries(loadModules().events).map(([name, { summary, schema }]) => ({
          name,
          summary,
          schema,
        })),
    },
    {
      method: 'GET',
      path: '/wechat/commands',
      permission: 'read',
      handler: (): CommandSummary[] =>
        loadModules().commands.map(({ name, summary, params, readOnly }) => ({
          name,
          summary,
          params,
          readOnly,
        })),
    },
  ];
}
