import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { nodeTypes } from '../../scripts/node-tables';
import type { PropertyType } from '../../src/nodes/shared/property-types';
import type { EditorPage } from '../support/editor';
import type { FlowNode } from '../support/node-red';
import { openEditor, sharedNodeRed, useBrowser } from './fixture';

const load = createRequire(__filename);

type Types = Readonly<Record<string, PropertyType<unknown, unknown>>>;

/** The declared properties of a node type. */
function typesOf(type: string): Types {
  const { declaration } = load(`../../src/nodes/${type.replace('wechat-', '')}/properties.ts`) as {
    declaration: { types: Types };
  };
  return declaration.types;
}

/** Saved properties that inputs of a form cannot hold: a variable for each property, with and without its source. */
const savedForms: Readonly<Record<string, (types: Types) => Record<string, unknown>>> = {
  'variables for all properties': (types) =>
    Object.fromEntries(Object.keys(types).map((name) => [name, '${V}'])),
  'variables for all but words': (types) =>
    Object.fromEntries(
      Object.entries(types).map(([name, { kind, initial }]) => [name, kind === 'choice' ? initial : '${V}']),
    ),
  'lists that contain a variable': (types) =>
    Object.fromEntries(
      Object.entries(types).map(([name, { kind, initial }]) => [
        name,
        kind === 'list' ? ['unknown', '${V}'] : initial,
      ]),
    ),
  'lists of names': (types) =>
    Object.fromEntries(
      Object.entries(types).map(([name, { initial }]) => [
        name,
        ['from', 'rooms', 'to', 'mentions'].includes(name) ? ['Sales, East', 'wxid_ming'] : initial,
      ]),
    ),
  'no properties at all': () => ({}),
};

describe('forms', () => {
  useBrowser();
  const types = nodeTypes();
  let editor: EditorPage;

  /** The id of the node of a type with a saved form. */
  const idOf = (type: string, saved: string): string => `${type}-${saved}`.replace(/\W+/g, '-');

  const isBot = (type: string): boolean => type === 'wechat-bot';

  before(async function () {
    this.timeout(60_000);
    const nodeRed = await sharedNodeRed();
    const nodes = Object.entries(savedForms).flatMap(([saved, propertiesFor], row) =>
      types.flatMap((type, column): FlowNode[] => {
        const id = idOf(type, saved);
        const properties = propertiesFor(typesOf(type));
        const place = { z: 'tab', x: 150 + 220 * column, y: 60 + 80 * row, wires: [[]] };
        if (!isBot(type)) return [{ bot: 'forms-bot', ...properties, ...place, id, type }];
        return [
          { ...properties, id, type },
          { ...place, id: `holder-${id}`, type: 'wechat-on-event', bot: id },
        ];
      }),
    );
    await nodeRed.deploy([
      { id: 'tab', type: 'tab', label: 'Test', env: [] },
      { id: 'forms-bot', type: 'wechat-bot', name: 'Shop' },
      { id: 'picker', type: 'wechat-contact-say', bot: 'forms-bot', z: 'tab', x: 150, y: 600, wires: [[]] },
      ...nodes,
    ]);
    editor = await openEditor(nodeRed);
  });

  async function open(type: string, id: string): Promise<void> {
    await editor.openForm(isBot(type) ? `holder-${id}` : id);
    if (isBot(type)) await editor.editBot('edit');
  }

  async function done(type: string): Promise<void> {
    await editor.done(isBot(type) ? 'bot' : 'node');
    if (isBot(type)) await editor.cancel();
  }

  /** The properties of a node in the editor. */
  async function propertiesIn(id: string, names: string[]): Promise<Record<string, unknown>> {
    const all = await editor.red(
      (red, [node, wanted]) => {
        const found = red.nodes.node(node) ?? {};
        return Object.fromEntries(wanted.map((name) => [name, found[name]]));
      },
      [id, names] as const,
    );
    return all;
  }

  for (const [saved, propertiesFor] of Object.entries(savedForms)) {
    for (const type of types) {
      it(`of ${type} keep ${saved}`, async () => {
        const declared = typesOf(type);
        const defaults = Object.fromEntries(
          Object.entries(declared).map(([name, { initial }]) => [name, initial]),
        );
        const expected = { ...defaults, ...propertiesFor(declared) };
        // A bot cannot be chosen by a variable in this test: its form would be another one.
        if (!('bot' in propertiesFor(declared)) && 'bot' in declared) expected.bot = 'forms-bot';
        const id = idOf(type, saved);
        await open(type, id);
        await done(type);
        assert.deepEqual(await propertiesIn(id, Object.keys(declared)), expected);
      });
    }
  }

  it('save chosen names as a list, and typed ones as a text', async () => {
    let form = await editor.openForm('picker');
    const to = form.getByRole('combobox', { name: 'To' });
    for (const name of ['Alice', '小明']) {
      await to.click();
      await form.getByRole('option', { name: new RegExp(`^${name}`) }).click();
    }
    assert.equal(await to.inputValue(), 'wxid_alice, wxid_ming');
    await editor.done();
    assert.deepEqual(await propertiesIn('picker', ['to', 'toType']), {
      to: ['wxid_alice', 'wxid_ming'],
      toType: 'str',
    });
    form = await editor.openForm('picker');
    await form.getByRole('combobox', { name: 'To' }).fill('Ming, Alice');
    await editor.done();
    assert.deepEqual(await propertiesIn('picker', ['to']), { to: 'Ming, Alice' });
  });

  it('offer the usual input in place of a variable', async () => {
    const id = idOf('wechat-openwx-remote', 'variables for all properties');
    const form = await editor.openForm(id);
    const variable = form.getByRole('textbox', { name: 'stop_client may stop the bot' });
    assert.equal(await variable.inputValue(), '${V}');
    await form.getByRole('button', { name: 'stop_client may stop the bot: fill in here' }).click();
    await form.getByRole('checkbox', { name: 'stop_client may stop the bot' }).check();
    await form.getByRole('textbox', { name: 'Deny' }).fill('${DENIED}');
    await form.getByRole('button', { name: 'Allow: fill in here' }).click();
    await form
      .getByRole('group', { name: 'Allow' })
      .getByRole('checkbox', { name: /^contactSay/ })
      .check();
    await editor.done();
    assert.deepEqual(await propertiesIn(id, ['allowStop', 'allow', 'deny']), {
      allowStop: true,
      allow: ['contactSay'],
      deny: '${DENIED}',
    });
  });
});
