/**
 * Node-RED's editor as a person sees it: a page in a real browser, with the few gestures that tests share. Whatever
 * the page complains of on the way (an error in the console, a request that failed, a broken picture) is kept, and
 * `assertClean` throws it.
 */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser, BrowserContext, Locator, Page } from 'playwright-core';
import { nodeRedDir } from './package-install';

/** How the editor is opened. */
export interface EditorOptions {
  /** `light` unless told. */
  theme?: 'light' | 'dark';
  /** The browser's language; `en-US` unless told. */
  language?: 'en-US' | 'zh-CN';
  /** In CSS pixels; 1400 × 900 unless told. */
  size?: { width: number; height: number };
  /** With `adminAuth` the user who logs in. */
  user?: { username: string; password: string };
}

/** What functions that run in the page may use of the editor's global. */
export interface EditorRed {
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

/** Milliseconds for what takes a browser long on a busy machine. */
const patience = 20_000;

const [major = '0'] = (
  JSON.parse(readFileSync(join(nodeRedDir, 'package.json'), 'utf8')) as { version: string }
).version.split('.');

/** Whether this Node-RED brings a dark theme of its own; before 5 people installed one. */
const ownDarkTheme = Number(major) >= 5;

/** For Node-RED 4. */
const darkTheme = join(__dirname, 'dark-theme.css');

/** An open editor; made by `Editor.open`. */
export class Editor {
  readonly #problems: string[] = [];
  readonly #allowed: RegExp[] = [];

  private constructor(
    readonly page: Page,
    private readonly context: BrowserContext,
    private readonly url: string,
  ) {
    page.setDefaultTimeout(patience);
    page.on('console', (message) => {
      // Node-RED only logs it when the code of a form fails.
      if (message.type() !== 'error' && !/^onedit|^Definition error/.test(message.text())) return;
      const { url: place } = message.location();
      this.#complain(`console: ${message.text()} (${place})`);
    });
    page.on('pageerror', ({ stack, message }) => {
      this.#complain(`error: ${stack ?? message}`);
    });
    page.on('response', (response) => {
      if (response.status() < 400) return;
      this.#complain(`${response.status()} ${response.request().method()} ${response.url()}`);
    });
    page.on('requestfailed', (request) => {
      const why = request.failure()?.errorText ?? '';
      // The page itself gave it up, because something newer was asked for.
      if (why !== 'net::ERR_ABORTED') this.#complain(`${why} ${request.method()} ${request.url()}`);
    });
  }

  /** Opens the editor at this address and resolves when its flows are on the canvas. */
  static async open(
    browser: Browser,
    url: string,
    { theme = 'light', language = 'en-US', size = { width: 1400, height: 900 }, user }: EditorOptions = {},
  ): Promise<Editor> {
    const context = await browser.newContext({ viewport: size, locale: language, colorScheme: theme });
    await context.addInitScript(`localStorage.setItem('view-dark-theme', '${theme}')`);
    // The transpiler of the tests wraps functions in __name, which does not exist in a page.
    await context.addInitScript('globalThis.__name = (named) => named');
    const page = await context.newPage();
    const editor = new Editor(page, context, url);
    await page.goto(url);
    if (user) await editor.#logIn(user);
    await editor.#loaded();
    // Before the login Node-RED itself asks for what it may not see.
    if (user) editor.#problems.length = 0;
    if (theme === 'dark' && !ownDarkTheme) await page.addStyleTag({ path: darkTheme });
    return editor;
  }

  /** Loads the page anew. */
  async reload(): Promise<void> {
    await this.page.reload();
    await this.#loaded();
  }

  /** From now on complaints that fit are not counted: the test provokes them. */
  allow(complaint: RegExp): void {
    this.#allowed.push(complaint);
  }

