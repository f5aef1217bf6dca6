/**
 * Node-RED's editor in a real browser, with the interactions that tests share. Problems of the page (console errors,
 * failed requests, broken images) are recorded, and `assertClean` throws them.
 */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser, BrowserContext, Locator, Page } from 'playwright-core';
import { nodeRedDir } from './package-install';

/** The options of `EditorPage.open`. */
export interface EditorOptions {
  /** Default: `light`. */
  theme?: 'light' | 'dark';
  /** The browser's language; default: `en-US`. */
  language?: 'en-US' | 'zh-CN';
  /** In CSS pixels; default: 1400 × 900. */
  size?: { width: number; height: number };
  /** The user to log in with, if `adminAuth` is set. */
  user?: { username: string; password: string };
}

/** The part of the editor's global `RED` that tests use. */
export interface EditorRED {
  readonly sidebar: {
    show(id: string): void;
    readonly help: { show(type: string, bringToFront: boolean): void };
  };
  readonly workspaces: { show(id: string): void; active(): string };
  readonly actions: { invoke(id: string): void };
  readonly view: { reveal(id: string): void };
  readonly editor: { edit(node: unknown): void };
  readonly nodes: {
    eachNode(each: (node: { id: string; type: string; name?: string; valid?: boolean }) => void): void;
    node(id: string): Record<string, unknown> | null;
    dirty(): boolean;
  };
}

/** Timeout of all waits in the page, in ms. */
const defaultTimeoutMs = 20_000;

const [major = '0'] = (
  JSON.parse(readFileSync(join(nodeRedDir, 'package.json'), 'utf8')) as { version: string }
).version.split('.');

/** Whether this Node-RED has a dark theme; it was added in version 5. */
const hasDarkTheme = Number(major) >= 5;

/** The dark theme for Node-RED 4. */
const darkTheme = join(__dirname, 'dark-theme.css');

/** An open editor, created by `EditorPage.open`. */
export class EditorPage {
  readonly #problems: string[] = [];
  readonly #allowed: RegExp[] = [];

  private constructor(
    readonly page: Page,
    private readonly context: BrowserContext,
    private readonly url: string,
  ) {
    page.setDefaultTimeout(defaultTimeoutMs);
    page.on('console', (message) => {
      // Node-RED logs errors in the code of a form without throwing.
      if (message.type() !== 'error' && !/^onedit|^Definition error/.test(message.text())) return;
      const { url: location } = message.location();
      this.#addProblem(`console: ${message.text()} (${location})`);
    });
    page.on('pageerror', ({ stack, message }) => {
      this.#addProblem(`error: ${stack ?? message}`);
    });
    page.on('response', (response) => {
      if (response.status() < 400) return;
      this.#addProblem(`${response.status()} ${response.request().method()} ${response.url()}`);
    });
    page.on('requestfailed', (request) => {
      const reason = request.failure()?.errorText ?? '';
      // The page aborts requests that a newer one replaces.
      if (reason !== 'net::ERR_ABORTED') this.#addProblem(`${reason} ${request.method()} ${request.url()}`);
    });
  }

  /** Opens the editor; resolves when the flows are displayed. */
  static async open(
    browser: Browser,
    url: string,
    { theme = 'light', language = 'en-US', size = { width: 1400, height: 900 }, user }: EditorOptions = {},
  ): Promise<EditorPage> {
    const context = await browser.newContext({ viewport: size, locale: language, colorScheme: theme });
    await context.addInitScript(`localStorage.setItem('view-dark-theme', '${theme}')`);
    // esbuild wraps functions of the tests in `__name`, which does not exist in the page.
    await context.addInitScript('globalThis.__name = (named) => named');
    const page = await context.newPage();
    const editor = new EditorPage(page, context, url);
    await page.goto(url);
    if (user) await editor.#logIn(user);
    await editor.#loaded();
    // Node-RED sends unauthorized requests before the login.
    if (user) editor.#problems.length = 0;
    if (theme === 'dark' && !hasDarkTheme) await page.addStyleTag({ path: darkTheme });
    return editor;
  }

  /** Reloads the page. */
  async reload(): Promise<void> {
    await this.page.reload();
    await this.#loaded();
  }

  /** Ignores matching problems from now on, because the test provokes them. */
  allow(problem: RegExp): void {
    this.#allowed.push(problem);
  }

