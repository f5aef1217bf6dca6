/** The events of this protocol beside messages (the Openwx document, table "事件上报"). Read by the editor as well. */

/** Their names, in the document's order. */
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

/** An event beside messages. */
export type PostEvent = (typeof postEvents)[number];

/** Those that no Wechaty puppet tells of. */
export const untoldEvents: readonly PostEvent[] = [
  'lose_friend',
  'group_member_property_change',
  'friend_property_change',
  'user_property_change',
];

/** Those that are told unless others are chosen. */
export const usualPostEvents: readonly PostEvent[] = [
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

/** Those that `check_event` tells too; the rest goes to `post_api` only. */
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