  /** Throws what the page complained of since it was opened. */
  async assertClean(): Promise<void> {
    const broken = await this.page.evaluate<string[]>(
      `[...document.images].filter((image) => image.complete && image.naturalWidth === 0 && image.getAttribute('src')).map(({ src }) => src)`,
    );
    const complaints = [...this.#problems, ...broken.map((src) => `broken picture: ${src}`)];
    this.#problems.length = 0;
    assert.deepEqual(complaints, [], 'what the page complained of');
  }

  async close(): Promise<void> {
    await this.context.close();
  }

  /** Runs a function in the page with the editor's `RED`; sent as text, so it sees its two parameters only. */
  red<R, A = undefined>(run: (red: EditorRed, argument: A) => R, argument?: A): Promise<R> {
    return this.page.evaluate<R>(`(${run.toString()})(RED, ${JSON.stringify([argument]).slice(1, -1)})`);
  }

  /** Opens a tab of the sidebar. */
  async showSidebar(id: string): Promise<void> {
    await this.red((red, tab) => {
      red.sidebar.show(tab);
    }, id);
  }

  /** Shows the flow with this id on the canvas. */
  async showFlow(id: string): Promise<void> {
    await this.red((red, tab) => {
      red.workspaces.show(tab);
    }, id);
  }

  /** What the help sidebar says of a type of node, as text. */
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

  /** The text below a node on the canvas. */
  status(id: string): Locator {
    return this.node(id).locator('.red-ui-flow-node-status-label');
  }

  /** A node in the palette. */
  paletteNode(type: string): Locator {
    return this.page.locator(`.red-ui-palette-node[data-palette-type="${type}"]`);
  }

  /** Drags a node from the palette to this place on the canvas. @returns its id. */
  async drag(type: string, place: { x: number; y: number }): Promise<string> {
    const known = new Set(await this.#nodeIds());
    const label = this.paletteNode(type);
    await label.scrollIntoViewIfNeeded();
    const from = await label.boundingBox();
    const canvas = await this.page.locator('#red-ui-workspace-chart').boundingBox();
    assert.ok(from && canvas, `${type} must be in the palette`);
    const { mouse } = this.page;
    await mouse.move(from.x + from.width / 2, from.y + from.height / 2);
    await mouse.down();
    await mouse.move(canvas.x + place.x, canvas.y + place.y, { steps: 8 });
    await mouse.up();
    const [id, ...others] = (await this.#nodeIds()).filter((each) => !known.has(each));
    assert.ok(id !== undefined && others.length === 0, `one ${type} must have come to the canvas`);
    return id;
  }

  /** Opens a node's form with a double click. @returns the form. */
  async edit(id: string): Promise<Locator> {
    await this.node(id).dblclick({ position: { x: 60, y: 15 } });
    return this.#form('#dialog-form');
  }

  /** Opens a node's form wherever the node is. @returns the form. */
  async openForm(id: string): Promise<Locator> {
    await this.red((red, node) => {
      red.editor.edit(red.nodes.node(node));
    }, id);
    return this.#form('#dialog-form');
  }

  /** Opens the form of a bot from that of a node: `add` or `edit` is the button beside the list of bots. */
  async editBot(how: 'add' | 'edit'): Promise<Locator> {
    await this.page.locator(`#node-input-btn-bot-${how}`).click();
    return this.#form('#node-config-dialog-edit-form');
  }

  /** Chooses where the value of a typed input comes from, such as `str`. */
  async chooseSource(field: string, source: string): Promise<void> {
    const box = this.page.locator(`#${field} + .red-ui-typedInput-container`);
    await box.locator('.red-ui-typedInput-type-select').click();
    await this.page.locator(`.red-ui-typedInput-options:visible a[value="${source}"]`).click();
  }

  /** Fills in a typed input as a text. */
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

  /** Presses Done in the form that is open, that of a node or of its bot. */
  async done(of: 'node' | 'bot' = 'node'): Promise<void> {
    const button = this.page.locator(of === 'bot' ? '#node-config-dialog-ok' : '#node-dialog-ok');
    await button.click();
    await button.waitFor({ state: 'detached' });
  }

  /** Presses Cancel in the form that is open, that of a node or of its bot. */
  async cancel(of: 'node' | 'bot' = 'node'): Promise<void> {
    const button = this.page.locator(of === 'bot' ? '#node-config-dialog-cancel' : '#node-dialog-cancel');
    await button.click();
    await button.waitFor({ state: 'detached' });
  }

  /** Presses Deploy and resolves when the runtime has taken the flows. */
  async deploy(): Promise<void> {
    const answered = this.page.waitForResponse(
      (response) => response.url() === `${this.url}flows` && response.request().method() === 'POST',
    );
    await this.page.locator('#red-ui-header-button-deploy').click();
    const status = (await answered).status();
    assert.ok(status < 300, `the deploy was answered with ${status}`);
  }

  async #logIn({ username, password }: { username: string; password: string }): Promise<void> {
    await this.page.locator('#node-dialog-login-username').fill(username);
    await this.page.locator('#node-dialog-login-password').fill(password);
    await this.page.locator('#node-dialog-login-submit').click();
  }

  async #loaded(): Promise<void> {
    await this.page.locator('#red-ui-workspace-chart').waitFor({ timeout: 2 * patience });
    await this.paletteNode('wechat-on-event').waitFor({ state: 'attached' });
    await this.page.locator('#red-ui-loading-progress').waitFor({ state: 'hidden' });
  }

  async #form(selector: string): Promise<Locator> {
    const form = this.page.locator(selector);
    await form.waitFor();
    // Once the form has slid in, Node-RED takes the focus there: what was typed before lost it.
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

  #complain(complaint: string): void {
    if (!this.#allowed.some((allowed) => allowed.test(complaint))) this.#problems.push(complaint);
  }
}
