/** Events of group chats. */
import Type from 'typebox';
import { milliseconds, text, texts } from '../bot/view-mappers';
import { ContactView, RoomView, describe } from '../bot/views';
import { type EventDefinition, fieldsOf } from './event';

const happenedAt = Type.Integer(describe('when, in ms since 1970', '发生时间（毫秒）'));
const someone = (en: string, zh: string) => Type.Union([ContactView, Type.Null()], describe(en, zh));

/** Somebody asks the bot into a room. */
export const roomInvite: EventDefinition = {
  summary: { 'en-US': 'the bot was invited to a room', 'zh-CN': '机器人被邀请入群' },
  schema: Type.Object({
    id: Type.String(describe('to be given to roomInvitationAccept', '用于 roomInvitationAccept')),
    topic: Type.String(),
    inviter: someone('who invites', '邀请人'),
    memberCount: Type.Integer(),
    happenedAt,
  }),
  read: (payload, source) => ({
    read: async () => {
      const id = text(fieldsOf(payload).roomInvitationId);
      const told = fieldsOf(
        await source.ask('roomInvitationPayload', source.puppet.roomInvitationPayload(id)),
      );
      return {
        id,
        topic: text(told.topic),
        inviter: await source.contact(text(told.inviterId)),
        memberCount: Number(told.memberCount) || 0,
        happenedAt: milliseconds(told.timestamp),
      };
    },
  }),
};

/** Somebody came into a room. */
export const roomJoin: EventDefinition = {
  summary: { 'en-US': 'someone joined a room', 'zh-CN': '有人加入群' },
  schema: Type.Object({
    room: RoomView,
    inviteeList: Type.Array(ContactView, describe('who joined', '加入者')),
    inviter: someone('who invited them; null when unknown', '邀请人，未知为 null'),
    happenedAt,
  }),
  read: (payload, source) => {
    const { roomId, inviteeIdList, inviterId, timestamp } = fieldsOf(payload);
    return {
      conversation: text(roomId),
      read: async () => ({
        room: await source.room(text(roomId)),
        inviteeList: await source.contacts(texts(inviteeIdList)),
        inviter: await source.contact(text(inviterId)),
        happenedAt: milliseconds(timestamp),
      }),
    };
  },
};

/** Somebody went out of a room, or was put out. */
export const roomLeave: EventDefinition = {
  summary: { 'en-US': 'someone left a room or was removed', 'zh-CN': '有人离开或被移出群' },
  schema: Type.Object({
    room: RoomView,
    leaverList: Type.Array(ContactView, describe('who left', '离开者')),
    remover: someone('who removed them; null when unknown', '移出者，未知为 null'),
    happenedAt,
  }),
  read: (payload, source) => {
    const { roomId, removeeIdList, removerId, timestamp } = fieldsOf(payload);
    return {
      conversation: text(roomId),
      read: async () => ({
        room: await source.room(text(roomId)),
        leaverList: await source.contacts(texts(removeeIdList)),
        remover: await source.contact(text(removerId)),
        happenedAt: milliseconds(timestamp),
      }),
    };
  },
};

/** A room has another name now. */
export const roomTopic: EventDefinition = {
  summary: { 'en-US': 'a room was renamed', 'zh-CN': '群名称变更' },
  schema: Type.Object({
    room: RoomView,
    topic: Type.String(describe('the new name', '新群名')),
    oldTopic: Type.String(),
    changer: someone('who renamed it; null when unknown', '修改者，未知为 null'),
    happenedAt,
  }),
  read: (payload, source) => {
    const { roomId, newTopic, oldTopic, changerId, timestamp } = fieldsOf(payload);
    return {
      conversation: text(roomId),
      read: async () => ({
        room: await source.room(text(roomId)),
        topic: text(newTopic),
        oldTopic: text(oldTopic),
        changer: await source.contact(text(changerId)),
        happenedAt: milliseconds(timestamp),
      }),
    };
  },
};
