import assert from 'node:assert/strict';
import { mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Bot } from '../../src/bot/bot';
import { assertFailed, FlowTab, withProbes } from '../support/flow-tab';
import { type FlowNode, type NodeRed, startNodeRed } from '../support/node-red';

/** The path of a bot's session file. */
const sessionFile = (nodeRed: NodeRed, id: string): string =>
  join(nodeRed.userDir, 'wechat', id, 'session.json');

describe('wechat-bot node', () => {
  let nodeRed: NodeRed;

  before(async () => {
    nodeRed = await startNodeRed();
  });

  after(() => nodeRed.stop());

  const say: FlowNode = { id: 'say', type: 'wechat-contact-say', to: 'Alice' };
  const withBot = (bot: object): Promise<FlowTab> =>
    FlowTab.deploy(nodeRed, { id: 'bot', type: 'wechat-bot', ...bot }, ...withProbes(say));

  it('is required: nodes without a bot fail', async () => {
    for (const bot of ['', 'nowhere']) {
      const tab = await FlowTab.deploy(nodeRed, ...withProbes({ ...say, bot }));
      const status = await tab.status('say', /^No bot is chosen/);
      assert.deepEqual([status.fill, status.shape], ['red', 'dot']);
      const { error } = assertFailed(await tab.outcome('say', { payload: 'hi' }));
      assert.match(error.message, /choose a bot/);
      assert.equal(error.code, 'INVALID_PARAMS');
    }
  });

  it('does not start without autoStart, and nodes report NOT_LOGGED_IN', async () => {
    const tab = await withBot({ autoStart: false });
    const status = await tab.status('say', 'stopped');
    assert.deepEqual([status.fill, status.shape], ['grey', 'dot']);
    const { error } = assertFailed(await tab.outcome('say', { payload: 'hi' }));
    assert.match(error.message, /^The bot is not logged in \(stopped\)/);
    assert.equal(error.code, 'NOT_LOGGED_IN');
  });

  it('shows invalid settings in the status of its nodes', async () => {
    const missing = await withBot({ puppet: 'wechaty-puppet-nobody' });
    const advice = `npm install --prefix ${nodeRed.userDir} wechaty-puppet-nobody`;
    const { fill, shape, text = '' } = await missing.status('say', /^failed/);
    assert.deepEqual([fill, shape], ['red', 'dot']);
    assert.ok(text.includes(advice), text);
    const { error } = assertFailed(await missing.outcome('say', { payload: 'hi' }));
    assert.ok(error.message.includes(advice), error.message);

    const options = await withBot({ options: '{login: scan}' });
    await options.status('say', /^failed: The bot's options are not a JSON object/);
  });

  it('rejects the token of another bot until that one is removed', async () => {
    const bots = (first: object[]): FlowNode[] => [
      ...(first as FlowNode[]),
      { id: 'second', type: 'wechat-bot', name: 'Second', credentials: { token: 'the same' } },
      { id: 'other', type: 'wechat-contact-say', bot: 'second', wires: [[]] },
    ];
    const first = [
      { id: 'bot', type: 'wechat-bot', name: 'First', credentials: { token: 'the same' } },
      { id: 'say', type: 'wechat-contact-say', wires: [[]] },
    ];
    const tab = await FlowTab.deploy(nodeRed, ...bots(first));
    await tab.status('say', /^ready/);
    await tab.status('other', /^failed: The token of this bot is already in use by the bot First/);
    await tab.redeploy(bots([]));
    await tab.status('other', /^ready/);
  });

  it('can be removed while it waits for a scan', async () => {
    const tab = await withBot({ options: '{"login": "scan"}' });
    await tab.status('say', /^scan the QR code/);
    await tab.redeploy(withProbes({ ...say, bot: '' }));
    await tab.status('say', /^No bot is chosen/);
    await assert.rejects(
      tab.simulation((simulation) => simulation.qrCode),
      /has no simulation/,
    );
  });

  it('completes a redeploy if the bot fails to stop', async () => {
    const tab = await withBot({});
    await tab.ready();
    await nodeRed.evaluate(({ RED }, id) => {
      const { bot } = RED.nodes.getNode(id) as unknown as { bot: Bot };
      const stop = bot.stop.bind(bot);
      bot.stop = async () => {
        await stop();
        throw new Error('the puppet does not stop');
      };
    }, tab.id('bot'));
    await tab.redeploy([{ id: 'bot', type: 'wechat-bot', name: 'Next' }, ...withProbes(say)]);
    await tab.ready();
    await nodeRed.logged(/\[wechat-bot:Shop\] the puppet does not stop/);
  });

  it('keeps its simulation when it is changed and deletes it when it is removed', async () => {
    const tab = await withBot({});
    await tab.ready();
    await tab.simulation((simulation) => simulation.contact('Alice').rename('Team', 'Crew'));
    const topics = (): Promise<string[]> =>
      tab.simulation((simulation) => simulation.rooms().map(({ topic }) => topic));
    await tab.redeploy([{ id: 'bot', type: 'wechat-bot', name: 'Renamed' }, ...withProbes(say)]);
    await tab.ready();
    assert.equal((await topics())[0], 'Crew');
    await tab.redeploy(withProbes(say));
    await tab.redeploy([{ id: 'bot', type: 'wechat-bot' }, ...withProbes(say)]);
    await tab.ready();
    assert.equal((await topics())[0], 'Team');
  });
});

describe('wechat-bot node: session', () => {
  let nodeRed: NodeRed;
  let tab: FlowTab;

  before(async () => {
    nodeRed = await startNodeRed();
    tab = await FlowTab.deploy(
      nodeRed,
      { id: 'bot', type: 'wechat-bot', options: '{"login": "scan"}' },
      { id: 'in', type: 'wechat-on-event', wires: [['out']] },
      { id: 'out', type: 'test-sink', wires: [] },
    );
  });

  after(() => nodeRed.stop());

  it('survives a power cut without a new login, and is readable by its user only', async () => {
    await tab.status('in', /^scan the QR code/);
    await tab.simulation((simulation) => simulation.scan());
    await tab.status('in', 'ready: Bot');
    const file = sessionFile(nodeRed, tab.id('bot'));
    assert.equal((await stat(file)).mode & 0o777, 0o600);

    await nodeRed.kill('SIGKILL');
    const printed = nodeRed.logs.all.length;
    await nodeRed.start();
    await tab.ready();
    assert.ok(!nodeRed.logs.all.slice(printed).some((line) => line.includes('scan the QR code')));
    await tab.simulation((simulation) => void simulation.contact('Ming').say('still there?').to());
    assert.equal((await tab.sink('out').next()).payload, 'still there?');
  });

  it('quarantines a corrupt session file and requires a login', async () => {
    await nodeRed.kill('SIGKILL');
    const file = sessionFile(nodeRed, tab.id('bot'));
    await mkdir(join(file, '..'), { recursive: true });
    await writeFile(file, '{"half of a s');
    await nodeRed.start();
    await tab.status('in', /^scan the QR code/);
    await nodeRed.logged(/could not be read and was kept aside/);
    const names = await readdir(join(file, '..'));
    const aside = names.find((name) => name.startsWith('session.json.corrupt'));
    assert.equal(await readFile(join(file, '..', aside ?? ''), 'utf8'), '{"half of a s');
    await tab.simulation((simulation) => simulation.scan());
    await tab.status('in', 'ready: Bot');
  });
});

describe('Node-RED in Chinese', () => {
  let nodeRed: NodeRed;

  before(async () => {
    // Without `lang`, Node-RED takes the first two letters of the system's language.
    nodeRed = await startNodeRed({ settings: { lang: undefined }, env: { LC_ALL: 'zh_CN.UTF-8' } });
  });

  after(() => nodeRed.stop());

  it('shows statuses and errors in Chinese', async () => {
    const tab = await FlowTab.deployNode(nodeRed, { id: 'say', type: 'wechat-contact-say', to: '张三' });
    await tab.status('say', '就绪：Bot');
    const nobody = assertFailed(await tab.outcome('say', { payload: '你好' }));
    assert.match(
      nobody.error.message,
      /^1 次发送中有 1 次失败，首个原因：没有 id、备注或昵称为 张三 的联系人。$/,
    );
    await tab.status('say', /^1 次发送中有 1 次失败/);
    const empty = assertFailed(await tab.outcome('say', { payload: '' }));
    assert.equal(empty.error.message, '没有要发送的内容：内容为空。');

    await nodeRed.evaluate(({ RED }, id) => {
      const { bot } = RED.nodes.getNode(id) as unknown as { bot: Bot };
      return bot.stop();
    }, tab.id('bot'));
    await tab.status('say', '已停止');
    const stopped = assertFailed(await tab.outcome('say', { payload: '你好' }));
    assert.equal(stopped.error.message, '机器人未登录（已停止）：请启动并登录后重试。');
  });

  it('shows invalid settings of a bot in Chinese', async () => {
    const tab = await FlowTab.deploy(
      nodeRed,
      { id: 'bot', type: 'wechat-bot', options: '[]' },
      { id: 'in', type: 'wechat-on-event', wires: [[]] },
    );
    await tab.status('in', /^失败：机器人的选项不是 JSON 对象/);
  });
});
