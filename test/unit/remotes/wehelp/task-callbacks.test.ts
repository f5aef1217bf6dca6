import assert from 'node:assert/strict';
import { taskKinds } from '../../../../src/remotes/wehelp/tasks/table';
import { type Data, WehelpFixture } from './fixture';

/** Parameters of each supported task that does not change the login. */
const paramsOf = (team: string): Readonly<Record<string, Data>> => ({
  sendTextMessage: { wxid: 'wxid_alice', text: 'hello' },
  sendPicMessage: { wxid: 'wxid_alice', imgPath: '/nowhere.png' },
  sendFileMessage: { wxid: 'wxid_alice', filePath: '/nowhere.pdf' },
  sendXmlMessage: { wxid: 'wxid_alice', title: 'T', url: 'http://x.example/', desc: 'D', pic: '' },
  sendCardMessage: { wxid: 'wxid_alice', fwxid: 'wxid_ming' },
  addUserEvent: { wxid: 'wxid_tom', message: 'hello' },
  initContact: {},
  newGetUserLists: { wxidLists: ['wxid_alice'] },
  getUserInfo: { wxid: 'wxid_alice' },
  netGetUserInfo: { wxid: 'wxid_alice' },
  delChatRoomUser: { chatroom: team, wxid: 'wxid_bob' },
  getChatRoomLists: {},
  getChatRoomUserLists: { wxid: team },
  getRoomUserV2: { chatroom: team, wxid: 'wxid_alice' },
  getLoginStatus: {},
  isLoginInfo: {},
});

/** Callbacks of events and of failed sends, such as of a file that does not exist. */
const otherTypes = [0, 78];

describe('WeHelp tasks', () => {
  let fixture: WehelpFixture;
  before(async () => {
    fixture = await WehelpFixture.start();
  });
  after(() => fixture.stop());

  it('are answered by the callbacks that the table declares', async () => {
    const { service, simulation, remote, auditRecords } = fixture;
    const params = paramsOf(simulation.room('Team').id);
    for (const { api, callbacks = [] } of taskKinds.filter((kind) => kind.api in params)) {
      service.callbacks.splice(0);
      const count = auditRecords.length;
      service.enqueueTasks({ ...params[api], api });
      await service.until(
        () => auditRecords.length > count && remote.status.tasks + remote.status.waiting === 0,
      );
      const types = service.callbacks
        .map(({ type }) => Number(type))
        .filter((type) => !otherTypes.includes(type));
      assert.deepEqual([...new Set(types)], callbacks, api);
    }
  });

  it('that are unsupported say so', async () => {
    for (const { api } of taskKinds.filter(({ isUnsupported }) => isUnsupported)) {
      fixture.service.enqueueTasks({ api });
      const { message } = await fixture.service.waitForCallback((data) => data.api === api);
      assert.match(String(message), /^unsupported/);
    }
  });
});
