/**
 * Writes `dist/`, what Node-RED loads and npm publishes:
 *
 * - TypeScript emits the runtime as CommonJS without checking types, which `npm run lint` does;
 * - esbuild bundles each node's `<n>.editor.ts` into one HTML file together with its form;
 * - labels and Markdown help go where Node-RED looks for them: `locales/<lang>/<n>.json` and `.html`.
 *
 * The result is put together beside the old `dist` and takes its place only when all went well.
 */
import {
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { buildSync } from 'esbuild';
import {
  type CompilerOptions,
  parseJsonConfigFileContent,
  readConfigFile,
  sys,
  transpileModule,
} from 'typescript';

const root = join(__dirname, '..');
const src = join(root, 'src');
const out = join(root, '.cache', `dist-${process.pid}`);
const languages = ['en-US', 'zh-CN'];

/** Node-RED cuts the system's language `zh_CN` to `zh`, and looks there for `zh-TW` and the like. */
const localeFolders: Record<string, string[]> = { 'zh-CN': ['zh-CN', 'zh'] };

/** A label file: texts by name, in groups. */
interface Labels {
  [name: string]: string | Labels;
}

/** One thing with an editor side: a node (`src/nodes/bot` is `wechat-bot`) or the sidebar plugin. */
interface Part {
  /** The folder, relative to `src`: `nodes/bot`. */
  folder: string;
  /** The name of its files: `bot`. */
  name: string;
  /** The registered type; a plugin has none. */
  type?: string;
}

function read(...path: string[]): string {
  return readFileSync(join(src, ...path), 'utf8');
}

function readLabels(...path: string[]): Labels {
  return existsSync(join(src, ...path)) ? (JSON.parse(read(...path)) as Labels) : {};
}

function write(path: string, content: string): void {
  mkdirSync(dirname(join(out, path)), { recursive: true });
  writeFileSync(join(out, path), content);
}

/** `over` wins where both have the same text. */
function merge(under: Labels, over: Labels): Labels {
  const merged = { ...under };
  for (const [name, value] of Object.entries(over)) {
    const below = merged[name];
    merged[name] = typeof value === 'object' && typeof below === 'object' ? merge(below, value) : value;
  }
  return merged;
}

function script(attributes: string, content: string): string {
  return `<script ${attributes}>\n${content.trimEnd()}\n</script>\n`;
}

/** The compiler options of everything that runs on Node.js. */
function runtimeOptions(): CompilerOptions {
  const { config } = readConfigFile(join(root, 'tsconfig.json'), (path) => sys.readFile(path)) as {
    config?: unknown;
  };
  return { ...parseJsonConfigFileContent(config, sys, root).options, noEmit: false };
}

/** Emits the runtime, a CommonJS module per file, and the texts that it requires. */
function emitRuntime(): void {
  const compilerOptions = runtimeOptions();
  for (const file of readdirSync(src, { recursive: true, encoding: 'utf8' })) {
    if (!file.endsWith('.ts') || /\.(editor|d)\.ts$/.test(file)) continue;
    const { outputText } = transpileModule(read(file), { fileName: join(src, file), compilerOptions });
    write(file.replace(/ts$/, 'js'), outputText);
  }
  for (const language of languages) write(`i18n/${language}.json`, read('i18n', `${language}.json`));
}

/** The browser's half as one plain script without imports. */
function bundle({ folder, name, type }: Part): string {
  const { outputFiles } = buildSync({
    entryPoints: [join(src, folder, `${name}.editor.ts`)],
    tsconfig: join(src, 'tsconfig.json'),
    bundle: true,
    format: 'iife',
    target: 'es2020',
    charset: 'utf8',
    minify: false,
    write: false,
  });
  const code = outputFiles.map((file) => file.text).join('');
  if (type === undefined) return code;

  // Node-RED's Flow Library reads these calls without running them, so type and definition must be literals.
  const registration = `RED.nodes.registerType('${type}', {`;
  const found = code.replace(`RED.nodes.registerType("${type}", {`, registration);
  if (!found.includes(registration))
    throw new Error(`${folder}/${name}.editor.ts must call ${registration} … })`);
  return found;
}

/** A form or a part of one, with its partials: a line `<!-- include: content -->` stands for `partials/content.html`. */
function readForm(...path: string[]): string {
  return read(...path).replace(/^<!-- include: ([a-z-]+) -->\n/gm, (_line, partial: string) =>
    readForm('nodes', 'partials', `${partial}.html`),
  );
}

/** What the editor loads: code and form in one file, and the icons, which Node-RED looks for only beside it. */
function emitPage(part: Part): void {
  const { folder, name, type } = part;
  const code = script('type="text/javascript"', bundle(part));
  if (type === undefined) {
    write(`${folder}/${name}.html`, code);
    return;
  }
  const form = script(`type="text/html" data-template-name="${type}"`, readForm(folder, `${name}.html`));
  write(`${folder}/${name}.html`, code + form);
  cpSync(join(root, 'icons'), join(out, folder, 'icons'), { recursive: true });
}

function emitTexts({ folder, name, type }: Part, language: string): void {
  // The texts of the runtime (statuses and errors) are translated by the bot, which every other node needs anyway.
  const texts = type === 'wechat-bot' ? readLabels('i18n', `${language}.json`) : {};
  const shared = readLabels('nodes', 'locales', `${language}.json`);
  const labels = merge(merge(texts, shared), readLabels(folder, 'locales', `${language}.json`));
  const help =
    type === undefined
      ? undefined
      : script(`type="text/markdown" data-help-name="${type}"`, read(folder, 'locales', `${language}.md`));
  for (const locale of localeFolders[language] ?? [language]) {
    const path = `${folder}/locales/${locale}/${name}`;
    write(`${path}.json`, JSON.stringify(labels, null, 2));
    if (help !== undefined) write(`${path}.html`, help);
  }
}

/** A folder has an editor side when it holds `<its own name>.editor.ts`. */
function hasEditor({ folder, name }: Part): boolean {
  return existsSync(join(src, folder, `${name}.editor.ts`));
}

const nodes = readdirSync(join(src, 'nodes')).map((name): Part => ({
  folder: `nodes/${name}`,
  name,
  type: `wechat-${name}`,
}));
const plugins = readdirSync(join(src, 'plugins')).map((name): Part => ({ folder: `plugins/${name}`, name }));
const parts = [...nodes, ...plugins].filter(hasEditor);

try {
  emitRuntime();
  for (const part of parts) {
    emitPage(part);
    for (const language of languages) emitTexts(part, language);
  }
  rmSync(join(root, 'dist'), { recursive: true, force: true });
  renameSync(out, join(root, 'dist'));
} catch (error) {
  rmSync(out, { recursive: true, force: true });
  console.error(error);
  process.exitCode = 1;
}
