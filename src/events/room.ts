/** Events about rooms. */
import Type from 'typebox';
import type { PayloadReader } from '../bot/events/payload-reader';
import { asName, toMilliseconds, asString, asStrings } from '../bot/view-mappers';
import { ContactView, RoomView } from '../bot/views';
import { describe } from '../i18n/describe';
import { event, asRecord, requiredRoom } from './event';

const happenedAt = Type.Integer(describe('in ms since 1970', '发生时间（毫秒）'));
const optionalContact = (en: string, zh: string) => Type.Union([ContactView, Type.Null()], describe(en, zh));

/** The room of an event that changed it. @param refreshed resolves when the outdated payload is dropped. */
async function changedRoom(source: PayloadReader, refreshed: Promise<void>, id: unknown): Promise<RoomView> {
  await refreshed;
  return requiredRoom(source, id);
}

/** The bot was invited to a room. */
export const roomInvite = event({
  summary: { 'en-US': 'the bot was invited to a room', 'zh-CN': '机器人被邀请入群' },
  schema: Type.Object({
    id: Type.String(describe('the id for roomInvitationAccept', '用于 roomInvitationAccept')),
    topic: Type.String(),
    inviter: optionalContact('the inviter', '邀请人'),
    memberCount: Type.Integer(),
    happenedAt,
  }),
  read: (payload, source) => ({
    read: async () => {
      const id = asString(asRecord(payload).roomInvitationId);
      const invitation = asRecord(
        await source.call('roomInvitationPayload', source.puppet.roomInvitationPayload(id)),
      );
      return {
        id,
        topic: asName(invitation.topic),
        inviter: await source.contact(asString(invitation.inviterId)),
        memberCount: Number(invitation.memberCount) || 0,
        happenedAt: toMilliseconds(invitation.timestamp),
      };
    },
  }),
});

/** Members joined a room. */
export const roomJoin = event({
  summary: { 'en-US': 'someone joined a room', 'zh-CN': '有人加入群' },
  schema: Type.Object({
    room: RoomView,
    inviteeList: Type.Array(ContactView, describe('the new members', '加入者')),
    inviter: optionalContact('the inviter; null if unknown', '邀请人，未知为 null'),
    happenedAt,
  }),
  read: (payload, source) => {
    const { roomId, inviteeIdList, inviterId, timestamp } = asRecord(payload);
    const refreshed = source.refresh('Room', asString(roomId));
    return {
      conversation: asString(roomId),
      read: async () => ({
        room: await changedRoom(source, refreshed, roomId),
        inviteeList: await source.contacts(asStrings(inviteeIdList)),
        inviter: await source.contact(asString(inviterId)),
        happenedAt: toMilliseconds(timestamp),
      }),
    };
  },
});

/** Members left a room or were removed. */
export const roomLeave = event({
  summary: { 'en-US': 'someone left a room or was removed', 'zh-CN': '有人离开或被移出群' },
  schema: Type.Object({
    room: RoomView,
    leaverList: Type.Array(ContactView, describe('the former members', '离开者')),
    remover: optionalContact('the remover; null if unknown', '移出者，未知为 null'),
    happenedAt,
  }),
  read: (payload, source) => {
    const { roomId, removeeIdList, removerId, timestamp } = asRecord(payload);
    const refreshed = source.refresh('Room', asString(roomId));
    return {
      conversation: asString(roomId),
      read: async () => ({
        room: await changedRoom(source, refreshed, roomId),
        leaverList: await source.contacts(asStrings(removeeIdList)),
        remover: await source.contact(asString(removerId)),
        happenedAt: toMilliseconds(timestamp),
      }),
    };
  },
});

/** A room was renamed. */
export const roomTopic = event({
  summary: { 'en-US': 'a room was renamed', 'zh-CN': '群名称变更' },
  schema: Type.Object({
    room: RoomView,
    topic: Type.String(describe('the new topic', '新群名')),
    oldTopic: Type.String(),
    changer: optionalContact('the contact who renamed it; null if unknown', '修改者，未知为 null'),
    happenedAt,
  }),
  read: (payload, source) => {
    const { roomId, newTopic, oldTopic, changerId, timestamp } = asRecord(payload);
    const topic = asName(newTopic);
    const refreshed = source.refresh('Room', asString(roomId));
    return {
      conversation: asString(roomId),
      read: async () => {
        const room = await changedRoom(source, refreshed, roomId);
        // Some puppets emit the event before their own data has changed: that must not stay cached.
        if (topic && room.topic !== topic) await source.refresh('Room', room.id);
        return {
          room: { ...room, topic: topic || room.topic },
          topic,
          oldTopic: asName(oldTopic),
          changer: await source.contact(asString(changerId)),
          happenedAt: toMilliseconds(timestamp),
        };
      },
    };
  },
});
