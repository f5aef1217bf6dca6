import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Editor, EditorOptions } from '../support/editor';
import type { FlowNode, NodeRed } from '../support/node-red';
import { root } from '../support/package-install';
import { violations } from './accessibility';
import { newNode } from './new-node';
import { openEditor, sharedNodeRed, useBrowser } from './fixture';

const { 'node-red': pack } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
  'node-red': { nodes: Record<string, string> };
};
const types = Object.keys(pack.nodes).filter((type) => type !== 'wechat-bot');

const bot = newNode({ id: 'looks-bot', type: 'wechat-bot', name: 'Shop' });
const flows: FlowNode[] = [
  { id: 'looks', type: 'tab', label: 'Looks' },
  bot,
  ...types.map((type, index) =>
    newNode({
      id: `looks-${type}`,
      type,
      z: 'looks',
      x: 200 + (index % 2) * 300,
      y: 80 + index * 60,
      bot: bot.id,
      wires: [],
    }),
  ),
  { id: 'lacking', type: 'tab', label: 'Lacking' },
  ...types.map((type, index) => ({
    id: `lacking-${type}`,
    type,
    z: 'lacking',
    x: 200,
    y: 80 + index * 40,
    wires: [],
  })),
];

/** What a text looks like when nobody has translated it: its key. */
const key = /(^|\s)[a-z]+(\.[a-zA-Z]+)+(\s|$)/;

/** Keys that stand for themselves, such as the names of properties of a message. */
const noKey = /\b(msg|wechat|flow|global|env|fa|node|e|i)\.|\.(js|com|org|png|txt|json)\b/;

describe('the looks of it', () => {
  useBrowser();
  let nodeRed: NodeRed;

  before(async function () {
    this.timeout(60_000);
    nodeRed = await sharedNodeRed();
    await nodeRed.deploy(flows);
  });

  const looks = [
    { theme: 'light', language: 'en-US' },
    { theme: 'dark', language: 'zh-CN' },
    { theme: 'light', language: 'en-US', size: { width: 1000, height: 600 } },
  ] as const satisfies EditorOptions[];

  for (const look of looks) {
    const { theme, language } = look;
    const chinese = language === 'zh-CN';
    const narrow = 'size' in look;
    describe(`${theme}, ${language}${narrow ? ', in a small window' : ''}`, () => {
      let editor: Editor;
      before(async function () {
        this.timeout(60_000);
        editor = await openEditor(nodeRed, look);
      });

      /** What is wrong with what stands in this place: words nobody translated, and what axe-core finds. */
      async function assertGood(place: string): Promise<void> {
        const words = await editor.page.locator(place).first().innerText();
        const untranslated = words.split('\n').filter((line) => key.test(line) && !noKey.test(line));
        assert.deepEqual(untranslated, [], place);
        if (chinese) assert.match(words, /[\u4e00-\u9fff]/, place);
        assert.deepEqual(await violations(editor.page, place), [], place);
      }

      it('names the nodes in the palette and has a picture for each', async () => {
        for (const type of types) {
          const node = editor.paletteNode(type);
          const name = await node.innerText();
          assert.doesNotMatch(name, key);
          const icon = await node.locator('.red-ui-palette-icon').getAttribute('style');
          assert.match(icon ?? '', /icons\/.*wechat-[a-z]+\.svg/);
        }
      });

      if (narrow) {
        it('the forms of nodes that were saved without their properties', async () => {
          for (const type of types) {
            await editor.openForm(`lacking-${type}`);
            await editor.cancel();
          }
          await editor.assertClean();
        });
      }

      for (const type of narrow ? [] : types) {
        it(`the form of ${type}`, async () => {
          await editor.openForm(`looks-${type}`);
          try {
            await assertGood('#dialog-form');
          } finally {
            await editor.cancel();
          }
        });
      }

      if (!narrow) {
        it('the form of a bot', async () => {
          await editor.openForm('looks-wechat-on-event');
          await editor.editBot('edit');
          try {
            await assertGood('#node-config-dialog-edit-form');
          } finally {
            await editor.cancel('bot');
            await editor.cancel();
          }
        });

        it('the help of every node', async () => {
          for (const type of [...types, 'wechat-bot']) {
            const help = await editor.help(type);
            assert.ok(help.length > 200, `${type}: ${help}`);
            assert.equal(/[\u4e00-\u9fff]{4}/.test(help), chinese, type);
          }
        });
      }

      it('every section of the sidebar', async () => {
        await editor.showSidebar('wechat');
        for (const section of ['accounts', 'simulator', 'activity']) {
          await editor.page.locator(`#wechat-tab-${section}`).click();
          if (section === 'simulator') {
            await editor.page.locator('.wechat-sidebar [role=option]').first().click();
            await editor.page.locator('.wechat-sidebar [role=log]').waitFor();
          }
          await assertGood('.wechat-sidebar');
        }
      });

      it('can be used without a mouse', async () => {
        await editor.showSidebar('wechat');
        const { page } = editor;
        await page.locator('#wechat-tab-accounts').focus();
        await page.keyboard.press('ArrowRight');
        await page.locator('#wechat-tab-simulator:focus').waitFor();
        assert.equal(await page.locator('#wechat-tab-simulator').getAttribute('aria-selected'), 'true');
      });
    });
  }
});
