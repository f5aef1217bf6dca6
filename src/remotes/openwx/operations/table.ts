/** All operations of this protocol, for the server and the generated docs/openapi-openwx.yaml. */
import type { Operation } from './operation';
import { clientOperations } from './client';
import { eventOperations } from './events';
import { groupOperations } from './groups';
import { messageOperations } from './messages';
import { peopleOperations } from './people';

/** The table, in the order of the Openwx document. */
export const operations: readonly Operation[] = [
  ...clientOperations.slice(0, 1),
  ...peopleOperations,
  ...groupOperations,
  ...messageOperations,
  ...eventOperations,
  ...clientOperations.slice(1),
];
