import js from '@eslint/js';
import { defineConfig } from 'eslint/config';
import { importX } from 'eslint-plugin-import-x';
import tseslint from 'typescript-eslint';

/** The arrows between the rooms of `src/`: each room and the rooms it may import. */
const rooms = {
  texts: [],
  bot: ['texts'],
  puppets: [],
  events: ['bot'],
  commands: ['bot'],
  remotes: ['commands', 'events', 'bot'],
  nodes: ['commands', 'events', 'bot', 'remotes', 'puppets', 'texts'],
  sidebar: ['bot', 'puppets', 'nodes'],
  demo: ['bot', 'commands', 'events', 'nodes', 'puppets', 'remotes', 'sidebar', 'texts'],
};

/** Where Wechaty's own classes may be seen; everywhere else speaks plain JSON. */
const wechatyRooms = ['bot', 'commands', 'events', 'puppets'];

const arrows = Object.entries(rooms).map(([room, allowed]) => ({
  target: `./src/${room}`,
  from: './src',
  except: [room, ...allowed].map((name) => `./${name}`),
  message: `src/${room} may import only: ${allowed.join(', ') || 'nothing of ours'} (see CONTRIBUTING.md).`,
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
      'import-x/no-restricted-paths': ['error', { zones: arrows }],
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
      '@typescript-eslint/no-unused-vars': ['error', { ignoreRestSiblings: true }],
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      'max-lines': ['warn', { max: 300, skipBlankLines: true, skipComments: true }],
    },
  },
  {
    files: ['src/**/*.ts'],
    ignores: wechatyRooms.map((room) => `src/${room}/**`),
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
