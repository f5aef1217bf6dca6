/** Event types of this protocol except messages (the Openwx document, table "事件上报"). Also used by the editor. */

/** All types, in the document's order. */
export const postEvents = [
  'login',
  'stop',
  'state_change',
  'input_qrcode',
  'new_group',
  'new_friend',
  'new_group_member',
  'lose_group',
  'lose_friend',
  'lose_group_member',
  'group_property_change',
  'group_member_property_change',
  'friend_property_change',
  'user_property_change',
  'update_user',
  'update_friend',
  'update_group',
  'friend_request',
] as const;

/** An event type. */
export type PostEvent = (typeof postEvents)[number];

/** Types that no Wechaty puppet emits. */
export const unsupportedEvents: readonly PostEvent[] = [
  'lose_friend',
  'group_member_property_change',
  'friend_property_change',
  'user_property_change',
];

/** Types that are posted by default. */
export const defaultEvents: readonly PostEvent[] = [
  'login',
  'stop',
  'state_change',
  'input_qrcode',
  'new_group',
  'new_friend',
  'new_group_member',
  'lose_group',
  'lose_friend',
  'lose_group_member',
  'friend_request',
];

/** Types that `check_event` returns as well; the others go to `post_api` only. */
export const polledEvents: readonly PostEvent[] = [
  'new_group',
  'new_friend',
  'new_group_member',
  'lose_group',
  'lose_friend',
  'lose_group_member',
  'group_property_change',
  'friend_request',
];
