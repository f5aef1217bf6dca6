/** Event types of this protocol except messages (the Openwx document, table "事件上报"). Also used by the editor. */

/** How an event type is reported. */
interface EventType {
  /** Whether it is posted by default. */
  readonly isDefault?: true;
  /** Whether `check_event` returns it as well; otherwise it goes to `post_api` only. */
  readonly isPolled?: true;
}

/** All types, in the document's order. No Wechaty puppet emits `lose_friend` and changes of properties of people. */
const eventTypes = {
  login: { isDefault: true },
  stop: { isDefault: true },
  state_change: { isDefault: true },
  input_qrcode: { isDefault: true },
  new_group: { isDefault: true, isPolled: true },
  new_friend: { isDefault: true, isPolled: true },
  new_group_member: { isDefault: true, isPolled: true },
  lose_group: { isDefault: true, isPolled: true },
  lose_friend: { isDefault: true, isPolled: true },
  lose_group_member: { isDefault: true, isPolled: true },
  group_property_change: { isPolled: true },
  group_member_property_change: {},
  friend_property_change: {},
  user_property_change: {},
  update_user: {},
  update_friend: {},
  update_group: {},
  friend_request: { isDefault: true, isPolled: true },
} as const satisfies Record<string, EventType>;

/** An event type. */
export type PostEvent = keyof typeof eventTypes;

/** All types, in the document's order. */
export const postEvents = Object.keys(eventTypes) as readonly PostEvent[];

/** Types that are posted by default. */
export const defaultEvents = postEvents.filter((name) => typeOf(name).isDefault);

/** Whether `check_event` returns events of this type. */
export function isPolledEvent(name: PostEvent): boolean {
  return typeOf(name).isPolled === true;
}

function typeOf(name: PostEvent): EventType {
  return eventTypes[name];
}
