import assert from 'node:assert/strict';
import type { Locator } from 'playwright-core';
import type { EditorPage } from '../support/editor';
import { type NodeRed, startNodeRed } from '../support/node-red';
import { openEditor, useBrowser } from './fixture';

describe('simulator section: from a stopped bot to a conversation', () => {
  useBrowser({ steps: true });
  let nodeRed: NodeRed;
  let editor: EditorPage;
  let sidebar: Locator;
  let card: Locator;
  let banner: Locator;

  before(async function () {
    this.timeout(60_000);
    nodeRed = await startNodeRed({
      flows: [
        { id: 'steps', type: 'tab', label: 'Steps' },
        {
          id: 'steps-bot',
          type: 'wechat-bot',
          name: 'Shop',
          puppet: 'simulator',
          options: '{"login": "scan"}',
          autoStart: false,
        },
        { id: 'steps-in', type: 'wechat-on-event', z: 'steps', bot: 'steps-bot', events: [], wires: [[]] },
      ],
    });
    editor = await openEditor(nodeRed);
    await editor.showSidebar('wechat');
    sidebar = editor.page.locator('.wechat-sidebar');
    banner = sidebar.locator('.wechat-messenger .wechat-banner');
    card = sidebar.getByRole('region', { name: 'Shop' });
  });
  after(() => nodeRed.stop());

  const show = (section: string): Promise<void> => sidebar.getByRole('tab', { name: section }).click();
  const conversation = (name: string): Locator =>
    sidebar.getByRole('option', { name: new RegExp(`^${name}`) });

  it('shows how to start the bot, without a failing request', async () => {
    await show('Simulator');
    await sidebar.getByText('Start the bot, and its simulated WeChat begins.').waitFor();
    await banner.getByRole('button', { name: 'Start' }).click();
    await banner.getByRole('button', { name: 'Scan the QR code' }).waitFor();
  });

  it('shows a scanned code and offers the confirmation', async () => {
    await sidebar.getByRole('button', { name: 'Phone and faults' }).click();
    const phone = sidebar.getByRole('region', { name: 'Phone and faults' });
    await phone.getByRole('button', { name: 'Scan the QR code' }).click();
    await phone.getByRole('button', { name: 'Confirm on the phone' }).waitFor();
    await banner.getByText('Scanned. Now confirm on the phone.').waitFor();
    await show('Accounts');
    await card.locator('.wechat-code-words').getByText('Scanned. Now confirm on the phone.').waitFor();
    await show('Simulator');
    await banner.getByRole('button', { name: 'Confirm on the phone' }).click();
    await banner.waitFor({ state: 'hidden' });
    await phone.getByRole('button', { name: 'Scan the QR code' }).waitFor();
    await show('Accounts');
    await card.getByText('ready: Bot').waitFor();
  });

  it('mentions everyone in a room', async () => {
    await show('Simulator');
    await conversation('Team').click();
    await sidebar.getByRole('textbox', { name: 'Write a message' }).pressSequentially('@every');
    await sidebar.getByRole('option', { name: /everybody/ }).click();
    await editor.page.keyboard.type('hi');
    await editor.page.keyboard.press('Enter');
    await sidebar.getByRole('log').getByText('hi').waitFor();
    const mentioned = await nodeRed.simulation('steps-bot', (simulation) => {
      const said = simulation.messages({ conversation: 'Team' }).at(-1);
      return { text: said?.text, bot: said?.mentionIds.includes(simulation.self.id) };
    });
    assert.deepEqual(mentioned, { text: '@所有人\u2005hi', bot: true });
  });

  it('shows a recall in the list of conversations, also after a reload', async () => {
    await sidebar.getByRole('button', { name: 'Back to the conversations' }).click();
    await nodeRed.simulation('steps-bot', (simulation) => {
      const ming = simulation.contact('Ming');
      ming.recall(ming.say('oops').to());
    });
    await conversation('Ming').getByText('Ming recalled a message').waitFor();
    await editor.reload();
    await editor.showSidebar('wechat');
    await show('Simulator');
    await conversation('Ming').getByText('Ming recalled a message').waitFor();
  });
});
