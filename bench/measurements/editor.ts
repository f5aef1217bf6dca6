/** Response times of the editor with many contacts: opening the sidebar, and name suggestions. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { browserMissing, launchBrowser } from '../../test/support/browser';
import { EditorPage } from '../../test/support/editor';
import { nodeBinary, nodeRedDir } from '../../test/support/package-install';
import type { AgentReport } from '../../test/support/node-red-agent-protocol';
import { createUserDirectory, flow, writeFlows, writeSettings } from '../../test/support/user-directory';
import { figure, type Row } from '../result-row';
import { median, quantile } from '../statistics';

const contacts = 10_000;
const rooms = 1_000;
const rounds = 5;
const bot = 'many-friends';

/** Typed parts of names that match many, few or no contacts. */
const queries = ['l', 'li', 'emma', '赵', '赵伟', 'wxid_0', 'zhang 3', 'nobody at all'];
const requestsPerQuery = 25;

/** Opens the messenger; resolves to the time until the conversations are painted, in ms. */
const openMessenger = `new Promise((resolve) => {
  const start = performance.now();
  const shown = () => document.querySelector('.wechat-messenger [role=option]') !== null;
  const observer = new MutationObserver(() => {
    if (!shown()) return;
    observer.disconnect();
    requestAnimationFrame(() => setTimeout(() => resolve(performance.now() - start)));
  });
  observer.observe(document.body, { childList: true, subtree: true });
  RED.sidebar.show('wechat');
  document.querySelector('#wechat-tab-simulator').click();
})`;

async function startNodeRed(userDir: string): Promise<{ child: ChildProcess; url: string }> {
  const child = spawn(nodeBinary, [join(nodeRedDir, 'red.js'), '--userDir', userDir], {
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    serialization: 'advanced',
  });
  const port = await new Promise<number>((resolve, reject) => {
    child.once('exit', () => reject(new Error('Node-RED ended before it listened.')));
    child.on('message', (report: AgentReport) => {
      if (report.kind === 'listening') resolve(report.port);
    });
  });
  return { child, url: `http://127.0.0.1:${port}/` };
}

async function openingTimes(browser: Browser, url: string): Promise<number[]> {
  const found: number[] = [];
  for (let round = 0; round < rounds; round += 1) {
    const editor = await EditorPage.open(browser, url);
    await editor.status('in').getByText('ready: Bot').waitFor();
    found.push(await editor.page.evaluate<number>(openMessenger));
    await editor.close();
  }
  return found;
}

async function searchTimes(url: string, list: 'contacts' | 'rooms'): Promise<number[]> {
  const found: number[] = [];
  for (let round = 0; round < requestsPerQuery; round += 1) {
    for (const query of queries) {
      const start = performance.now();
      const response = await fetch(
        `${url}wechat/bots/${bot}/${list}?limit=20&query=${encodeURIComponent(query)}`,
      );
      await response.arrayBuffer();
      found.push(performance.now() - start);
      if (!response.ok) throw new Error(`The search failed with status ${response.status}.`);
    }
  }
  return found;
}

/** The rows about the editor; none without Chromium. */
export async function measure(): Promise<Row[]> {
  const missing = browserMissing();
  if (missing !== undefined) {
    console.error(`not measured: ${missing}`);
    return [];
  }
  const userDir = createUserDirectory();
  const options = JSON.stringify({ contacts, rooms });
  writeFlows(
    userDir,
    flow(
      { id: bot, type: 'wechat-bot', name: 'Shop', puppet: 'simulator', options, autoStart: true },
      { id: 'in', type: 'wechat-on-event', bot, events: ['message'], wires: [[]] },
    ),
  );
  writeSettings(userDir, 0, {});
  const { child, url } = await startNodeRed(userDir);
  const browser = await launchBrowser();
  const opened = median(await openingTimes(browser, url));
  await browser.close();
  const times = [...(await searchTimes(url, 'contacts')), ...(await searchTimes(url, 'rooms'))];
  const ended = once(child, 'exit');
  child.kill('SIGTERM');
  await ended;
  rmSync(userDir, { recursive: true, force: true });

  const [middle, tail] = [quantile(times, 0.5), quantile(times, 0.99)];
  const many = { 'en-US': '10,000 contacts and 1,000 rooms', 'zh-CN': '10,000 个联系人和 1,000 个群' };
  return [
    {
      name: {
        'en-US': `opening the sidebar's messenger with ${many['en-US']}, in Chromium`,
        'zh-CN': `在 Chromium 中打开侧边栏的聊天界面，${many['zh-CN']}`,
      },
      measured: `${figure(opened)} ms`,
      value: `${figure(opened)} ms`,
      target: '≤ 1,000 ms',
      ok: opened <= 1000,
    },
    {
      name: {
        'en-US': `names suggested while typing, out of ${many['en-US']}: p50 / p99 of the request`,
        'zh-CN': `输入时的名称建议（${many['zh-CN']}）：请求的 p50 / p99`,
      },
      measured: `${figure(middle)} / ${figure(tail)} ms`,
      value: `${figure(tail)} ms`,
      target: '≤ 100 ms',
      ok: tail <= 100,
    },
  ];
}
