/**
 * `npm run screenshots`: takes the READMEs' pictures of the running demo, in a light and a dark theme, and writes them
 * to `docs/images/`. Needs a Chromium, as the browser tests do.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Browser, Locator } from 'playwright-core';
import { writeDemoFlows } from '../src/demo/flows';
import { browserMissing, launchBrowser } from '../test/support/browser';
import { Editor } from '../test/support/editor';

const root = join(__dirname, '..');
const images = join(root, 'docs', 'images');

/** No picture may be larger, in bytes: the READMEs load them all. */
const largest = 150_000;

/** In CSS pixels: as much as a README shows without being scaled down too far. */
const size = { width: 1280, height: 720 };

/** Beside the demo's own bot one that nobody has logged in yet. */
const newBot = {
  id: 'ad5f5b0a7c3e4d21',
  type: 'wechat-bot',
  name: 'New account',
  puppet: 'simulator',
  options: '{"login": "scan"}',
  autoStart: true,
};

function addBot(userDir: string): void {
  writeDemoFlows(join(root, 'examples'), userDir, { http: 1880, mqtt: 1883 });
  const file = join(userDir, 'flows.json');
  const flows = JSON.parse(readFileSync(file, 'utf8')) as object[];
  writeFileSync(file, JSON.stringify([...flows, newBot]));
}

/** Runs `npm start`'s demo in a folder of its own. */
async function startDemo(userDir: string): Promise<{ url: string; stop: () => Promise<void> }> {
  const child = spawn(process.execPath, [join(root, 'dist', 'demo', 'demo.js'), userDir], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  for await (const line of createInterface({ input: child.stdout })) {
    const url = /open {2}(http:\S+)/.exec(line)?.[1];
    if (url === undefined) continue;
    child.stdout.resume();
    return {
      url,
      stop: async () => {
        const exit = once(child, 'exit');
        child.kill('SIGINT');
        await exit;
      },
    };
  }
  throw new Error('The demo ended before it had told its address.');
}

async function save(what: Locator | Editor['page'], name: string): Promise<void> {
  const path = join(images, `${name}.png`);
  await what.screenshot({ path, animations: 'disabled' });
  const bytes = statSync(path).size;
  console.log(`${path}: ${Math.ceil(bytes / 1000)} kB`);
  if (bytes > largest) throw new Error(`${name}.png is larger than ${largest / 1000} kB.`);
}

/** Pulls the sidebar wider, as one does to read. */
async function widen(editor: Editor, by: number): Promise<void> {
  const handle = editor.page.locator('#red-ui-sidebar-separator');
  const box = await handle.boundingBox();
  if (!box) return;
  const { mouse } = editor.page;
  const y = box.y + box.height / 2;
  await mouse.move(box.x + box.width / 2, y);
  await mouse.down();
  await mouse.move(box.x - by, y, { steps: 5 });
  await mouse.up();
}

async function say(sidebar: Locator, words: string): Promise<void> {
  const composer = sidebar.getByRole('textbox', { name: 'Write a message' });
  await composer.fill(words);
  await composer.press('Enter');
  await composer.blur();
}

async function takePictures(browser: Browser, url: string, theme: 'light' | 'dark'): Promise<void> {
  const editor = await Editor.open(browser, url, { theme, size });
  const { page } = editor;
  await editor.showSidebar('wechat');
  const sidebar = page.locator('.wechat-sidebar');
  const hint = sidebar.getByRole('button', { name: 'No, thanks' });
  if (await hint.isVisible()) await hint.click();
  await widen(editor, 90);
  await sidebar.getByRole('tab', { name: 'Simulator' }).click();

  const conversation = async (name: RegExp): Promise<void> => {
    const back = sidebar.getByRole('button', { name: 'Back to the conversations' });
    if (await back.isVisible()) await back.click();
    await sidebar.getByRole('option', { name }).click();
  };
  const log = sidebar.getByRole('log');
  await conversation(/^Ming/);
  const before = await log.getByText('dong').count();
  await say(sidebar, 'ding');
  await log.getByText('dong').nth(before).waitFor();
  await save(page, `demo-${theme}`);

  await conversation(/^Team/);
  await log.getByText('We are open').first().waitFor({ timeout: 30_000 });
  await sidebar.getByRole('textbox', { name: 'Write a message' }).blur();
  await save(sidebar, `chat-${theme}`);

  await sidebar.getByRole('tab', { name: 'Accounts' }).click();
  const login = sidebar.getByRole('region', { name: newBot.name });
  await login.getByRole('img', { name: 'QR code to log in' }).waitFor();
  await save(login, `login-${theme}`);
  await editor.assertClean();
  await editor.close();
}

async function main(): Promise<void> {
  const missing = browserMissing();
  if (missing !== undefined) throw new Error(missing);
  mkdirSync(images, { recursive: true });
  const userDir = mkdtempSync(join(tmpdir(), 'wechat-pictures-'));
  addBot(userDir);
  const demo = await startDemo(userDir);
  const browser = await launchBrowser();
  try {
    for (const theme of ['light', 'dark'] as const) await takePictures(browser, demo.url, theme);
  } finally {
    await browser.close();
    await demo.stop();
    rmSync(userDir, { recursive: true, force: true });
  }
}

main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
