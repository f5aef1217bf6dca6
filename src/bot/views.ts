/**
 * Contacts, rooms and messages as plain JSON, with names instead of Wechaty's enumeration values. Types, documents
 * and forms are derived from these schemas.
 */
import Type, { type Static } from 'typebox';
import { types } from 'wechaty-puppet';
import { describe } from '../i18n/describe';

/** The names of one of Wechaty's enumerations, which hold names and numbers as keys. */
function enumNames<Enumeration extends Record<string, string | number>>(
  enumeration: Enumeration,
): (keyof Enumeration)[] {
  return Object.keys(enumeration).filter((key) => Number.isNaN(Number(key)));
}

/** An individual, an official account or a company. */
export const ContactView = Type.Object(
  {
    id: Type.String(),
    name: Type.String(describe('the name the person chose', '昵称')),
    alias: Type.String(describe('the remark the bot gave this contact; empty when none', '备注，没有则为空')),
    friend: Type.Boolean(),
    type: Type.Enum(enumNames(types.Contact)),
    gender: Type.Enum(enumNames(types.ContactGender)),
    avatar: Type.Optional(Type.String()),
    city: Type.Optional(Type.String()),
    province: Type.Optional(Type.String()),
    signature: Type.Optional(Type.String()),
    star: Type.Optional(Type.Boolean()),
    handle: Type.Optional(Type.String(describe('the WeChat number', '微信号'))),
    phone: Type.Optional(Type.Array(Type.String())),
    corporation: Type.Optional(Type.String()),
    title: Type.Optional(Type.String()),
    description: Type.Optional(Type.String()),
  },
  describe('a contact', '联系人'),
);
export type ContactView = Static<typeof ContactView>;

/** A group chat. */
export const RoomView = Type.Object(
  {
    id: Type.String(),
    topic: Type.String(),
    memberCount: Type.Integer(),
    ownerId: Type.Optional(Type.String()),
    adminIds: Type.Optional(Type.Array(Type.String())),
    avatar: Type.Optional(Type.String()),
    external: Type.Optional(Type.Boolean()),
  },
  describe('a room', '群'),
);
export type RoomView = Static<typeof RoomView>;

/** A member of a room, with its alias there. */
export const MemberView = Type.Object(
  {
    id: Type.String(),
    name: Type.String(),
    roomAlias: Type.String(describe('the name used in this room; empty when none', '群昵称，没有则为空')),
    avatar: Type.Optional(Type.String()),
    inviterId: Type.Optional(Type.String()),
  },
  describe('a member of a room', '群成员'),
);
export type MemberView = Static<typeof MemberView>;

/** A message without talker and room. */
export const MessageView = Type.Object(
  {
    id: Type.String(),
    type: Type.Enum(enumNames(types.Message)),
    text: Type.String(
      describe(
        'the text; for other types what the puppet gives, often XML or nothing',
        '文本；其他类型为 Puppet 给出的内容',
      ),
    ),
    timestamp: Type.Integer(describe('when it was sent, in ms since 1970', '发送时间（毫秒）')),
    self: Type.Boolean(describe("whether the bot's own account sent it", '是否由机器人自己发出')),
    mentionIds: Type.Array(Type.String()),
    mentionsSelf: Type.Boolean(
      describe('whether the bot was mentioned, by itself or with everyone', '是否 @ 了机器人，包括 @所有人'),
    ),
    mentionsAll: Type.Boolean(describe('whether everyone in the room was mentioned', '是否 @ 了所有人')),
    textWithoutMentions: Type.Optional(
      Type.String(describe('of a text: the text without mentions', '文本消息去掉 @ 之后的文本')),
    ),
    filename: Type.Optional(Type.String()),
    quote: Type.Optional(
      Type.Object(
        {
          id: Type.String(
            describe('the quoted message; empty when not known', '被引用的消息 id，未知则为空'),
          ),
          text: Type.String(),
          talker: Type.String(
            describe('the id of its sender; empty when not known', '其发送者 id，未知则为空'),
          ),
        },
        describe('the quoted message, if the puppet provides it', '引用的消息（若 Puppet 提供）'),
      ),
    ),
  },
  describe('a message', '消息'),
);
export type MessageView = Static<typeof MessageView>;
/** Wechaty's message types. */
export type MessageTypeName = MessageView['type'];
