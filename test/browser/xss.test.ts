import assert from 'node:assert/strict';
import type { Locator } from 'playwright-core';
import type { EditorPage } from '../support/editor';
import type { FlowNode, NodeRed } from '../support/node-red';
import { newNode } from './new-node';
import { openEditor, sharedNodeRed, useBrowser } from './fixture';

/** A text with which an attacker tries to run a script in the editor. */
const xssPayload = (what: string): string => `<img src=x onerror="window.attacked='${what}'"><b>${what}</b>`;

const nodeProperties = { z: 'xss', x: 200, bot: 'xss-bot', wires: [[]] };
const content = { content: 'hello', contentValueType: 'str' };
const flows: FlowNode[] = [
  { id: 'xss', type: 'tab', label: 'XSS' },
  newNode({ id: 'xss-bot', type: 'wechat-bot', name: xssPayload('bot') }),
  newNode({
    ...nodeProperties,
    id: 'xss-in',
    type: 'wechat-on-event',
    y: 100,
    events: [],
    includeSelf: true,
    wires: [['xss-debug']],
  }),
  newNode({ ...nodeProperties, ...content, id: 'xss-say', type: 'wechat-room-say', y: 200 }),
  newNode({ ...nodeProperties, ...content, id: 'xss-to', type: 'wechat-contact-say', y: 300 }),
  {
    id: 'xss-debug',
    type: 'debug',
    z: 'xss',
    x: 450,
    y: 100,
    active: true,
    tosidebar: true,
    tostatus: true,
    complete: 'payload',
    targetType: 'msg',
    statusVal: 'payload',
    statusType: 'msg',
    wires: [],
  },
];

describe('XSS: names and messages', () => {
  useBrowser();
  let nodeRed: NodeRed;
  let editor: EditorPage;
  let sidebar: Locator;

  before(async function () {
    this.timeout(60_000);
    nodeRed = await sharedNodeRed();
    await nodeRed.deploy(flows);
    editor = await openEditor(nodeRed);
    sidebar = editor.page.locator('.wechat-sidebar');
    await editor.status('xss-in').getByText('ready').waitFor();
    await nodeRed.simulation(
      'xss-bot',
      (simulation, [name, topic, words, file]) => {
        const [ming, room] = [simulation.contact('wxid_ming'), simulation.room('Team')];
        ming.changeName(name);
        ming.rename(room, topic);
        ming.say(words).to(simulation.self);
        ming.say(words).in(room);
        ming.say({ kind: 'file', name: file, data: Buffer.from('x') }).to(simulation.self);
      },
      [xssPayload('name'), xssPayload('topic'), xssPayload('words'), `${xssPayload('file')}.txt`] as const,
    );
    await editor.showSidebar('wechat');
  });

  afterEach('no injected script has run', async () => {
    assert.equal(await editor.page.evaluate('window.attacked'), undefined);
  });

  const show = (section: string): Promise<void> => sidebar.getByRole('tab', { name: section }).click();

  it('are escaped in the accounts section', async () => {
    await sidebar.locator('.wechat-card-name', { hasText: xssPayload('bot') }).waitFor();
  });

  it('are escaped in the messenger', async () => {
    await show('Simulator');
    await sidebar
      .getByRole('option')
      .filter({ hasText: xssPayload('topic') })
      .waitFor();
    await sidebar
      .getByRole('option')
      .filter({ hasText: xssPayload('name') })
      .click();
    const log = sidebar.getByRole('log');
    await log.locator('.wechat-bubble', { hasText: xssPayload('words') }).waitFor();
    await log.getByText('<b>file</b>').first().waitFor();
    const back = sidebar.getByRole('button', { name: 'Back to the conversations' });
    if (await back.isVisible()) await back.click();
    await sidebar
      .getByRole('option')
      .filter({ hasText: xssPayload('topic') })
      .click();
    await sidebar.locator('.wechat-chat-name', { hasText: xssPayload('topic') }).waitFor();
  });

  it('are escaped in the activity section', async () => {
    await show('Activity');
    const entry = sidebar.locator('.wechat-entry', { hasText: xssPayload('words') }).first();
    await entry.getByRole('button').first().click();
    assert.ok((await entry.locator('pre').innerText()).includes('<b>words</b>'));
  });

  it('are escaped in the debug sidebar and in statuses', async () => {
    await editor.showSidebar('debug');
    await editor.page.locator('.red-ui-debug-msg', { hasText: '<b>words</b>' }).first().waitFor();
    await editor.status('xss-debug').filter({ hasText: /./ }).waitFor();
  });

  it('are escaped in name suggestions, which match any name', async () => {
    for (const [node, field, query, shown] of [
      ['xss-say', '#node-input-rooms-value', 'topic', xssPayload('topic')],
      ['xss-to', '#node-input-to-value', '小明', xssPayload('name')],
    ] as const) {
      const form = await editor.openForm(node);
      const picker = form.locator(field);
      await picker.pressSequentially(query);
      const option = form.getByRole('option').filter({ hasText: shown });
      await option.waitFor();
      await picker.press('ArrowDown');
      await picker.press('Enter');
      assert.match(await picker.inputValue(), /^(wxid_ming|\d+@chatroom)$/);
      await form.locator('.wechat-who').filter({ hasText: /\w/ }).first().waitFor();
      await editor.cancel();
    }
  });

  it('are escaped in the filter preview', async () => {
    const form = await editor.openForm('xss-in');
    await form.locator('#wechat-preview-try').click();
    await form.locator('#wechat-preview-list li', { hasText: '<b>words</b>' }).first().waitFor();
    await editor.cancel();
  });
});
