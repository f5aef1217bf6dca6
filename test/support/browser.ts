/**
 * A real Chromium for tests and for pictures of the product, without a window and without a network of its own.
 *
 * ```ts
 * const browser = await launchBrowser();
 * const editor = await Editor.open(browser, nodeRed.url, { theme: 'dark', language: 'zh-CN' });
 * ```
 */
import { existsSync } from 'node:fs';
import { type Browser, chromium } from 'playwright-core';

/** Debian's, unless told. */
const executablePath = process.env.CHROMIUM ?? '/usr/bin/chromium';

/** Why there can be no browser on this machine, if so. */
export function browserMissing(): string | undefined {
  if (existsSync(executablePath)) return undefined;
  return `there is no Chromium at ${executablePath} (CHROMIUM names another place)`;
}

/** Starts the browser; whoever starts it closes it. */
export function launchBrowser(): Promise<Browser> {
  return chromium.launch({
    executablePath,
    args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking', '--disable-component-update'],
  });
}
