import js from '@eslint/js';
import { defineConfig } from 'eslint/config';
import { importX } from 'eslint-plugin-import-x';
import tseslint from 'typescript-eslint';

/** The layers of `src/`: each folder and the folders it may import. */
const layers = {
  i18n: [],
  util: [],
  bot: ['i18n', 'util'],
  puppets: ['util'],
  events: ['bot', 'i18n', 'util'],
  commands: ['bot', 'i18n', 'util'],
  remotes: ['commands', 'events', 'bot', 'i18n', 'util'],
  nodes: ['admin', 'commands', 'events', 'bot', 'remotes', 'puppets', 'i18n', 'util', 'editor'],
  admin: ['nodes', 'commands', 'events', 'bot', 'puppets', 'i18n', 'util'],
  editor: ['admin', 'nodes', 'commands', 'events', 'bot', 'puppets', 'i18n', 'util'],
  plugins: ['editor'],
  demo: ['bot', 'commands', 'events', 'nodes', 'puppets', 'remotes', 'admin', 'i18n', 'util'],
};

/** Where Wechaty's own classes may be seen; everywhere else speaks plain JSON. */
const wechatyFolders = ['bot', 'commands', 'events', 'puppets'];

const layerZones = Object.entries(layers).map(([folder, allowed]) => ({
  target: `./src/${folder}`,
  from: './src',
  except: [folder, ...allowed].map((name) => `./${name}`),
  message: `src/${folder} may import only: ${allowed.join(', ') || 'nothing of ours'} (see CONTRIBUTING.md).`,
}));

export default defineConfig(
  { ignores: ['dist', 'dist-dev', 'node_modules', '.demo', '.cache'] },
  js.configs.recommended,
  {
    files: ['**/*.ts'],
    extends: [tseslint.configs.strictTypeChecked, tseslint.configs.stylisticTypeChecked],
    plugins: { 'import-x': importX },
    languageOptions: { parserOptions: { projectService: true } },
    settings: { 'import-x/resolver': { node: { extensions: ['.ts', '.js', '.json'] } } },
    rules: {
      'import-x/no-restricted-paths': ['error', { zones: layerZones }],
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
      '@typescript-eslint/no-unused-vars': ['error', { ignoreRestSiblings: true }],
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      'max-lines': ['warn', { max: 300, skipBlankLines: true, skipComments: true }],
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
