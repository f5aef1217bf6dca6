/**
 * WeChat's own system messages, which clients of protocols close to WeChat parse: room joins and leaves, room names,
 * new friends. Always in Chinese, as WeChat sends them.
 */
import type { ContactView } from '../../bot/views';
import type { EventOf } from '../../events/table';
import { encodeV1 } from './v1-code';
import { sexCodes, xmlText } from './wechat-xml';

type Person = Pick<ContactView, 'id' | 'name'>;

const quoted = (...people: readonly Person[]): string => `"${people.map(({ name }) => name).join('、')}"`;

/** The system message for a change in a room. @param selfId the bot's own account. */
export function roomNotice(
  event: EventOf<'room-join' | 'room-leave' | 'room-topic'>,
  selfId: string,
): string {
  switch (event.event) {
    case 'room-join':
      return joinNotice(event.inviteeList, event.inviter, selfId);
    case 'room-leave':
      return leaveNotice(event.leaverList, event.remover, selfId);
    case 'room-topic':
      return topicNotice(event.topic, event.changer, selfId);
  }
}

/** Contacts, perhaps the bot itself, joined a room. */
function joinNotice(invitees: readonly Person[], inviter: Person | null, selfId: string): string {
  const who = quoted(...invitees.filter(({ id }) => id !== selfId));
  if (invitees.some(({ id }) => id === selfId)) {
    const by = inviter ? quoted(inviter) : '"群主"';
    return invitees.length > 1 ? `${by}邀请你和${who}加入了群聊` : `${by}邀请你加入了群聊`;
  }
  if (!inviter) return `${who}加入了群聊`;
  return inviter.id === selfId ? `你邀请${who}加入了群聊` : `${quoted(inviter)}邀请${who}加入了群聊`;
}

/** Contacts left a room or were removed. */
function leaveNotice(leavers: readonly Person[], remover: Person | null, selfId: string): string {
  const who = quoted(...leavers.filter(({ id }) => id !== selfId));
  if (leavers.some(({ id }) => id === selfId)) {
    return remover && remover.id !== selfId ? `你被${quoted(remover)}移出群聊` : '你退出了群聊';
  }
  const leftVoluntarily = !remover || leavers.some(({ id }) => id === remover.id);
  if (leftVoluntarily) return `${who}退出了群聊`;
  return remover.id === selfId ? `你将${who}移出了群聊` : `${quoted(remover)}将${who}移出了群聊`;
}

/** A room was renamed. */
function topicNotice(topic: string, changer: Person | null, selfId: string): string {
  const who = changer && changer.id !== selfId ? quoted(changer) : '你';
  return `${who}修改群名为“${topic}”`;
}

/** A contact became a friend. */
export function friendNotice(friend: Person): string {
  return `你已添加了${friend.name}，现在可以开始聊天了。`;
}

/** A contact requires a friend request first. */
export function verifyNotice(contact: Person): string {
  return `${contact.name}开启了朋友验证，你还不是他（她）朋友。请先发送朋友验证请求，对方验证通过后，才能聊天。`;
}

const attributes = (fields: Readonly<Record<string, string>>): string =>
  Object.entries(fields)
    .map(([name, value]) => ` ${name}="${xmlText(value)}"`)
    .join('');

/** A friend request, with what is needed to accept it: `encryptusername` (v1) and `ticket` (v2). */
export function friendRequestXml(contact: ContactView, hello: string, ticket: string): string {
  const { id, name, avatar = '', city = '', province = '', signature = '', handle = '', gender } = contact;
  return `<msg${attributes({
    fromusername: id,
    encryptusername: encodeV1(id),
    fromnickname: name,
    content: hello,
    alias: handle,
    sex: sexCodes[gender],
    province,
    city,
    sign: signature,
    bigheadimgurl: avatar,
    smallheadimgurl: avatar,
    scene: '3',
    opcode: '2',
    ticket,
  })}></msg>`;
}

/** An invitation to a room. Its URL only identifies the invitation: these clients cannot accept one. */
export function roomInviteXml(id: string, topic: string, inviter: Person | null): string {
  const leaf = (name: string, text: string): string => `<${name}>${xmlText(text)}</${name}>`;
  const by = inviter ? quoted(inviter) : '"群主"';
  const inner = [
    leaf('title', '邀请你加入群聊'),
    leaf('des', `${by}邀请你加入群聊${topic}，进入可查看详情。`),
    leaf('type', '5'),
    leaf(
      'url',
      `https://support.weixin.qq.com/cgi-bin/mmsupport-bin/addchatroombyinvite?ticket=${encodeURIComponent(id)}`,
    ),
  ];
  return `<msg><appmsg appid="" sdkver="0">${inner.join('')}</appmsg></msg>`;
}
