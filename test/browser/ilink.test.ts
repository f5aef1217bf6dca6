/** WeChat's own bot API in the sidebar: digits of the phone, people, quotas, invitations. */
import assert from 'node:assert/strict';
import type { Locator } from 'playwright-core';
import type { EditorPage } from '../support/editor';
import type { LoginCode } from '../support/ilink-service/logins';
import type { Person } from '../support/ilink-service/person';
import { IlinkService } from '../support/ilink-service/service';
import { type NodeRed, startNodeRed } from '../support/node-red';
import { openEditor, useBrowser } from './fixture';
import { newNode } from './new-node';

describe('a bot on iLink in the sidebar', () => {
  useBrowser({ steps: true });
  let service: IlinkService;
  let nodeRed: NodeRed;
  let editor: EditorPage;
  let card: Locator;
  let ming: Person;
  let code: LoginCode;

  before(async function () {
    this.timeout(60_000);
    service = await IlinkService.start();
    ming = service.person('Ming');
    const options = JSON.stringify({ baseUrl: service.baseUrl, cdnUrl: service.cdnUrl });
    nodeRed = await startNodeRed({
      flows: [
        { id: 'tab', type: 'tab', label: 'iLink' },
        newNode({ id: 'bot', type: 'wechat-bot', name: 'Shop', puppet: 'ilink', options }),
        newNode({ id: 'in', type: 'wechat-on-event', z: 'tab', x: 200, y: 100, bot: 'bot', wires: [[]] }),
      ],
    });
    editor = await openEditor(nodeRed);
    await editor.showSidebar('wechat');
    card = editor.page.locator('.wechat-sidebar').getByRole('region', { name: 'Shop' });
  });
  after(async () => {
    await nodeRed.stop();
    await service.stop();
  });

  it('asks for the digits of the phone', async () => {
    await card.getByRole('img', { name: 'QR code to log in' }).waitFor();
    code = ming.scan((await service.nextCode()).url, { digits: '0815' });
    await card.getByText('The phone shows digits.').waitFor();
    await card.getByRole('textbox', { name: 'Digits of the phone' }).fill('1234');
    await card.getByRole('button', { name: 'Send' }).click();
    await card.getByText('These are not the digits').waitFor();
    await card.getByRole('textbox', { name: 'Digits of the phone' }).fill('0815');
    await card.getByRole('textbox', { name: 'Digits of the phone' }).press('Enter');
    await card.getByText('Now confirm on the phone').waitFor();
    ming.confirm(code);
    await card.getByText('ready').waitFor();
  });

  it('shows who is connected, and what may be sent', async () => {
    await card.getByText('People', { exact: true }).click();
    await card.getByText('Nothing may be sent until this person writes.').waitFor();
    ming.say('hello');
    await card.getByText('10 of 10 left, 24 h').waitFor();
    const name = card.getByRole('textbox', { name: 'Name of this person' });
    await name.fill('小明');
    await name.press('Tab');
  });

  it('invites another person', async () => {
    await card.getByRole('button', { name: 'Add a person' }).click();
    await card.getByRole('img', { name: 'QR code to join the bot' }).waitFor();
    const hua = service.person('Hua');
    hua.scanAndConfirm((await service.nextCode()).url);
    const names = card.getByRole('textbox', { name: 'Name of this person' });
    await names.nth(1).waitFor();
    assert.equal(await names.nth(0).inputValue(), '小明');
  });

  it('is offered in the form of the bot, with its options', async () => {
    await editor.edit('in');
    const form = await editor.editBot('edit');
    await form.getByText('WeChat, official bot (iLink)').waitFor();
    await form.getByText('Needs: WeChat 8.0.70').waitFor();
    await editor.cancel('bot');
    await editor.cancel();
  });
});
