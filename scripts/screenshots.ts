/**
 * `npm run screenshots`: takes the screenshots of the documentation from the running demo, in a light and a dark theme,
 * and writes them to `docs/images/`. Needs Chromium, like the browser tests.
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
import { EditorPage } from '../test/support/editor';

const root = join(__dirname, '..');
const images = join(root, 'docs', 'images');

/** Maximum size of a screenshot, in bytes: the README loads them all. */
const maxBytes = 150_000;

/** Size of the window in CSS pixels: small enough to stay readable in a README. */
const size = { width: 1280, height: 720 };

/** A second bot that is not logged in. */
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

/** Runs the demo of `npm start` in its own folder. */
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
  throw new Error('The demo exited before it printed its address.');
}

async function saveScreenshot(what: Locator | EditorPage['page'], name: string): Promise<void> {
  const path = join(images, `${name}.png`);
  await what.screenshot({ path, animations: 'disabled' });
  const bytes = statSync(path).size;
  console.log(`${path}: ${Math.ceil(bytes / 1000)} kB`);
  if (bytes > maxBytes) throw new Error(`${name}.png is larger than ${maxBytes / 1000} kB.`);
}

/** Drags the sidebar wider. */
async function widenSidebar(editor: EditorPage, by: number): Promise<void> {
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

async function sendMessage(sidebar: Locator, text: string): Promise<void> {
  const composer = sidebar.getByRole('textbox', { name: 'Write a message' });
  await composer.fill(text);
  await composer.press('Enter');
  await composer.blur();
}

async function takeScreenshots(browser: Browser, url: string, theme: 'light' | 'dark'): Promise<void> {
  const editor = await EditorPage.open(browser, url, { theme, size });
  const { page } = editor;
  await editor.showSidebar('wechat');
  const sidebar = page.locator('.wechat-sidebar');
  const hint = sidebar.getByRole('button', { name: 'No, thanks' });
  if (await hint.isVisible()) await hint.click();
  await widenSidebar(editor, 90);
  await sidebar.getByRole('tab', { name: 'Simulator' }).click();

  const conversation = async (name: RegExp): Promise<void> => {
    const back = sidebar.getByRole('button', { name: 'Back to the conversations' });
    if (await back.isVisible()) await back.click();
    await sidebar.getByRole('option', { name }).click();
  };
  const log = sidebar.getByRole('log');
  await conversation(/^Ming/);
  const before = await log.getByText('dong').count();
  await sendMessage(sidebar, 'ding');
  await log.getByText('dong').nth(before).waitFor();
  await saveScreenshot(page, `demo-${theme}`);

  await conversation(/^Team/);
  await log.getByText('We are open').first().waitFor({ timeout: 30_000 });
  await sidebar.getByRole('textbox', { name: 'Write a message' }).blur();
  await saveScreenshot(sidebar, `chat-${theme}`);

  await sidebar.getByRole('tab', { name: 'Accounts' }).click();
  const login = sidebar.getByRole('region', { name: newBot.name });
  await login.getByRole('img', { name: 'QR code to log in' }).waitFor();
  await saveScreenshot(login, `login-${theme}`);
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
    for (const theme of ['light', 'dark'] as const) await takeScreenshots(browser, demo.url, theme);
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
