import assert from 'node:assert/strict';
import type { CommandName } from '../../../../src/commands/table';
import { findOperation, operations } from '../../../../src/remotes/padchat/operations/table';
import { fromWireCase } from '../../../../src/remotes/padchat/field-case';
import { type Fields, FrameClient, PadchatFixture } from './fixture';
import { deleteLabel, type OperationCase, operationCases } from './operation-cases';

/** Runs an operation; resolves to the reply with its data in lower camel case. */
type RunOperation = (
  operationCase: OperationCase,
  params: object,
) => Promise<{ success: unknown; msg: unknown; data: Fields }>;

describe('PadChat operations', () => {
  it('are refused before anything is done when one of their commands is denied', async () => {
    const fixture = await PadchatFixture.start({ permissions: { allow: [], deny: ['tagRemove'] } });
    const client = await FrameClient.connect(`${fixture.url}/key`);
    try {
      const reply = await client.cmd('setLabel', { userId: 'wxid_ming', labelId: 'friends' });
      assert.match(JSON.stringify(reply), /REFUSED.*tagRemove|tagRemove.*REFUSED/);
      const { label } = fromWireCase(((await client.cmd('getLabelList')).data ?? {}) as Fields);
      assert.deepEqual(label, []);
    } finally {
      client.close();
      await fixture.stop();
    }
  });

  it('are all tested or marked as unsupported', () => {
    const covered = [...operationCases, deleteLabel].map(({ name }) => name);
    const missing = operations.filter(
      ({ names, unsupported }) => !unsupported && !covered.includes(names.A ?? ''),
    );
    assert.deepEqual(missing, []);
  });

  for (const version of ['A', 'C'] as const) {
    describe(`in version ${version}`, () => {
      let fixture: PadchatFixture;
      let client: FrameClient;

      beforeEach(async () => {
        fixture = await PadchatFixture.start();
        client =
          version === 'A'
            ? await FrameClient.authenticated(fixture.url)
            : await FrameClient.connect(`${fixture.url}/key`);
      });
      afterEach(async () => {
        client.close();
        await fixture.stop();
      });

      const runOperation: RunOperation = async ({ name }, params) => {
        const wireName = findOperation(name)?.names[version] ?? name;
        const { success, msg, error, data } =
          version === 'A' ? await client.call(wireName, params) : await client.cmd(wireName, params);
        return { success, msg: error ?? msg, data: fromWireCase((data ?? {}) as Fields) };
      };

      /** The ticket of the next pushed friend request. */
      async function nextTicket(): Promise<string> {
        const { data, payload } = await client.nextEvent('push');
        return / ticket=\\?"(\w+)\\?"/.exec(JSON.stringify(data ?? payload))?.[1] ?? '';
      }

      for (const operationCase of operationCases) {
        it(operationCase.name, async () => {
          const caseParams = (await operationCase.params?.(fixture)) ?? {};
          const params =
            operationCase.name === 'acceptUser' ? { stranger: '', ticket: await nextTicket() } : caseParams;
          const recorded = new Set<string>();
          fixture.simulated.bot.on('command', ({ name, nodeId }) => {
            if (nodeId !== undefined) recorded.add(name);
          });
          const { success, msg, data } = await runOperation(operationCase, params);
          assert.equal(success, true, String(msg));
          const { commands = [], optionalCommands = [] } = findOperation(operationCase.name) ?? {};
          const undeclared = [...recorded].filter(
            (name) => ![...commands, ...optionalCommands].includes(name as CommandName),
          );
          assert.deepEqual(undeclared, []);
          operationCase.check?.(data, fixture);
        });
      }

      const labels = async (): Promise<Fields[]> => {
        const { label } = (await runOperation({ name: 'getLabelList' }, {})).data;
        return (label as Fields[]).map((one) => fromWireCase(one));
      };
      const labelOfMing = async (): Promise<unknown> =>
        (await runOperation({ name: 'getContact' }, { userId: 'wxid_ming' })).data.label;

      for (const [what, written] of [
        ['number', (id: number) => id],
        ['text', (id: number) => String(id)],
        ['name', () => 'friends'],
      ] as const) {
        it(`creates, assigns, removes and deletes a label, given by its ${what}`, async () => {
          await runOperation({ name: 'addLabel' }, { label: 'friends' });
          const [label, ...others] = await labels();
          assert.deepEqual([label?.name, others], ['friends', []]);
          assert.ok(Number.isInteger(label?.id), 'the id is a number');
          const labelId = written(Number(label?.id));
          assert.equal((await runOperation({ name: 'setLabel' }, { userId: 'wxid_ming', labelId })).msg, '');
          assert.deepEqual(fixture.simulation.wechat.tags.list('wxid_ming'), ['friends']);
          assert.equal(await labelOfMing(), String(label?.id));
          assert.deepEqual(await labels(), [label], 'the id is the same when a contact has the label');
          await runOperation({ name: 'setLabel' }, { userId: 'wxid_ming', labelId: '' });
          assert.equal(await labelOfMing(), '');
          assert.equal((await runOperation(deleteLabel, { labelId })).msg, '');
          assert.deepEqual(await labels(), []);
        });
      }

      it('rejects a number that is no label', async () => {
        for (const [name, params] of [
          ['setLabel', { userId: 'wxid_ming', labelId: 7 }],
          ['deleteLabel', { labelId: 7 }],
        ] as const) {
          const { success, msg } = await runOperation({ name }, params);
          assert.equal(success, false);
          assert.match(String(msg), /no label 7/);
        }
      });

      it('accepts what the PHP client sends: numbers of moments, objects of links, its name for the QR code', async () => {
        const content = { title: 'a & b', des: 'D', url: 'http://x.example/?a=1&b=2', thumburl: '' };
        for (const [name, params] of [
          ['sendAppMsg', { toUserName: 'wxid_ming', content }],
          ['snsTimeline', { momentId: 0 }],
          ['snsGetObject', { momentId: Number(fixture.simulation.contact('Ming').post('it').id) }],
          ['getContactQrcode', { userId: 'wxid_bot', style: 1 }],
        ] as const) {
          const { success, msg } = await runOperation({ name }, params);
          assert.equal(success, true, `${name}: ${String(msg)}`);
        }
        assert.deepEqual(fixture.simulation.messages({ conversation: 'wxid_ming' }).at(-1)?.content, {
          kind: 'url',
          url: { title: content.title, description: 'D', url: content.url },
        });
      });

      it('rejects unsupported operations with a reason', async () => {
        for (const { names } of operations.filter(({ unsupported }) => unsupported)) {
          const { success, msg, data } = await runOperation({ name: names.A ?? '' }, {});
          assert.deepEqual([success, data.status, data.code], [false, -19, 'UNSUPPORTED']);
          assert.match(String(msg), /Wechaty has no such function/);
        }
      });

      it('rejects invalid parameters and names them', async () => {
        for (const [name, params, expected] of [
          ['sendMsg', { content: 'x' }, /toUserName/],
          ['sendMsg', { toUserName: 'wxid_ming', content: 7 }, /content/],
          ['sendImage', { toUserName: 'wxid_ming' }, /file/],
          ['getMsgImage', { rawMsgData: {} }, /msgId/],
          ['getContact', { userId: 'wxid_nobody' }, /no contact/],
          ['getUserQrcode', { userId: 'wxid_ming' }, /own QR code/],
          ['sendAppMsg', { toUserName: 'wxid_ming', content: '<appmsg><type>6</type></appmsg>' }, /type 6/],
        ] as const) {
          const { success, msg } = await runOperation({ name }, params);
          assert.ok(success === false && expected.test(String(msg)), `${name}: ${String(msg)}`);
        }
      });
    });
  }
});
