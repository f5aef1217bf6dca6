import { readdirSync } from 'node:fs';
import js from '@eslint/js';
import { defineConfig } from 'eslint/config';
import { importX } from 'eslint-plugin-import-x';
import tseslint from 'typescript-eslint';

/** The layers of `src/`: each folder and what it may import of the others. */
const layers = {
  i18n: [],
  util: [],
  bot: ['i18n', 'util'],
  puppets: ['remotes/storage', 'util'],
  events: ['bot', 'i18n', 'util'],
  commands: ['bot', 'i18n', 'util'],
  remotes: ['commands', 'events', 'bot', 'i18n', 'util'],
  // The browser's half of a node imports the editor; of its runtime half, only the config node imports the admin API.
  nodes: ['admin', 'editor', 'commands', 'events', 'bot', 'remotes', 'puppets', 'i18n', 'util'],
  'nodes/shared': ['commands/content/content-types.ts'],
  'nodes/runtime': ['nodes/shared', 'commands', 'events', 'bot', 'remotes', 'puppets', 'i18n', 'util'],
  admin: [
    'nodes/runtime',
    'nodes/shared',
    'nodes/on-event',
    'commands',
    'events',
    'bot',
    'puppets',
    'i18n',
    'util',
  ],
  editor: ['admin/api-types.ts', 'nodes/shared', 'commands/content/content-types.ts', 'util'],
  plugins: ['editor'],
  demo: ['nodes', 'commands', 'events', 'bot', 'puppets', 'remotes', 'admin', 'i18n', 'util'],
};

/** The shared folders of `src/remotes/`; each other folder is a protocol, which no other folder imports. */
const sharedRemotes = ['dispatch', 'storage', 'http', 'wechat'];

const remotes = readdirSync('src/remotes', { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map(({ name }) => name);

const layerZones = Object.entries(layers).map(([folder, allowed]) => ({
  target: `./src/${folder}`,
  from: './src',
  except: [folder, ...allowed].map((path) => `./${path}`),
  message: `src/${folder} may import only: ${allowed.join(', ') || 'nothing of ours'} (see CONTRIBUTING.md).`,
}));

const remoteZones = remotes.map((folder) => ({
  target: `./src/remotes/${folder}`,
  from: './src/remotes',
  except: [...new Set([folder, ...sharedRemotes, 'remote.ts'])].map((path) => `./${path}`),
  message: 'A protocol imports no other protocol, and the shared folders import none (see CONTRIBUTING.md).',
}));

/** Runtime halves of nodes that may not import the admin API: all but the config node's. */
const adminZones = [
  {
    target: './src/nodes/!(bot)/!(*.editor).ts',
    from: './src/admin',
    message: 'Only the config node serves the admin API (see CONTRIBUTING.md).',
  },
  {
    target: './src/nodes/*/!(*.editor).ts',
    from: './src/editor',
    message: 'The editor is browser code (see CONTRIBUTING.md).',
  },
];

/** Where Wechaty's own classes may be seen; everywhere else speaks plain JSON. */
const wechatyFolders = ['bot', 'commands', 'events', 'puppets'];

export default defineConfig(
  { ignores: ['dist', 'dist-dev', 'node_modules', '.demo', '.cache'] },
  js.configs.recommended,
  {
    files: ['**/*.ts'],
    extends: [tseslint.configs.strictTypeChecked, tseslint.configs.stylisticTypeChecked],
    plugins: { 'import-x': importX },
    languageOptions: { parserOptions: { project: ['tsconfig.json', 'src/tsconfig.json'] } },
    settings: { 'import-x/resolver': { node: { extensions: ['.ts', '.js', '.json'] } } },
    rules: {
      'import-x/no-restricted-paths': ['error', { zones: [...layerZones, ...remoteZones, ...adminZones] }],
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
      '@typescript-eslint/no-unused-vars': ['error', { ignoreRestSiblings: true }],
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      'max-lines': ['warn', { max: 300, skipBlankLines: true, skipComments: true }],
    },
  },
  {
    files: ['src/**/*.ts'],
    rules: {
      'no-restricted-syntax': [
        'error',
        {
          selector:
            'BinaryExpression[operator=/^[-<>]=?$/] > CallExpression[callee.object.name="Date"][callee.property.name="now"]',
          message: 'Measure durations with performance.now(): the clock of the machine may be set back.',
        },
      ],
    },
  },
  {
    files: ['src/**/*.ts'],
    ignores: wechatyFolders.map((folder) => `src/${folder}/**`),
    rules: {
      'no-restricted-imports': [
        'error',
        {
          patterns: [
            {
              group: ['wechaty', 'wechaty-*'],
              message: 'Wechaty is known only in bot, commands, events, puppets.',
            },
          ],
        },
      ],
    },
  },
  {
    files: ['**/*.cjs', '**/*.mjs'],
    languageOptions: {
      globals: {
        console: 'readonly',
        process: 'readonly',
        require: 'readonly',
        setTimeout: 'readonly',
        __dirname: 'readonly',
      },
    },
  },
);
