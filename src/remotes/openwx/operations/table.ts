/** Every path of this protocol. The server, the audit and the document docs/openapi-openwx.yaml read this table. */
import type { Operation } from './operation';
import { clientOperations } from './client';
import { eventOperations } from './events';
import { groupOperations } from './groups';
import { messageOperations } from './messages';
import { peopleOperations } from './people';

/** The table, in the order of the document's own. */
export const operations: readonly Operation[] = [
  ...clientOperations.slice(0, 1),
  ...peopleOperations,
  ...groupOperations,
  ...messageOperations,
  ...eventOperations,
  ...clientOperations.slice(1),
];
