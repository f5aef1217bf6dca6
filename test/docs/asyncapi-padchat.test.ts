import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { Parser } from '@asyncapi/parser';
import { Compile } from 'typebox/schema';
import { parse } from 'yaml';
import { padchatAsyncApi, padchatAsyncApiFile } from '../../scripts/api-docs/padchat';
import { operations } from '../../src/remotes/padchat/operations/table';
import { type Fields, type Frame, FrameClient, PadchatFixture } from '../unit/remotes/padchat/fixture';

const document = parse(padchatAsyncApi()) as { components: { messages: Record<string, object> } };

/** What does not fit of something that travelled. */
function misfits(message: string, written: unknown): string[] {
  const { components } = document;
  assert.ok(message in components.messages, message);
  const schema = Compile({ $ref: `#/components/messages/${message}/payload`, components });
  const [, problems] = schema.Errors(written);
  return problems.map(({ instancePath, message: problem }) => `${instancePath} ${problem}`);
}

function assertFits(message: string, written: unknown): void {
  assert.deepEqual(misfits(message, written), [], `${message}: ${JSON.stringify(written).slice(0, 2_000)}`);
}

describe('docs/asyncapi-padchat.yaml', () => {
  it('is what the tables say', () => {
    assert.equal(readFileSync(padchatAsyncApiFile, 'utf8'), padchatAsyncApi(), 'run npm run asyncapi');
  });

  it('is valid AsyncAPI 3 in the eyes of its own parser, and describes every operation', async function () {
    this.timeout(120_000);
    const { document: parsed, diagnostics } = await new Parser().parse(padchatAsyncApi());
    const told = diagnostics.map(({ code, message, path }) => `${code}: ${path.join('.')}: ${message}`);
    // A newer minor version of AsyncAPI would shut out readers of 3.0.
    const problems = told.filter((problem) => !problem.startsWith('asyncapi-latest-version'));
    assert.deepEqual(problems, []);
    const described =
      parsed
        ?.operations()
        .all()
        .map((operation) => operation.id()) ?? [];
    const wanted = operations.flatMap(({ names }) =>
      Object.entries(names).map(([one, name]) => `${one}-${name}`),
    );
    assert.deepEqual(
      wanted.filter((name) => !described.includes(name)),
      [],
    );
  });

  it('holds for what travels on a busy day', async () => {
    const setting = await PadchatFixture.start();
    const { simulation } = setting;
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
    const old = await FrameClient.authenticated(setting.url);
    const modern = await FrameClient.connect(`${setting.url}/key`);
    try {
      for (const [code, data] of calls) {
        const entry = operations.find(({ names }) => names.A === code);
        assert.ok(entry);
        assertFits(`A-${code}-command`, { code, cmdId: '1', data });
        const replyIn = (generation: 'A' | 'C', reply: Fields): string => {
          if (reply.success !== true) return `${generation}-failure`;
          return entry.result ? `${generation}-${code}-reply` : `${generation}-done`;
        };
        const inA = await old.call(code, data);
        assertFits(replyIn('A', inA), inA);
        const cmd = entry.names.C ?? '';
        assertFits(`C-${code}-command`, { type: 'user', cmd, cmdId: '1', payload: data });
        const inC = await modern.cmd(cmd, data);
        assertFits(replyIn('C', inC), { type: 'cmdRet', taskId: setting.simulated.bot.id, payload: inC });
      }
      await modern.cmd('syncContact');
      simulation
        .contact('Ming')
        .say({ kind: 'image', name: 'x.png', data: Buffer.from('x') })
        .in('Team');
      simulation.contact('Grace').requestFriend('hello');
      simulation.contact('王芳').rename('周末爬山', '周末');
      setting.simulated.puppetError('the network hiccups');
      await old.nextEvent('error');
      await old.call('disconnect');
      await old.nextEvent('disconnect');
      const told = (client: FrameClient): Frame[] =>
        client.frames.all.filter(({ event }) => event !== 'cmdRet');
      assert.ok(told(old).length > 5 && told(modern).filter(({ event }) => event).length > 5);
      for (const frame of told(old)) assertFits(kindOf('A', frame), frame);
      for (const frame of told(modern)) if (frame.event !== undefined) assertFits(kindOf('C', frame), frame);
    } finally {
      old.close();
      modern.close();
      await setting.stop();
    }
  });
});

/** The message that describes a frame. */
function kindOf(generation: 'A' | 'C', { event = '', data, payload }: Frame): string {
  const kinds: Readonly<Record<string, string>> = {
    reconnect: 'relogin',
    disconnect: 'closed',
    over: 'closed',
    error: 'problem',
    warn: 'problem',
    autoLogin: 'relogin',
  };
  if (event !== 'push') return `${generation}-${kinds[event] ?? event}`;
  const [first] = (generation === 'A' ? data : payload?.list) as readonly Fields[];
  const type = generation === 'A' ? first?.MsgType : first?.msg_type;
  return `${generation}-${type === 2 ? 'contacts' : 'messages'}`;
}
