/** The event filter of an on-event node. Compiled once, because it runs for every event. */
import { compilePattern, parsePattern } from '../../bot/pattern';
import type { ContactView, RoomView } from '../../bot/views';
import type { TypedEvent } from '../../events/table';
import { splitNames } from '../../util/name-list';
import type { NameTexts } from '../shared/property-types';
import type { OnEventValues } from './properties';
import type { NameKind } from './whole-names';

/** The properties that define a filter. */
export type FilterProperties = Pick<
  OnEventValues,
  | 'events'
  | 'from'
  | 'rooms'
  | 'chat'
  | 'contactType'
  | 'messageTypes'
  | 'textMatch'
  | 'textMatchType'
  | 'mentioned'
  | 'includeSelf'
  | 'maxAge'
>;

type EventPredicate = (event: TypedEvent) => boolean;

/**
 * Compiles a filter. Conditions on fields that an event lacks (a heartbeat has no room) are ignored, except that a
 * direct message never matches a room filter, and an event of a room never a filter for direct chats.
 * @param isOneName whether a text with separators is the name of one contact or room.
 * @throws WechatError INVALID_PARAMS if a regular expression is invalid.
 */
export function eventFilter(
  properties: FilterProperties,
  isOneName: (kind: NameKind, text: string) => boolean = () => false,
): EventPredicate {
  const { events, messageTypes, mentioned, includeSelf, chat, contactType, maxAge } = properties;
  const matchesPerson = nameFilter(properties.from, (text) => isOneName('contacts', text));
  const matchesRoom = nameFilter(properties.rooms, (text) => isOneName('rooms', text));
  const matchesText = textFilter(properties);
  return (event) => {
    if (events.length > 0 && !events.includes(event.event)) return false;
    const { message } = event.event === 'message' ? event : {};
    if (message) {
      if (message.self && !includeSelf) return false;
      if (maxAge > 0 && event.timestamp - message.timestamp > maxAge * 1000) return false;
      if (messageTypes.length > 0 && !messageTypes.includes(message.type)) return false;
      if (mentioned && !message.mentionsSelf) return false;
      const text = mentioned ? (message.textWithoutMentions ?? message.text) : message.text;
      if (matchesText && !matchesText(text)) return false;
    }
    const person = personOf(event);
    const room = roomOf(event);
    if (chat === 'direct' && room) return false;
    if (chat === 'room' && message && !room) return false;
    if (contactType !== 'any' && person && (contactType === 'official') !== (person.type === 'Official'))
      return false;
    if (matchesPerson && person && !matchesPerson([person.id, person.alias, person.name])) return false;
    if (matchesRoom && (room || message)) return room ? matchesRoom([room.id, room.topic]) : false;
    return true;
  };
}

/** The contact that an event is about or caused by. */
function personOf(event: TypedEvent): ContactView | null | undefined {
  if ('talker' in event) return event.talker;
  if ('contact' in event) return event.contact;
  return 'inviter' in event ? event.inviter : undefined;
}

function roomOf(event: TypedEvent): RoomView | null | undefined {
  return 'room' in event ? event.room : undefined;
}

/**
 * Compiles names; undefined for none, which match all. A text is the name of one, if there is one of this name, or else
 * the names between its commas; or it is one `/pattern/flags`.
 */
function nameFilter(
  query: NameTexts,
  isOneName: (text: string) => boolean,
): ((names: readonly string[]) => boolean) | undefined {
  if (typeof query !== 'string') return query.length === 0 ? undefined : matchesAny(query);
  const text = query.trim();
  if (text === '') return undefined;
  const pattern = parsePattern(text);
  if (pattern) return (names) => names.some((name) => name !== '' && pattern.test(name));
  const matchesText = matchesAny([text]);
  const matchesPart = matchesAny(splitNames(text));
  return (names) => matchesText(names) || (matchesPart(names) && !isOneName(text));
}

function matchesAny(wanted: readonly string[]): (names: readonly string[]) => boolean {
  const allowed = new Set(wanted.filter((name) => name !== ''));
  return (names) => names.some((name) => allowed.has(name));
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
      const pattern = parsePattern(textMatch) ?? compilePattern(textMatch);
      return (text) => pattern.test(text);
    }
  }
}
