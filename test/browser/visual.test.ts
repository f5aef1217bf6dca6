import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { EditorPage, EditorOptions } from '../support/editor';
import type { FlowNode, NodeRed } from '../support/node-red';
import { root } from '../support/package-install';
import { violations } from './accessibility';
import { newNode } from './new-node';
import { openEditor, sharedNodeRed, useBrowser } from './fixture';

const { 'node-red': pack } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
  'node-red': { nodes: Record<string, string> };
};
const types = Object.keys(pack.nodes).filter((type) => type !== 'wechat-bot');

const bot = newNode({ id: 'visual-bot', type: 'wechat-bot', name: 'Shop' });
const flows: FlowNode[] = [
  { id: 'visual', type: 'tab', label: 'Visual' },
  bot,
  ...types.map((type, index) =>
    newNode({
      id: `visual-${type}`,
      type,
      z: 'visual',
      x: 200 + (index % 2) * 300,
      y: 80 + index * 60,
      bot: bot.id,
      wires: [],
    }),
  ),
];

/** An untranslated text: a key of the catalogue. */
const untranslatedKey = /(^|\s)[a-z]+(\.[a-zA-Z]+)+(\s|$)/;

/** Texts that look like keys, such as the names of message properties. */
const notAKey = /\b(msg|wechat|flow|global|env|fa|node|e|i)\.|\.(js|com|org|png|txt|json)\b/;

describe('visual: forms and sidebar', () => {
  useBrowser();
  let nodeRed: NodeRed;

  before(async function () {
    this.timeout(60_000);
    nodeRed = await sharedNodeRed();
    await nodeRed.deploy(flows);
  });

  const variants = [
    { theme: 'light', language: 'en-US' },
    { theme: 'dark', language: 'zh-CN' },
    { theme: 'light', language: 'en-US', size: { width: 1000, height: 600 } },
  ] as const satisfies EditorOptions[];

  for (const variant of variants) {
    const { theme, language } = variant;
    const chinese = language === 'zh-CN';
    const narrow = 'size' in variant;
    describe(`${theme}, ${language}${narrow ? ', in a small window' : ''}`, () => {
      let editor: EditorPage;
      before(async function () {
        this.timeout(60_000);
        editor = await openEditor(nodeRed, variant);
      });

      /** Checks an element for untranslated texts and accessibility violations. */
      async function assertTranslatedAndAccessible(place: string): Promise<void> {
        const words = await editor.page.locator(place).first().innerText();
        const untranslated = words
          .split('\n')
          .filter((line) => untranslatedKey.test(line) && !notAKey.test(line));
        assert.deepEqual(untranslated, [], place);
        if (chinese) assert.match(words, /[\u4e00-\u9fff]/, place);
        assert.deepEqual(await violations(editor.page, place), [], place);
      }

      it('shows name and icon of every node in the palette', async () => {
        for (const type of types) {
          const node = editor.paletteNode(type);
          const name = await node.innerText();
          assert.doesNotMatch(name, untranslatedKey);
          const icon = await node.locator('.red-ui-palette-icon').getAttribute('style');
          assert.match(icon ?? '', /icons\/.*wechat-[a-z]+\.svg/);
        }
      });

      for (const type of narrow ? [] : types) {
        it(`shows the form of ${type}`, async () => {
          await editor.openForm(`visual-${type}`);
          try {
            await assertTranslatedAndAccessible('#dialog-form');
          } finally {
            await editor.cancel();
          }
        });
      }

      if (!narrow) {
        it('shows the form of a bot', async () => {
          await editor.openForm('visual-wechat-on-event');
          await editor.editBot('edit');
          try {
            await assertTranslatedAndAccessible('#node-config-dialog-edit-form');
          } finally {
            await editor.cancel('bot');
            await editor.cancel();
          }
        });

        it('shows the help of every node', async () => {
          for (const type of [...types, 'wechat-bot']) {
            const help = await editor.help(type);
            assert.ok(help.length > 200, `${type}: ${help}`);
            assert.equal(/[\u4e00-\u9fff]{4}/.test(help), chinese, type);
          }
        });
      }

      it('shows every section of the sidebar', async () => {
        await editor.showSidebar('wechat');
        for (const section of ['accounts', 'simulator', 'activity']) {
          await editor.page.locator(`#wechat-tab-${section}`).click();
          if (section === 'simulator') {
            await editor.page.locator('.wechat-sidebar [role=option]').first().click();
            await editor.page.locator('.wechat-sidebar [role=log]').waitFor();
          }
          await assertTranslatedAndAccessible('.wechat-sidebar');
        }
      });

      it('supports keyboard navigation', async () => {
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
