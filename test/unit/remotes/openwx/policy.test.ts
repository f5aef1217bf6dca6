import assert from 'node:assert/strict';
import { OpenwxFixture } from './fixture';

interface Answer {
  readonly code: number;
  readonly status: string;
  readonly id: string;
}

describe('OpenwxRemote with a policy', () => {
  it('records the commands of clients under its node, but not its own look-ups', async () => {
    const fixture = await OpenwxFixture.start();
    try {
      const recorded: (readonly [string, string | undefined])[] = [];
      fixture.simulated.bot.on('command', ({ name, nodeId }) => recorded.push([name, nodeId]));
      await fixture.call('send_friend_message', { account: 'ming-88', content: 'x' });
      await fixture.call('set_markname', { id: 'wxid_ming', new_markname: 'M' });
      assert.deepEqual(
        recorded.filter(([, nodeId]) => nodeId !== undefined),
        [
          ['contactSay', 'openwx-node'],
          ['contactAliasSet', 'openwx-node'],
        ],
      );
    } finally {
      await fixture.stop();
    }
  });

  it('rejects denied commands and reports failed sends', async () => {
    const fixture = await OpenwxFixture.start({
      settings: { permissions: { allow: ['read-only', 'contactSay'], deny: [] } },
    });
    try {
      assert.equal(
        (await fixture.call<Answer>('send_friend_message', { id: 'wxid_ming', content: 'x' })).code,
        0,
      );
      assert.equal((await fixture.get('get_friend_info')).text.slice(0, 1), '[');
      const refused = await fixture.call<Answer>('send_group_message', { displayname: 'Team', content: 'x' });
      assert.deepEqual([refused.code, refused.id], [-6, null]);
      assert.match(refused.status, /roomSay/);
      fixture.simulation.faults = { rejectSends: true };
      const failed = await fixture.call<Answer>('send_friend_message', { id: 'wxid_ming', content: 'x' });
      assert.deepEqual([failed.code, failed.id], [-1, null]);
      fixture.simulation.faults = { noMessageIds: true };
      const unidentified = await fixture.call<Answer>('send_friend_message', {
        id: 'wxid_ming',
        content: 'x',
      });
      assert.equal(unidentified.code, 0);
      assert.match(unidentified.id, /^\d+:wxid_ming$/);
    } finally {
      await fixture.stop();
    }
  });

  it('reports that the bot is not logged in', async () => {
    const fixture = await OpenwxFixture.start();
    try {
      await fixture.simulated.bot.stop();
      const { code, status } = await fixture.call<Answer>('get_user_info');
      assert.equal(code, -3);
      assert.match(status, /not logged in/);
      const { code: fine, account } = await fixture.call('get_client_info');
      assert.deepEqual([fine, account], [0, 'Shop']);
    } finally {
      await fixture.stop();
    }
  });

  it('stops the bot when allowed', async () => {
    const fixture = await OpenwxFixture.start({ settings: { allowStop: true } });
    try {
      const { code, status } = await fixture.call<Answer>('stop_client');
      assert.equal(code, 0);
      assert.match(status, /^success, client\(\d+\) will stop in 3 seconds$/);
      await fixture.simulated.untilState('stopped');
    } finally {
      await fixture.stop();
    }
  });
});
