/**
 * A headless Chromium for tests and screenshots.
 *
 * ```ts
 * const browser = await launchBrowser();
 * const editor = await Editor.open(browser, nodeRed.url, { theme: 'dark', language: 'zh-CN' });
 * ```
 */
import { existsSync } from 'node:fs';
import { type Browser, chromium } from 'playwright-core';

/** Default: Debian's Chromium. */
const executablePath = process.env.CHROMIUM ?? '/usr/bin/chromium';

/** Why no browser is available; undefined if there is one. */
export function browserMissing(): string | undefined {
  if (existsSync(executablePath)) return undefined;
  return `there is no Chromium at ${executablePath} (set CHROMIUM to its path)`;
}

/** Launches the browser; the caller closes it. */
export function launchBrowser(): Promise<Browser> {
  return chromium.launch({
    executablePath,
    args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking', '--disable-component-update'],
  });
}
