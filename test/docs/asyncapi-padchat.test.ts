import assert from 'node:assert/strict';
import { parse } from 'yaml';
import { padchatAsyncApi } from '../../scripts/api-docs/padchat';
import { operations } from '../../src/remotes/padchat/operations/table';
import { type Fields, type Frame, FrameClient, PadchatFixture } from '../unit/remotes/padchat/fixture';
import { parseAsyncApi, schemaErrors } from './api-description';

const { components } = parse(padchatAsyncApi()) as { components: { messages: Record<string, object> } };

/** Asserts that a frame matches the schema of a message. */
function assertMatches(message: string, frame: unknown): void {
  assert.ok(message in components.messages, message);
  const errors = schemaErrors({ components }, `#/components/messages/${message}/payload`, frame);
  assert.deepEqual(errors, [], `${message}: ${JSON.stringify(frame).slice(0, 2_000)}`);
}

describe('docs/asyncapi-padchat.yaml', () => {
  it('is valid AsyncAPI 3 and describes every operation', async function () {
    this.timeout(120_000);
    const described = (await parseAsyncApi(padchatAsyncApi())).operations;
    const expected = operations.flatMap(({ names }) =>
      Object.entries(names).map(([version, name]) => `${version}-${name}`),
    );
    assert.deepEqual(
      expected.filter((name) => !described.includes(name)),
      [],
    );
  });

  it('matches the frames of a simulation', async () => {
    const fixture = await PadchatFixture.start();
    const { simulation } = fixture;
    const team = simulation.room('Team').id;
    const calls: readonly (readonly [string, object])[] = [
      ['connect', {}],
      ['login', { loginType: 'qrcode' }],
      ['getDeviceInfo', {}],
      ['getAutoLoginData', {}],
      ['getMyInfo', {}],
      ['status', {}],
      ['getContact', { userId: 'wxid_ming' }],
      ['getContact', { userId: team }],
      ['searchContact', { userId: 'grace-h' }],
      ['getRoomMembers', { groupId: team }],
      ['createRoom', { userIds: ['wxid_ming', 'wxid_alice'] }],
      ['getRoomQrcode', { groupId: team }],
      ['sendMsg', { toUserName: 'wxid_ming', content: 'hello' }],
      ['snsSendMoment', { content: 'a fine day' }],
      ['snsTimeline', {}],
      ['addLabel', { label: 'x' }],
      ['getLabelList', {}],
      ['syncFav', {}],
      ['setRemark', { userId: 'wxid_ming', remark: 'M' }],
    ];
    const clientA = await FrameClient.authenticated(fixture.url);
    const clientC = await FrameClient.connect(`${fixture.url}/key`);
    try {
      for (const [code, data] of calls) {
        const entry = operations.find(({ names }) => names.A === code);
        assert.ok(entry);
        assertMatches(`A-${code}-command`, { code, cmdId: '1', data });
        const replyIn = (version: 'A' | 'C', reply: Fields): string => {
          if (reply.success !== true) return `${version}-failure`;
          return entry.result ? `${version}-${code}-reply` : `${version}-done`;
        };
        const inA = await clientA.call(code, data);
        assertMatches(replyIn('A', inA), inA);
        const cmd = entry.names.C ?? '';
        assertMatches(`C-${code}-command`, { type: 'user', cmd, cmdId: '1', payload: data });
        const inC = await clientC.cmd(cmd, data);
        assertMatches(replyIn('C', inC), { type: 'cmdRet', taskId: fixture.simulated.bot.id, payload: inC });
      }
      await clientC.cmd('syncContact');
      simulation
        .contact('Ming')
        .say({ kind: 'image', name: 'x.png', data: Buffer.from('x') })
        .in('Team');
      simulation.contact('Grace').requestFriend('hello');
      simulation.contact('王芳').rename('周末爬山', '周末');
      fixture.simulated.puppetError('the network hiccups');
      await clientA.nextEvent('error');
      await clientA.call('disconnect');
      await clientA.nextEvent('disconnect');
      const framesOf = (client: FrameClient): Frame[] =>
        client.frames.all.filter(({ event }) => event !== 'cmdRet');
      assert.ok(framesOf(clientA).length > 5 && framesOf(clientC).filter(({ event }) => event).length > 5);
      for (const frame of framesOf(clientA)) assertMatches(kindOf('A', frame), frame);
      for (const frame of framesOf(clientC))
        if (frame.event !== undefined) assertMatches(kindOf('C', frame), frame);
    } finally {
      clientA.close();
      clientC.close();
      await fixture.stop();
    }
  });
});

/** The message that describes a frame. */
function kindOf(version: 'A' | 'C', { event = '', data, payload }: Frame): string {
  const kinds: Readonly<Record<string, string>> = {
    reconnect: 'relogin',
    disconnect: 'closed',
    over: 'closed',
    error: 'problem',
    warn: 'problem',
    autoLogin: 'relogin',
  };
  if (event !== 'push') return `${version}-${kinds[event] ?? event}`;
  const [first] = (version === 'A' ? data : payload?.list) as readonly Fields[];
  const type = version === 'A' ? first?.MsgType : first?.msg_type;
  return `${version}-${type === 2 ? 'contacts' : 'messages'}`;
}
