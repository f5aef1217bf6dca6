import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { EditorPage } from '../support/editor';
import type { FlowNode } from '../support/node-red';
import { packName, root } from '../support/package-install';
import { openEditor, sharedNodeRed, useBrowser } from './fixture';

const folder = join(root, 'examples');
const examples = readdirSync(folder).map((file) => file.replace(/\.json$/, ''));

/** An example's tab, and those of its nodes that show the bot's state as status. */
function partsOf(example: string): { tab: string; listeners: string[] } {
  const nodes = JSON.parse(readFileSync(join(folder, `${example}.json`), 'utf8')) as FlowNode[];
  const tab = nodes.find(({ type }) => type === 'tab')?.id ?? assert.fail(`${example} must have a tab`);
  const listeners = nodes.filter(({ type, z }) => /^wechat-(?!.*remote)/.test(type) && z === tab);
  return { tab, listeners: listeners.map(({ id }) => id) };
}

describe('import menu: examples', () => {
  useBrowser({ steps: true });
  let editor: EditorPage;

  before(async function () {
    this.timeout(60_000);
    const nodeRed = await sharedNodeRed();
    await nodeRed.deploy([{ id: 'examples', type: 'tab', label: 'Mine' }]);
    editor = await openEditor(nodeRed);
  });

  /** Menu → Import → Examples → this module → the example → Import. */
  async function importExample(name: string): Promise<void> {
    const { page } = editor;
    await page.locator('#red-ui-header-button-sidemenu').click();
    await page.locator('#menu-item-import').click();
    const dialog = page.locator('#red-ui-clipboard-dialog');
    await dialog.getByRole('link', { name: 'Examples' }).click();
    const library = dialog.locator('#red-ui-clipboard-dialog-import-tab-examples');
    await library.getByText(packName, { exact: true }).click();
    const take = page.locator('#red-ui-clipboard-dialog-ok');
    // A click on an entry that is still moving selects nothing.
    do await library.getByText(name, { exact: true }).click();
    while (await take.isDisabled());
    await take.click();
    await dialog.waitFor({ state: 'hidden' });
  }

  for (const example of examples) {
    it(`imports and deploys ${example}`, async () => {
      await importExample(example);
      const invalid = await editor.red((red) => {
        const found: string[] = [];
        red.nodes.eachNode(({ type, name, valid }) => {
          if (valid === false) found.push(`${type} ${name ?? ''}`);
        });
        return found;
      });
      assert.deepEqual(invalid, []);
      await editor.deploy();
      const { tab, listeners } = partsOf(example);
      await editor.showFlow(tab);
      for (const id of listeners) {
        await editor.status(id).getByText('ready: Bot').waitFor({ state: 'attached' });
      }
      // All examples contain the same bot: the next one would add a copy of it.
      await editor.page.locator('#red-ui-workspace-chart').click({ position: { x: 700, y: 500 } });
      await editor.page.keyboard.press('Control+z');
    });
  }
});