  /** Throws the problems recorded since the last call. */
  async assertClean(): Promise<void> {
    const broken = await this.page.evaluate<string[]>(
      `[...document.images].filter((image) => image.complete && image.naturalWidth === 0 && image.getAttribute('src')).map(({ src }) => src)`,
    );
    const problems = [...this.#problems, ...broken.map((src) => `broken image: ${src}`)];
    this.#problems.length = 0;
    assert.deepEqual(problems, [], 'problems of the page');
  }

  async close(): Promise<void> {
    await this.context.close();
  }

  /** Runs a function in the page with the editor's `RED`; it is sent as text and can use its two parameters only. */
  red<R, A = undefined>(run: (red: EditorRED, argument: A) => R, argument?: A): Promise<R> {
    return this.page.evaluate<R>(`(${run.toString()})(RED, ${JSON.stringify([argument]).slice(1, -1)})`);
  }

  /** Opens a tab of the sidebar. */
  async showSidebar(id: string): Promise<void> {
    await this.red((red, tab) => {
      red.sidebar.show(tab);
    }, id);
  }

  /** Switches to the tab with this id. */
  async showFlow(id: string): Promise<void> {
    await this.red((red, tab) => {
      red.workspaces.show(tab);
    }, id);
  }

  /** The text of a node type in the help sidebar. */
  async help(type: string): Promise<string> {
    await this.red((red, name) => {
      red.sidebar.help.show(name, true);
    }, type);
    const page = this.page.locator('.red-ui-help').last();
    return page.innerText();
  }

  /** A node on the canvas. */
  node(id: string): Locator {
    return this.page.locator(`[id="${id}"].red-ui-flow-node-group`);
  }

  /** The status text of a node on the canvas. */
  status(id: string): Locator {
    return this.node(id).locator('.red-ui-flow-node-status-label');
  }

  /** A node in the palette. */
  paletteNode(type: string): Locator {
    return this.page.locator(`.red-ui-palette-node[data-palette-type="${type}"]`);
  }

  /** Drags a node from the palette to this position on the canvas. @returns its id. */
  async drag(type: string, position: { x: number; y: number }): Promise<string> {
    const known = new Set(await this.#nodeIds());
    const label = this.paletteNode(type);
    await label.scrollIntoViewIfNeeded();
    const from = await label.boundingBox();
    const canvas = await this.page.locator('#red-ui-workspace-chart').boundingBox();
    assert.ok(from && canvas, `${type} must be in the palette`);
    const { mouse } = this.page;
    await mouse.move(from.x + from.width / 2, from.y + from.height / 2);
    await mouse.down();
    await mouse.move(canvas.x + position.x, canvas.y + position.y, { steps: 8 });
    await mouse.up();
    const [id, ...others] = (await this.#nodeIds()).filter((each) => !known.has(each));
    assert.ok(id !== undefined && others.length === 0, `one ${type} must have come to the canvas`);
    return id;
  }

  /** Opens a node's form by double-clicking the node. @returns the form. */
  async edit(id: string): Promise<Locator> {
    await this.node(id).dblclick({ position: { x: 60, y: 15 } });
    return this.#form('#dialog-form');
  }

  /** Opens a node's form, even if the node is not visible. @returns the form. */
  async openForm(id: string): Promise<Locator> {
    await this.red((red, node) => {
      red.editor.edit(red.nodes.node(node));
    }, id);
    return this.#form('#dialog-form');
  }

  /** Opens the form of a bot from that of a node, with the button `add` or `edit`. @returns the form. */
  async editBot(how: 'add' | 'edit'): Promise<Locator> {
    await this.page.locator(`#node-input-btn-bot-${how}`).click();
    return this.#form('#node-config-dialog-edit-form');
  }

  /** Selects the type of a typed input, such as `str`. */
  async chooseSource(field: string, source: string): Promise<void> {
    const box = this.page.locator(`#${field} + .red-ui-typedInput-container`);
    await box.locator('.red-ui-typedInput-type-select').click();
    await this.page.locator(`.red-ui-typedInput-options:visible a[value="${source}"]`).click();
  }

  /** Fills in a typed input with type `str`. */
  async fillText(field: string, text: string): Promise<void> {
    await this.chooseSource(field, 'str');
    await this.page.locator(`#${field} + .red-ui-typedInput-container .red-ui-typedInput-input`).fill(text);
  }

  /** Draws a wire from a node's output to another's input. */
  async wire(from: string, to: string): Promise<void> {
    const start = this.node(from).locator('.red-ui-flow-port-output .red-ui-flow-port');
    const end = this.node(to).locator('.red-ui-flow-port-input .red-ui-flow-port');
    await start.dragTo(end, { force: true });
  }

  /** Clicks Done in the open form of a node or of its bot. */
  async done(of: 'node' | 'bot' = 'node'): Promise<void> {
    const button = this.page.locator(of === 'bot' ? '#node-config-dialog-ok' : '#node-dialog-ok');
    await button.click();
    await button.waitFor({ state: 'detached' });
  }

  /** Clicks Cancel in the open form of a node or of its bot. */
  async cancel(of: 'node' | 'bot' = 'node'): Promise<void> {
    const button = this.page.locator(of === 'bot' ? '#node-config-dialog-cancel' : '#node-dialog-cancel');
    await button.click();
    await button.waitFor({ state: 'detached' });
  }

  /** Clicks Deploy; resolves when the runtime has accepted the flows. */
  async deploy(): Promise<void> {
    const responded = this.page.waitForResponse(
      (response) => response.url() === `${this.url}flows` && response.request().method() === 'POST',
    );
    await this.page.locator('#red-ui-header-button-deploy').click();
    const status = (await responded).status();
    assert.ok(status < 300, `the deploy failed with status ${status}`);
  }

  async #logIn({ username, password }: { username: string; password: string }): Promise<void> {
    await this.page.locator('#node-dialog-login-username').fill(username);
    await this.page.locator('#node-dialog-login-password').fill(password);
    await this.page.locator('#node-dialog-login-submit').click();
  }

  async #loaded(): Promise<void> {
    await this.page.locator('#red-ui-workspace-chart').waitFor({ timeout: 2 * defaultTimeoutMs });
    await this.paletteNode('wechat-on-event').waitFor({ state: 'attached' });
    await this.page.locator('#red-ui-loading-progress').waitFor({ state: 'hidden' });
  }

  async #form(selector: string): Promise<Locator> {
    const form = this.page.locator(selector);
    await form.waitFor();
    // When the form has slid in, Node-RED moves the focus; a test must not type before.
    await this.page.locator('.red-ui-tray:last-child :focus').waitFor({ state: 'attached' });
    return form;
  }

  #nodeIds(): Promise<string[]> {
    return this.red((red) => {
      const ids: string[] = [];
      red.nodes.eachNode(({ id }) => ids.push(id));
      return ids;
    });
  }

  #addProblem(problem: string): void {
    if (!this.#allowed.some((allowed) => allowed.test(problem))) this.#problems.push(problem);
  }
}
