import assert from 'node:assert/strict';
import type { Locator } from 'playwright-core';
import type { EditorPage } from '../support/editor';
import { type NodeRed, startNodeRed } from '../support/node-red';
import { newNode } from './new-node';
import { openEditor, useBrowser } from './fixture';

/** bcrypt hash of `password`, for both users. */
const password = '$2b$04$TzbpsN1iUgkihzG8K.r80OSzA68IF24/6WKmNzojj241tkRdetxJi';
const adminAuth = {
  type: 'credentials',
  users: [
    { username: 'owner', password, permissions: '*' },
    { username: 'guest', password, permissions: 'read' },
  ],
};

describe('login by QR code, with adminAuth and httpAdminRoot', () => {
  useBrowser({ steps: true });
  let nodeRed: NodeRed;
  let editor: EditorPage;
  let sidebar: Locator;
  let card: Locator;
  let phone: Locator;

  before(async function () {
    this.timeout(60_000);
    nodeRed = await startNodeRed({
      settings: { adminAuth, httpAdminRoot: '/red' },
      flows: [
        { id: 'login', type: 'tab', label: 'Login' },
        newNode({ id: 'login-bot', type: 'wechat-bot', name: 'Shop', options: '{"login": "scan"}' }),
        newNode({
          id: 'login-in',
          type: 'wechat-on-event',
          z: 'login',
          x: 200,
          y: 100,
          bot: 'login-bot',
          wires: [[]],
        }),
      ],
    });
    editor = await openEditor(nodeRed, { user: { username: 'owner', password: 'password' } });
    await editor.showSidebar('wechat');
    sidebar = editor.page.locator('.wechat-sidebar');
    card = sidebar.getByRole('region', { name: 'Shop' });
    phone = sidebar.getByRole('region', { name: 'Phone and faults' });
  });
  after(() => nodeRed.stop());

  const show = (section: string): Promise<void> => sidebar.getByRole('tab', { name: section }).click();
  const status = (): Locator => editor.status('login-in');

  it('shows the code and its expiry in the sidebar', async () => {
    await card.getByRole('img', { name: 'QR code to log in' }).waitFor();
    assert.match(await card.locator('.wechat-code-left').innerText(), /\d/);
    await status().getByText('scan the QR code').waitFor();
  });

  it('saves the code as an image', async () => {
    const download = editor.page.waitForEvent('download');
    await card.getByRole('button', { name: 'Save as image' }).click();
    assert.match((await download).suggestedFilename(), /\.png$/);
  });

  it('shows the code in the form of the bot', async () => {
    await editor.edit('login-in');
    const form = await editor.editBot('edit');
    await form.getByRole('img', { name: 'QR code to log in' }).waitFor();
    await editor.cancel('bot');
    await editor.cancel();
  });

  it('rejects a wrong code', async () => {
    await show('Simulator');
    await sidebar.getByRole('button', { name: 'Phone and faults' }).click();
    editor.allow(/409/);
    await phone.getByRole('button', { name: 'Scan a wrong code' }).click();
    await phone
      .getByRole('alert')
      .getByText(/\w+ \w+/)
      .waitFor();
    await status().getByText('scan the QR code').waitFor();
  });

  it('replaces an expired code', async () => {
    const pattern = async (): Promise<string | null> => {
      await show('Accounts');
      return card.getByRole('img', { name: 'QR code to log in' }).locator('path').getAttribute('d');
    };
    const first = await pattern();
    await show('Simulator');
    await phone.getByRole('button', { name: 'Let the code run out' }).click();
    await phone.getByRole('status').getByText(/\w+/).waitFor();
    await show('Accounts');
    await editor.page.waitForFunction(
      `document.querySelector('.wechat-card [role=img] path')?.getAttribute('d') !== ${JSON.stringify(first)}`,
    );
    assert.ok(await pattern());
  });

  it('logs in after scan and confirmation', async () => {
    await show('Simulator');
    await phone.getByRole('button', { name: 'Scan the QR code' }).click();
    await status().getByText('confirm on the phone').waitFor();
    await phone.getByRole('button', { name: 'Confirm on the phone' }).click();
    await status().getByText('ready: Bot').waitFor();
    await show('Accounts');
    await card.getByText('ready: Bot').waitFor();
    await card.getByRole('img', { name: 'QR code to log in' }).waitFor({ state: 'hidden' });
  });

  it('logs out from the phone, and from the card after a confirmation', async () => {
    await show('Simulator');
    await phone.getByRole('button', { name: 'Log out on the phone' }).click();
    await status()
      .getByText(/scan the QR code|logged out/)
      .waitFor();
    await nodeRed.simulation('login-bot', (simulation) => simulation.scan());
    await show('Accounts');
    await card.getByText('ready: Bot').waitFor();
    await card.getByRole('button', { name: 'Log out' }).click();
    await editor.page.locator('.red-ui-notification').getByRole('button', { name: 'Log out' }).click();
    await card.getByRole('img', { name: 'QR code to log in' }).waitFor();
  });

  it('shows no code and disabled buttons to a read-only user', async () => {
    const guest = await openEditor(nodeRed, { user: { username: 'guest', password: 'password' } });
    await guest.showSidebar('wechat');
    const seen = guest.page.locator('.wechat-sidebar').getByRole('region', { name: 'Shop' });
    await seen.getByText(/scan the QR code/).waitFor();
    for (const button of await seen.getByRole('button').all()) assert.ok(await button.isDisabled());
    assert.equal(await seen.getByRole('img', { name: 'QR code to log in' }).count(), 0);
    assert.ok(!(await guest.page.content()).includes('login.weixin'));
  });
});
