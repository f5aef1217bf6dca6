/** Which events an on-event node lets through. Pure, and compiled once: it runs for every event. */
import type { BotEvent } from '../../bot/events';
import type { ContactView, MessageView, RoomView } from '../../bot/views';
import type { OnEventProperties } from './properties';

/** What a filter looks at. */
export type FilterProperties = Pick<
  OnEventProperties,
  'events' | 'from' | 'rooms' | 'messageTypes' | 'textMatch' | 'textMatchType' | 'mentioned' | 'includeSelf'
>;

type Predicate = (event: BotEvent) => boolean;

/** The fields of events that filters look at. */
interface Fields {
  readonly message?: MessageView;
  readonly talker?: ContactView | null;
  readonly contact?: ContactView | null;
  readonly inviter?: ContactView | null;
  readonly room?: RoomView | null;
}

/**
 * Compiles the filter. What an event does not have (a heartbeat has no room) cannot keep it out, except that a
 * message in no room is in none of the rooms asked for.
 * @throws SyntaxError when a regular expression is not one.
 */
export function eventFilter(properties: FilterProperties): Predicate {
  const { events, messageTypes, mentioned, includeSelf } = properties;
  const person = nameFilter(properties.from);
  const place = nameFilter(properties.rooms);
  const text = textFilter(properties);
  return (event) => {
    if (events.length > 0 && !events.includes(event.event)) return false;
    const { message, talker, contact, inviter, room } = event as Fields;
    if (message) {
      if (message.self && !includeSelf) return false;
      if (messageTypes.length > 0 && !messageTypes.includes(message.type)) return false;
      if (mentioned && !message.mentionsSelf) return false;
      if (text && !text(message.text)) return false;
    }
    const who = talker ?? contact ?? inviter;
    if (person && who && !person([who.id, who.alias, who.name])) return false;
    if (place && (room || message)) return room ? place([room.id, room.topic]) : false;
    return true;
  };
}

/** `names` separated by commas, or one `/pattern/flags`; undefined for an empty text, which lets all through. */
function nameFilter(typed: string): ((names: readonly string[]) => boolean) | undefined {
  if (!typed.trim()) return undefined;
  const pattern = patternIn(typed.trim());
  if (pattern) return (names) => names.some((name) => name !== '' && pattern.test(name));
  const wanted = new Set(
    typed
      .split(/[,，;；\n]/)
      .map((name) => name.trim())
      .filter(Boolean),
  );
  return (names) => names.some((name) => wanted.has(name));
}

function patternIn(typed: string): RegExp | undefined {
  const match = /^\/(.+)\/([imsu]*)$/s.exec(typed);
  return match ? new RegExp(match[1] ?? '', match[2]) : undefined;
}

function textFilter({ textMatch, textMatchType }: FilterProperties): ((text: string) => boolean) | undefined {
  if (!textMatch) return undefined;
  switch (textMatchType) {
    case 'contains':
      return (text) => text.includes(textMatch);
    case 'equals':
      return (text) => text.trim() === textMatch;
    case 'startsWith':
      return (text) => text.trimStart().startsWith(textMatch);
    case 'regex': {
      const pattern = patternIn(textMatch) ?? new RegExp(textMatch);
      return (text) => pattern.test(text);
    }
  }
}
