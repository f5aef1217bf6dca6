/** A bot on WeChat's own bot API in a real Node-RED, against the fake service. */
import assert from 'node:assert/strict';
import { setTimeout as delay } from 'node:timers/promises';
import type { BotLogin, InvitationSummary, PersonSummary } from '../../src/admin/api-types';
import { defaults as botDefaults } from '../../src/nodes/bot/properties';
import { defaults as replyDefaults } from '../../src/nodes/message-reply/properties';
import { defaults as onEventDefaults } from '../../src/nodes/on-event/properties';
import type { Person } from '../support/ilink-service/person';
import { IlinkService } from '../support/ilink-service/service';
import { flow, type NodeRed, startNodeRed } from '../support/node-red';

describe('Node-RED with a bot on iLink', function () {
  this.timeout(120_000);
  let service: IlinkService;
  let nodeRed: NodeRed;
  let ming: Person;

  before(async () => {
    service = await IlinkService.start();
    ming = service.person('Ming');
    const options = JSON.stringify({ baseUrl: service.baseUrl, cdnUrl: service.cdnUrl });
    nodeRed = await startNodeRed({
      flows: flow(
        { ...botDefaults, id: 'bot', type: 'wechat-bot', name: 'Shop', puppet: 'ilink', options },
        { ...onEventDefaults, id: 'in', type: 'wechat-on-event', bot: 'bot', wires: [['reply']] },
        { ...replyDefaults, id: 'reply', type: 'wechat-message-reply', bot: 'bot', wires: [['out']] },
        { id: 'out', type: 'test-sink', wires: [] },
      ),
    });
  });

  after(async () => {
    await nodeRed.stop();
    await service.stop();
    assert.deepEqual(service.violations, []);
  });

  const login = async (): Promise<BotLogin> =>
    (await (await nodeRed.request('wechat/bots/bot/login')).json()) as BotLogin;

  async function loginUntil(status: string): Promise<BotLogin> {
    for (;;) {
      const state = await login();
      if (state.status === status) return state;
      await delay(50);
    }
  }

  /** Says something, and checks that the flow echoes it and says where it went. */
  async function assertEcho(text: string): Promise<void> {
    const count = ming.inbox.length;
    const id = ming.say(text);
    const { payload, sent } = await nodeRed.sink('out').next();
    const delivered = (await ming.received(count + 1)).at(-1);
    assert.equal(payload, text);
    assert.equal(delivered?.text, text);
    assert.deepEqual(sent, { success: [{ id, messageId: delivered.id }], fail: [] });
  }

  it('logs in as the sidebar does: QR code, digits of the phone, confirmation', async () => {
    const { url } = await loginUntil('waiting');
    const code = ming.scan(url ?? '', { digits: '0815' });
    await loginUntil('digits');
    const send = (digits: string): Promise<Response> =>
      nodeRed.request('wechat/bots/bot/digits', { method: 'POST', body: { digits } });
    assert.equal((await send('x')).status, 400);
    assert.equal((await send('1234')).status, 200);
    await loginUntil('digits-wrong');
    assert.equal((await send('0815')).status, 200);
    await loginUntil('scanned');
    ming.confirm(code);
    await nodeRed.status('in', /^ready/);
    assert.equal((await send('0815')).status, 409);
  });

  it('receives a message and replies to it', () => assertEcho('ding'));

  it('needs no new login after Node-RED was killed, and tells what came meanwhile', async () => {
    const codes = service.calls.filter((name) => name === 'get_bot_qrcode').length;
    await nodeRed.kill('SIGKILL');
    const count = ming.inbox.length;
    ming.say('while you were away');
    await nodeRed.start();
    await nodeRed.status('in', /^ready/);
    const delivered = await ming.received(count + 1);
    assert.equal(delivered.at(-1)?.text, 'while you were away');
    await nodeRed.sink('out').next();
    assert.equal(service.calls.filter((name) => name === 'get_bot_qrcode').length, codes);
    await assertEcho('dong');
  });

  it('lists who is connected and invites another person, whom the sidebar can name', async () => {
    const people = async (): Promise<PersonSummary[]> =>
      (await (await nodeRed.request('wechat/bots/bot/people')).json()) as PersonSummary[];
    const [person] = await people();
    assert.deepEqual([person?.id, person?.left, person?.of, person?.held], [ming.userId, 9, 10, 0]);
    const response = await nodeRed.request('wechat/bots/bot/invitations', { method: 'POST', body: {} });
    const { url } = (await response.json()) as InvitationSummary;
    const hua = service.person('Hua');
    hua.scanAndConfirm(url);
    await service.until(
      () => service.botOf(hua.userId)?.polls === 1,
      () => 'Hua has not joined',
    );
    const path = `wechat/bots/bot/people/${encodeURIComponent(hua.userId)}/alias`;
    const named = await nodeRed.request(path, { method: 'POST', body: { alias: '小华' } });
    assert.equal(named.status, 200);
    assert.deepEqual(
      (await people()).map(({ alias }) => alias),
      ['', '小华'],
    );
  });

  it('keeps one poll through redeploys', async () => {
    for (let count = 0; count < 5; count += 1) {
      await nodeRed.deploy(await nodeRed.flows(), 'full');
      await nodeRed.status('in', /^ready/);
    }
    await assertEcho('still one');
    assert.equal(ming.bot.maxPolls, 1);
  });

  it('logs neither tokens nor QR codes', () => {
    const log = nodeRed.logs.all.join('\n');
    for (const secret of [ming.bot.token, ...service.secrets]) assert.ok(!log.includes(secret));
  });
});
