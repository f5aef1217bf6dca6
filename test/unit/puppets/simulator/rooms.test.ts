import assert from 'node:assert/strict';

import type { Contact, Room, RoomInvitation } from 'wechaty';

import { next, runBot, type RunningBot } from './running-bot';

const names = (contacts: Contact[]) => contacts.map((contact) => contact.name());

describe('PuppetSimulator: rooms', () => {
  let running: RunningBot;

  beforeEach(async () => {
    running = await runBot();
  });

  afterEach(() => running.bot.stop());

  it('has rooms with Chinese and Latin topics, one owned by the bot, and one without the bot', async () => {
    const { puppet, simulation } = running;
    const ids = await puppet.roomList();
    assert.deepEqual(
      ids.map((id) => simulation.room(id).topic),
      ['Team', '周末爬山', 'Wechaty 开发者'],
    );
    assert.equal((await puppet.roomPayload(simulation.room('Team').id)).ownerId, simulation.self.id);
    const invisible = simulation.room('Secret Garden');
    assert.equal(invisible.hasBot, false);
    await assert.rejects(puppet.roomPayload(invisible.id), /no such room/);
    await assert.rejects(puppet.roomMemberList(invisible.id), /no such room/);
    await assert.rejects(puppet.roomPayload('1@chatroom'), /no such room/);
  });

  it('emits room-join with invitees and inviter', async () => {
    const { bot, puppet, simulation } = running;
    const joined = next<[Room, Contact[], Contact]>(bot, 'room-join');
    simulation.contact('李雷').join('Team', { by: 'Alice' });
    const [room, invitees, inviter] = await joined;
    assert.equal(await room.topic(), 'Team');
    assert.deepEqual(names(invitees), ['李雷']);
    assert.equal(inviter.name(), 'Alice');
    assert.ok(simulation.room(room.id).memberIds.includes('wxid_lilei'));
    const member = await puppet.roomMemberPayload(room.id, 'wxid_lilei');
    assert.equal(member.inviterId, 'wxid_alice');
    assert.throws(() => simulation.contact('李雷').join('Team'), /already/);
  });

  it('emits room-leave', async () => {
    const { bot, puppet, simulation } = running;
    const room = simulation.room('Team');
    assert.equal((await puppet.roomPayload(room.id)).memberIdList.length, 4);
    const left = next<[Room, Contact[], Contact]>(bot, 'room-leave');
    simulation.contact('Bob').leave('Team');
    const [, leavers, remover] = await left;
    assert.deepEqual(names(leavers), ['Bob']);
    assert.equal(remover.name(), 'Bob');
    assert.deepEqual((await puppet.roomPayload(room.id)).memberIdList, room.memberIds);
    assert.equal(room.memberIds.length, 3);
    await assert.rejects(puppet.roomMemberPayload(room.id, 'wxid_bob'), /not in room/);
    assert.throws(() => simulation.contact('Bob').leave('Team'), /not in room/);
  });

  it('emits room-topic', async () => {
    const { bot, puppet, simulation } = running;
    const renamed = next<[Room, string, string, Contact]>(bot, 'room-topic');
    simulation.contact('Ming').rename('Team', '团队');
    const [room, topic, oldTopic, changer] = await renamed;
    assert.deepEqual([topic, oldTopic, changer.name()], ['团队', 'Team', 'Ming']);
    assert.equal(await puppet.roomTopic(room.id), '团队');
    assert.equal((await puppet.roomPayload(room.id)).topic, '团队');
    assert.throws(() => simulation.contact('Grace').rename('团队', 'x'), /not in room/);
  });

  it('changes topic and announcement, reads QR code, avatar and aliases', async () => {
    const { puppet, simulation } = running;
    const room = simulation.room('Team');
    await puppet.roomTopic(room.id, 'Crew');
    assert.equal(room.topic, 'Crew');
    await assert.rejects(puppet.roomTopic(room.id, ''), /empty/);

    const announced = next<[{ newAnnounce: string }]>(puppet, 'room-announce');
    await puppet.roomAnnounce(room.id, 'Lunch at noon');
    assert.equal((await announced)[0].newAnnounce, 'Lunch at noon');
    assert.equal(await puppet.roomAnnounce(room.id), 'Lunch at noon');
    await assert.rejects(puppet.roomAnnounce(simulation.room('周末爬山').id, 'x'), /only the owner/);

    assert.match(await puppet.roomQRCode(room.id), /^https:\/\/weixin\.qq\.com\/g\/\d+$/);
    const avatar = await puppet.roomAvatar(room.id);
    assert.equal(avatar.mediaType, 'image/svg+xml');
    assert.match((await avatar.toBuffer()).toString(), /<svg .*C<\/text>/);

    simulation.contact('Ming').setRoomAlias(room, 'The Boss');
    assert.equal((await puppet.roomMemberPayload(room.id, 'wxid_ming')).roomAlias, 'The Boss');
    assert.equal(room.aliasOf(simulation.contact('Ming')), 'The Boss');
  });

  it('creates a room, adds friends, and removes members from own rooms', async () => {
    const { bot, puppet, simulation } = running;
    const joined = next<[Room, Contact[], Contact]>(bot, 'room-join');
    const id = await puppet.roomCreate(['wxid_ming', 'wxid_alice'], 'Plan B');
    const [, invitees, inviter] = await joined;
    assert.deepEqual(names(invitees), ['Ming', 'Alice']);
    assert.equal(inviter.id, simulation.self.id);
    assert.equal(simulation.room('Plan B').ownerId, simulation.self.id);
    assert.ok((await puppet.roomList()).includes(id));

    await puppet.roomAdd(id, 'wxid_bob');
    await puppet.roomAdd(id, ['wxid_lilei', 'wxid_hanmeimei']);
    await puppet.roomDel(id, 'wxid_ming');
    const members = ['wxid_bot', 'wxid_alice', 'wxid_bob', 'wxid_lilei', 'wxid_hanmeimei'];
    assert.deepEqual(await puppet.roomMemberList(id), members);

    await puppet.roomAdd(id, 'wxid_wangfang', true);
    assert.deepEqual(await puppet.roomMemberList(id), members);
    assert.equal(simulation.messages({ conversation: '王芳' })[0]?.content.kind, 'url');

    await assert.rejects(puppet.roomCreate(['wxid_ming'], 'Two'), /two friends/);
    await assert.rejects(puppet.roomCreate(['wxid_ming', 'wxid_grace'], 'x'), /not a friend/);
    await assert.rejects(puppet.roomAdd(id, 'wxid_bob'), /already/);
    await assert.rejects(puppet.roomAdd(id, 'wxid_grace'), /not a friend/);
    await assert.rejects(puppet.roomDel(id, 'wxid_ming'), /not in room/);
    await assert.rejects(puppet.roomDel(id, simulation.self.id), /quit it instead/);
    await assert.rejects(puppet.roomDel(simulation.room('周末爬山').id, 'wxid_ming'), /only the owner/);
  });

  it('quits a room, which stays readable', async () => {
    const { puppet, simulation } = running;
    const room = simulation.room('周末爬山');
    const left = next<[{ removerId: string }]>(puppet, 'room-leave');
    await puppet.roomQuit(room.id);
    assert.equal((await left)[0].removerId, simulation.self.id);
    assert.equal((await puppet.roomList()).includes(room.id), false);
    assert.equal((await puppet.roomPayload(room.id)).memberIdList.includes(simulation.self.id), false);
    await assert.rejects(puppet.messageSendText(room.id, 'still there?'), /not in room/);
    await assert.rejects(puppet.roomQuit(room.id), /not in room/);
  });

  it('emits the removal of the bot, and passes ownership on when the owner leaves', async () => {
    const { bot, simulation } = running;
    const left = next<[Room, Contact[], Contact]>(bot, 'room-leave');
    simulation.contact('王芳').remove(simulation.self, { from: '周末爬山' });
    const [, leavers, remover] = await left;
    assert.equal(leavers[0]?.id, simulation.self.id);
    assert.equal(remover.name(), '王芳');
    assert.throws(() => {
      simulation.contact('Ming').remove('李雷', { from: '周末爬山' });
    }, /only the owner/);
    simulation.contact('王芳').leave('周末爬山');
    assert.equal(simulation.room('周末爬山').ownerId, 'wxid_lilei');
  });

  it('receives and accepts a room invitation', async () => {
    const { bot, puppet, simulation } = running;
    const invited = next<[RoomInvitation]>(bot, 'room-invite');
    simulation.contact('Grace').invite('Secret Garden');
    const [invitation] = await invited;
    assert.equal(await invitation.topic(), 'Secret Garden');
    assert.equal((await invitation.inviter()).name(), 'Grace');
    assert.equal(await invitation.memberCount(), 3);
    const joined = next<[Room, Contact[], Contact]>(bot, 'room-join');
    await invitation.accept();
    const [room, invitees] = await joined;
    assert.equal(invitees[0]?.id, simulation.self.id);
    assert.ok((await puppet.roomList()).includes(room.id));
    await puppet.messageSendText(room.id, 'thanks');
    await assert.rejects(puppet.roomInvitationAccept(invitation.id), /already/);
    await assert.rejects(puppet.roomInvitationAccept('invitation-9'), /no such room invitation/);
    await assert.rejects(puppet.roomInvitationPayload('invitation-9'), /no such room invitation/);
    assert.throws(() => simulation.contact('Ming').invite('Team'), /already/);
  });
});
