/**
 * Fixture of the browser tests: one browser, and one Node-RED in English without authentication. A file that needs
 * other settings starts its own Node-RED.
 */
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { skipIfMissing } from '../interop/required-tools';
import { browserMissing, launchBrowser } from '../support/browser';
import { EditorPage, type EditorOptions } from '../support/editor';
import { type NodeRed, startNodeRed } from '../support/node-red';
import { root } from '../support/package-install';

let browser: Promise<Browser> | undefined;
let shared: Promise<NodeRed> | undefined;
const openEditors = new Set<EditorPage>();

/** Timeout of a browser test under load, in ms. */
const testTimeoutMs = 60_000;

/** The Node-RED shared by all files; each file deploys its own flows. */
export function sharedNodeRed(): Promise<NodeRed> {
  shared ??= startNodeRed();
  return shared;
}

/** Opens an editor, which is closed after the file's tests; errors in its console fail the current test. */
export async function openEditor(nodeRed: NodeRed, options?: EditorOptions): Promise<EditorPage> {
  browser ??= launchBrowser();
  const editor = await EditorPage.open(await browser, nodeRed.url, options);
  openEditors.add(editor);
  return editor;
}

/** Closes an editor before the end of the file's tests. */
export async function closeEditor(editor: EditorPage): Promise<void> {
  await editor.assertClean();
  openEditors.delete(editor);
  await editor.close();
}

/** Saves screenshots of the open pages to `.cache/browser` after a failure. */
async function saveScreenshots(title: string): Promise<void> {
  for (const [index, editor] of [...openEditors].entries()) {
    const name = `${title.replace(/\W+/g, '-')}-${index}.png`;
    await editor.page.screenshot({ path: join(root, '.cache', 'browser', name) });
  }
}

/**
 * Registers the hooks; to be called first in every `describe` of this folder.
 * @param steps whether each test depends on the one before: after a failure the rest is skipped
 */
export function useBrowser({ steps = false } = {}): void {
  let failed = false;
  before('launch the browser', function () {
    this.timeout(testTimeoutMs);
    skipIfMissing.call(this, browserMissing());
  });
  beforeEach(function () {
    if (steps && failed) this.skip();
    this.currentTest?.timeout(testTimeoutMs);
  });
  afterEach('no page has errors', async function () {
    const { currentTest } = this;
    if (currentTest?.state === 'failed') {
      failed = true;
      await saveScreenshots(currentTest.fullTitle());
    }
    for (const editor of openEditors) await editor.assertClean();
  });
  after('close the pages', async () => {
    for (const editor of openEditors) await editor.close();
    openEditors.clear();
  });
}

after('close the browser', async () => {
  await (await browser)?.close();
});
