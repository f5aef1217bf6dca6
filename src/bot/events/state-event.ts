import { formatStatus } from '../../i18n/catalogue';
import type { EventBody } from '../events';
import type { BotState } from '../state';

/** The fields of the event `state`. @param redact masks secrets in the reason. */
export function stateEventBody(
  { name, reason, user, since }: BotState,
  redact: (text: string) => string,
): EventBody {
  const text = redact(formatStatus(reason.key, reason.values));
  return { state: name, reason: text, user: user ? { ...user } : null, since };
}
