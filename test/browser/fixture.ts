/**
 * What the files of this folder share: one browser, and one Node-RED in English without a password. A file that
 * needs a Node-RED of another kind starts its own.
 */
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { needs } from '../interop/required-tools';
import { browserMissing, launchBrowser } from '../support/browser';
import { Editor, type EditorOptions } from '../support/editor';
import { type NodeRed, startNodeRed } from '../support/node-red';
import { root } from '../support/package-install';

let browser: Promise<Browser> | undefined;
let shared: Promise<NodeRed> | undefined;
const open = new Set<Editor>();

/** Milliseconds for a test in a browser on a busy machine. */
const limit = 60_000;

/** The Node-RED of all files; what was deployed in it before is another file's. */
export function sharedNodeRed(): Promise<NodeRed> {
  shared ??= startNodeRed();
  return shared;
}

/** Opens an editor, which is closed after the file's tests and must not complain until then. */
export async function openEditor(nodeRed: NodeRed, options?: EditorOptions): Promise<Editor> {
  browser ??= launchBrowser();
  const editor = await Editor.open(await browser, nodeRed.url, options);
  open.add(editor);
  return editor;
}

/** Closes an editor before the file's tests are over. */
export async function closeEditor(editor: Editor): Promise<void> {
  await editor.assertClean();
  open.delete(editor);
  await editor.close();
}

/** What the open pages look like goes to `.cache/browser`, for whoever wants to know why a test failed. */
async function keepPictures(title: string): Promise<void> {
  for (const [index, editor] of [...open].entries()) {
    const name = `${title.replace(/\W+/g, '-')}-${index}.png`;
    await editor.page.screenshot({ path: join(root, '.cache', 'browser', name) });
  }
}

/**
 * To be called first in every `describe` of this folder.
 * @param steps Whether each test goes on where the one before it ended: after a failure the rest is skipped.
 */
export function useBrowser({ steps = false } = {}): void {
  let failed = false;
  before('there is a browser', function () {
    this.timeout(limit);
    needs.call(this, browserMissing());
  });
  beforeEach(function () {
    if (steps && failed) this.skip();
    this.currentTest?.timeout(limit);
  });
  afterEach('no page complains', async function () {
    const { currentTest } = this;
    if (currentTest?.state === 'failed') {
      failed = true;
      await keepPictures(currentTest.fullTitle());
    }
    for (const editor of open) await editor.assertClean();
  });
  after('close the pages', async () => {
    for (const editor of open) await editor.close();
    open.clear();
  });
}

after('close the browser', async () => {
  await (await browser)?.close();
});
