/** What bots can tell and be told, for pick lists and forms. */
import { loadEngine } from '../../nodes/runtime/load-modules';
import type { Route } from '../route';

/** Lists events and commands with their schemas. */
export function tableRoutes(): Route[] {
  return [
    {
      method: 'GET',
      path: '/wechat/events',
      permission: 'read',
      answer: () =>
        Object.entries(loadEngine().events).map(([name, { summary, schema }]) => ({ name, summary, schema })),
    },
    {
      method: 'GET',
      path: '/wechat/commands',
      permission: 'read',
      answer: () =>
        loadEngine().commands.map(({ name, summary, params, readOnly }) => ({
          name,
          summary,
          params,
          readOnly,
        })),
    },
  ];
}
