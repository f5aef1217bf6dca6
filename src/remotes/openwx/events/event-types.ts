/** Event types of this protocol except messages (the Openwx document, table "事件上报"). */

/**
 * All types: whether `check_event` returns them as well; the others go to `post_api` only. No Wechaty puppet emits
 * `lose_friend` and changes of properties of people.
 */
const polled = {
  login: false,
  stop: false,
  state_change: false,
  input_qrcode: false,
  new_group: true,
  new_friend: true,
  new_group_member: true,
  lose_group: true,
  lose_friend: true,
  lose_group_member: true,
  group_property_change: true,
  group_member_property_change: false,
  friend_property_change: false,
  user_property_change: false,
  update_user: false,
  update_friend: false,
  update_group: false,
  friend_request: true,
} as const;

/** An event type. */
export type PostEvent = keyof typeof polled;

/** Whether `check_event` returns events of this type. */
export function isPolledEvent(name: PostEvent): boolean {
  return polled[name];
}
