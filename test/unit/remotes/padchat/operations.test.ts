import assert from 'node:assert/strict';
import { findOperation, operations } from '../../../../src/remotes/padchat/operations/table';
import { unspelled } from '../../../../src/remotes/padchat/field-case';
import { type Fields, FrameClient, Setting } from './fixture';
import { deleteLabel, type Use, uses } from './operation-cases';

/** How a client of a generation asks, and its reply with the data in lower camel case. */
type Ask = (use: Use, params: object) => Promise<{ success: unknown; msg: unknown; data: Fields }>;

describe("PadChat's operations", () => {
  it('are all used here, or said to be unsupported', () => {
    const used = [...uses, deleteLabel].map(({ name }) => name);
    const missing = operations.filter(
      ({ names, unsupported }) => !unsupported && !used.includes(names.A ?? ''),
    );
    assert.deepEqual(missing, []);
  });

  for (const generation of ['A', 'C'] as const) {
    describe(`in generation ${generation}`, () => {
      let setting: Setting;
      let client: FrameClient;

      beforeEach(async () => {
        setting = await Setting.start();
        client =
          generation === 'A'
            ? await FrameClient.authenticated(setting.url)
            : await FrameClient.connect(`${setting.url}/key`);
      });
      afterEach(async () => {
        client.end();
        await setting.end();
      });

      const ask: Ask = async ({ name }, params) => {
        const own = findOperation(name)?.names[generation] ?? name;
        const { success, msg, error, data } =
          generation === 'A' ? await client.call(own, params) : await client.cmd(own, params);
        return { success, msg: error ?? msg, data: unspelled((data ?? {}) as Fields) };
      };

      /** The ticket of the friend request that was pushed. */
      async function ticket(): Promise<string> {
        const { data, payload } = await client.event('push');
        return / ticket=\\?"(\w+)\\?"/.exec(JSON.stringify(data ?? payload))?.[1] ?? '';
      }

      for (const use of uses) {
        it(use.name, async () => {
          const given = (await use.params?.(setting)) ?? {};
          const params = use.name === 'acceptUser' ? { stranger: '', ticket: await ticket() } : given;
          const { success, msg, data } = await ask(use, params);
          assert.equal(success, true, String(msg));
          use.check?.(data, setting);
        });
      }

      it('labels from their making to their end', async () => {
        const labels = async (): Promise<unknown> => (await ask({ name: 'getLabelList' }, {})).data.label;
        await ask({ name: 'addLabel' }, { label: 'friends' });
        assert.equal(((await labels()) as unknown[]).length, 1);
        await ask({ name: 'setLabel' }, { userId: 'wxid_ming', labelId: 'friends' });
        await ask({ name: 'setLabel' }, { userId: 'wxid_ming', labelId: '' });
        assert.equal((await ask(deleteLabel, { labelId: 'friends' })).success, true);
        assert.deepEqual(await labels(), []);
      });

      it('what no puppet can do, each with a reason', async () => {
        for (const { names } of operations.filter(({ unsupported }) => unsupported)) {
          const { success, msg, data } = await ask({ name: names.A ?? '' }, {});
          assert.deepEqual([success, data.status, data.code], [false, -19, 'UNSUPPORTED']);
          assert.match(String(msg), /Wechaty has no such function/);
        }
      });

      it('wrong parameters, which are named', async () => {
        for (const [name, params, words] of [
          ['sendMsg', { content: 'x' }, /toUserName/],
          ['sendMsg', { toUserName: 'wxid_ming', content: 7 }, /content/],
          ['sendImage', { toUserName: 'wxid_ming' }, /file/],
          ['getMsgImage', { rawMsgData: {} }, /msgId/],
          ['getContact', { userId: 'wxid_nobody' }, /no contact/],
          ['getUserQrcode', { userId: 'wxid_ming' }, /own QR code/],
          ['sendAppMsg', { toUserName: 'wxid_ming', content: '<appmsg><type>6</type></appmsg>' }, /type 6/],
        ] as const) {
          const { success, msg } = await ask({ name }, params);
          assert.ok(success === false && words.test(String(msg)), `${name}: ${String(msg)}`);
        }
      });
    });
  }
});
