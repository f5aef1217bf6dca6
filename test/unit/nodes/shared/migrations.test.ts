import assert from 'node:assert/strict';
import { existsSync, readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import {
  completeProperties,
  currentVersion,
  migrate,
  type Migrations,
} from '../../../../src/nodes/shared/migrations';
import type { Declaration } from '../../../../src/nodes/shared/declaration';

const load = createRequire(__filename);

/** Version 2 renames `who` to `to`; version 3 makes it a list. */
const migrations: Migrations = [
  ({ who, ...rest }) => ({ ...rest, to: who }),
  ({ to, ...rest }) => ({ ...rest, to: [to] }),
];
const defaults = { version: currentVersion(migrations), name: '', to: [] as string[] };

describe('migrate', () => {
  it('takes properties without a version for version 1', () => {
    assert.deepEqual(migrate({ who: 'Ming', name: 'a' }, migrations), {
      version: 3,
      name: 'a',
      to: ['Ming'],
    });
  });

  it('applies only the migrations after the saved version', () => {
    assert.deepEqual(migrate({ version: 2, to: 'Ming' }, migrations), { version: 3, to: ['Ming'] });
    assert.deepEqual(migrate({ version: 3, to: ['Ming'] }, migrations), { version: 3, to: ['Ming'] });
  });

  it('does not change properties of a newer version, nor its input', () => {
    const newer = { version: 4, recipients: 'Ming' };
    assert.deepEqual(migrate(newer, migrations), newer);
    const saved = Object.freeze({ who: 'Ming' });
    migrate(saved, migrations);
    assert.deepEqual(saved, { who: 'Ming' });
  });
});

describe('completeProperties', () => {
  it('migrates, keeps other properties and fills in defaults', () => {
    const saved = { id: 'node', who: 'Ming', name: undefined };
    const complete = completeProperties(saved, defaults, migrations);
    assert.deepEqual(complete, { id: 'node', version: 3, name: '', to: ['Ming'] });
  });

  const nodes = join(__dirname, '..', '..', '..', '..', 'src', 'nodes');
  for (const node of readdirSync(nodes).filter((name) => existsSync(join(nodes, name, 'properties.ts')))) {
    it(`completes a wechat-${node} saved without a version`, () => {
      const { declaration } = load(join(nodes, node, 'properties')) as {
        declaration: Declaration<object, object>;
      };
      const { version, ...rest } = declaration.defaults;
      assert.equal(version, currentVersion(declaration.migrations));
      const completed = completeProperties({}, declaration.defaults, declaration.migrations);
      assert.deepEqual(completed, { version, ...rest });
    });
  }
});
