import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type DemoBroker, startBroker } from '../../src/demo/broker';
import type { EditorPage } from '../support/editor';
import { freePort } from '../support/free-port';
import type { NodeRed } from '../support/node-red';
import { openEditor, sharedNodeRed, useBrowser } from './fixture';

const { 'node-red': pack } = JSON.parse(
  readFileSync(join(__dirname, '..', '..', 'package.json'), 'utf8'),
) as {
  'node-red': { nodes: Record<string, string> };
};
const types = Object.keys(pack.nodes).filter((type) => type !== 'wechat-bot');

describe('palette: a flow built in the editor', () => {
  useBrowser({ steps: true });
  let nodeRed: NodeRed;
  let broker: DemoBroker;
  let editor: EditorPage;
  const ids = new Map<string, string>();

  before(async function () {
    this.timeout(60_000);
    nodeRed = await sharedNodeRed();
    broker = await startBroker(0);
    await nodeRed.deploy([{ id: 'by-hand', type: 'tab', label: 'By hand' }]);
    editor = await openEditor(nodeRed);
  });
  after(() => broker.stop());

  const idOf = (type: string): string => {
    const id = ids.get(type);
    assert.ok(id !== undefined, `${type} must be on the canvas`);
    return id;
  };

  /** The bot that was created in the first form. */
  const botId = (): Promise<string> =>
    editor.red((red, id) => String(red.nodes.node(id)?.bot), idOf('wechat-on-event'));

  /** Opens a node's form, selects the bot, calls `fill`, and presses Done. */
  async function configure(type: string, fill: () => Promise<void>): Promise<void> {
    await editor.edit(idOf(type));
    await editor.page.locator('#node-input-bot').selectOption({ label: 'Shop' });
    await fill();
    await editor.done();
  }

  const fillField = (field: string, value: string): Promise<void> =>
    editor.page.locator(`#${field}`).fill(value);

  async function fillFreePort(): Promise<void> {
    await fillField('node-input-port', String(await freePort()));
  }

  /** Fills the form of each node, except for the bot. */
  const fillForm: Readonly<Record<string, () => Promise<void>>> = {
    'wechat-on-event': () => Promise.resolve(),
    'wechat-message-reply': () => editor.fillText('node-input-content', 'dong'),
    'wechat-contact-say': async () => {
      await editor.fillText('node-input-to', 'Alice');
      await editor.fillText('node-input-content', 'hello Alice');
    },
    'wechat-room-say': async () => {
      await editor.fillText('node-input-rooms', 'Team');
      await editor.fillText('node-input-content', 'hello all');
    },
    'wechat-room-find': () => editor.fillText('node-input-query', 'Team'),
    'wechat-command': async () => {
      await editor.page.locator('#node-input-command').pressSequentially('contactFind');
      await editor.page.getByRole('option', { name: /^contactFindAll/ }).click();
    },
    'wechat-openwx-remote': fillFreePort,
    'wechat-padchat-remote': fillFreePort,
    'wechat-wxbot-remote': fillFreePort,
    // No server listens there; the node retries.
    'wechat-wehelp-remote': async () =>
      fillField('node-input-pollUrl', `http://127.0.0.1:${await freePort()}/`),
    'wechat-mqtt-remote': () => fillField('node-input-url', `mqtt://127.0.0.1:${broker.port}`),
  };

  /** The expected status of nodes that do not show the bot's state. */
  const expectedStatus: Readonly<Record<string, RegExp>> = {
    'wechat-mqtt-remote': /^connected/,
    'wechat-openwx-remote': /^listening/,
    'wechat-wehelp-remote': /^reconnecting/,
    'wechat-padchat-remote': /^listening/,
    'wechat-wxbot-remote': /^listening/,
  };

  it('adds every node from one palette category', async () => {
    for (const [index, type] of types.entries()) {
      ids.set(type, await editor.drag(type, { x: 120 + (index % 2) * 300, y: 60 + index * 60 }));
    }
    const categories = await editor.page
      .locator('.red-ui-palette-category', { has: editor.page.locator('[data-palette-type^="wechat-"]') })
      .allInnerTexts();
    assert.equal(categories.length, 1);
    assert.match(categories[0] ?? '', /^\s*wechat/i);
  });

  it('creates a bot from the form of a node', async () => {
    await editor.edit(idOf('wechat-on-event'));
    await editor.editBot('add');
    await fillField('node-config-input-name', 'Shop');
    await editor.done('bot');
    await editor.done();
  });

  it('configures every node', async () => {
    for (const type of types) {
      await configure(type, fillForm[type] ?? assert.fail(`no form is defined for ${type}`));
    }
  });

  it('connects and deploys the nodes', async () => {
    const debug = await editor.drag('debug', { x: 700, y: 300 });
    await editor.wire(idOf('wechat-on-event'), idOf('wechat-message-reply'));
    await editor.wire(idOf('wechat-room-find'), debug);
    await editor.wire(idOf('wechat-command'), debug);
    await editor.deploy();
    for (const type of types) {
      await editor
        .status(idOf(type))
        .getByText(expectedStatus[type] ?? 'ready: Bot')
        .waitFor();
    }
  });

  it('replies to a message', async () => {
    const answer = await nodeRed.simulation(await botId(), async (simulation) => {
      const said = simulation.contact('Ming').say('ding').to(simulation.self);
      return (await simulation.nextReply(said)).text;
    });
    assert.equal(answer, 'dong');
  });

  it('sends to a contact and a room', async () => {
    const said = nodeRed.simulation(await botId(), async (simulation) => {
      const both = ['Alice', 'Team'].map((conversation) => simulation.nextMessage({ conversation }));
      return (await Promise.all(both)).map(({ text: words }) => words);
    });
    for (const type of ['wechat-contact-say', 'wechat-room-say']) await nodeRed.send(idOf(type), {});
    assert.deepEqual(await said, ['hello Alice', 'hello all']);
  });

  it('shows the results of room-find and command in the debug sidebar', async () => {
    await editor.showSidebar('debug');
    const shown = editor.page.locator('.red-ui-debug-msg');
    for (const [type, answer] of [
      ['wechat-room-find', /Team/],
      ['wechat-command', /array\[8\]/],
    ] as const) {
      await nodeRed.send(idOf(type), {});
      await shown.filter({ hasText: answer }).first().waitFor();
    }
  });

  it('shows a validation message before the deploy', async () => {
    await editor.edit(idOf('wechat-mqtt-remote'));
    const field = editor.page.locator('#node-input-outboxMaxMb');
    await field.clear();
    await field.pressSequentially('-1');
    await editor.page.locator('#node-input-outboxMaxMb.input-error').waitFor();
    await field.hover();
    await editor.page.locator('.red-ui-popover', { hasText: /Outbox.*: \w+ \w+/ }).waitFor();
    await editor.cancel();
  });

  it('keeps the configuration after a reload', async () => {
    await editor.reload();
    const form = await editor.edit(idOf('wechat-contact-say'));
    assert.equal(await form.locator('#node-input-to').inputValue(), 'Alice');
    await editor.cancel();
  });
});
