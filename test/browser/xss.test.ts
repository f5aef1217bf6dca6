import assert from 'node:assert/strict';
import type { Locator } from 'playwright-core';
import type { Editor } from '../support/editor';
import type { FlowNode, NodeRed } from '../support/node-red';
import { newNode } from './new-node';
import { openEditor, sharedNodeRed, useBrowser } from './fixture';

/** What a stranger writes to get a script of theirs into the editor. */
const attack = (what: string): string => `<img src=x onerror="window.attacked='${what}'"><b>${what}</b>`;

const place = { z: 'strangers', x: 200, bot: 'stranger-bot', wires: [[]] };
const hello = { content: 'hello', contentValueType: 'str' };
const flows: FlowNode[] = [
  { id: 'strangers', type: 'tab', label: 'Strangers' },
  newNode({ id: 'stranger-bot', type: 'wechat-bot', name: attack('bot') }),
  newNode({
    ...place,
    id: 'stranger-in',
    type: 'wechat-on-event',
    y: 100,
    events: [],
    includeSelf: true,
    wires: [['stranger-debug']],
  }),
  newNode({ ...place, ...hello, id: 'stranger-say', type: 'wechat-room-say', y: 200 }),
  newNode({ ...place, ...hello, id: 'stranger-to', type: 'wechat-contact-say', y: 300 }),
  {
    id: 'stranger-debug',
    type: 'debug',
    z: 'strangers',
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

describe('names and words of strangers', () => {
  useBrowser();
  let nodeRed: NodeRed;
  let editor: Editor;
  let sidebar: Locator;

  before(async function () {
    this.timeout(60_000);
    nodeRed = await sharedNodeRed();
    await nodeRed.deploy(flows);
    editor = await openEditor(nodeRed);
    sidebar = editor.page.locator('.wechat-sidebar');
    await editor.status('stranger-in').getByText('ready').waitFor();
    await nodeRed.world(
      'stranger-bot',
      (world, [name, topic, words, file]) => {
        const [ming, room] = [world.contact('wxid_ming'), world.room('Team')];
        ming.changeName(name);
        ming.rename(room, topic);
        ming.say(words).to(world.self);
        ming.say(words).in(room);
        ming.say({ kind: 'file', name: file, data: Buffer.from('x') }).to(world.self);
      },
      [attack('name'), attack('topic'), attack('words'), `${attack('file')}.txt`] as const,
    );
    await editor.showSidebar('wechat');
  });

  afterEach('nothing of theirs has run', async () => {
    assert.equal(await editor.page.evaluate('window.attacked'), undefined);
  });

  const show = (section: string): Promise<void> => sidebar.getByRole('tab', { name: section }).click();

  it('are text in the accounts', async () => {
    await sidebar.locator('.wechat-card-name', { hasText: attack('bot') }).waitFor();
  });

  it('are text in the messenger', async () => {
    await show('Simulator');
    await sidebar
      .getByRole('option')
      .filter({ hasText: attack('topic') })
      .waitFor();
    await sidebar
      .getByRole('option')
      .filter({ hasText: attack('name') })
      .click();
    const log = sidebar.getByRole('log');
    await log.locator('.wechat-bubble', { hasText: attack('words') }).waitFor();
    await log.getByText('<b>file</b>').first().waitFor();
    const back = sidebar.getByRole('button', { name: 'Back to the conversations' });
    if (await back.isVisible()) await back.click();
    await sidebar
      .getByRole('option')
      .filter({ hasText: attack('topic') })
      .click();
    await sidebar.locator('.wechat-chat-name', { hasText: attack('topic') }).waitFor();
  });

  it('are text in the activity', async () => {
    await show('Activity');
    const entry = sidebar.locator('.wechat-entry', { hasText: attack('words') }).first();
    await entry.getByRole('button').first().click();
    assert.ok((await entry.locator('pre').innerText()).includes('<b>words</b>'));
  });

  it('are text in the debug sidebar and below nodes', async () => {
    await editor.showSidebar('debug');
    await editor.page.locator('.red-ui-debug-msg', { hasText: '<b>words</b>' }).first().waitFor();
    await editor.status('stranger-debug').filter({ hasText: /./ }).waitFor();
  });

  it('are text in the pickers, which find them by any name', async () => {
    for (const [node, field, query, shown] of [
      ['stranger-say', '#node-input-rooms-value', 'topic', attack('topic')],
      ['stranger-to', '#node-input-to-value', '小明', attack('name')],
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

  it('are text in the preview of filters', async () => {
    const form = await editor.openForm('stranger-in');
    await form.locator('#wechat-preview-try').click();
    await form.locator('#wechat-preview-list li', { hasText: '<b>words</b>' }).first().waitFor();
    await editor.cancel();
  });
});
