import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import {
  appendFileSync,
  cpSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { KeyValueStore } from '../../../../src/remotes/storage/key-value-store';
import type { StoreOperation } from '../../../../src/remotes/storage/store-operation';

/** Where the keys of the test are: in a table, in the log of the database, and in the write-ahead log. */
const places = ['table', 'log', 'journal'] as const;
type Place = (typeof places)[number];

/** Number of keys in each place. */
const count = 300;

const unexpected = ({ message }: Error): void => {
  assert.fail(message);
};

const flip = (path: string, part: number): void => {
  const bytes = readFileSync(path);
  const at = Math.floor(bytes.length * part);
  for (let index = at; index < at + 4; index += 1) bytes[index] = (bytes[index] ?? 0) ^ 0x55;
  writeFileSync(path, bytes);
};
const cut = (path: string, part: number): void => {
  truncateSync(path, Math.floor(statSync(path).size * part));
};
const insert = (path: string, text: string): void => {
  const content = readFileSync(path, 'utf8');
  const middle = content.indexOf('\n', content.length / 2) + 1;
  writeFileSync(path, content.slice(0, middle) + text + content.slice(middle));
};

/** The files of a store by their kind. */
const filesOf = (directory: string, kind: RegExp): string[] =>
  readdirSync(directory)
    .filter((name) => kind.test(name))
    .map((name) => join(directory, name));

interface Damage {
  readonly title: string;
  readonly file: RegExp;
  readonly damage: (path: string) => void;
  /** What is complete nevertheless. */
  readonly intact: readonly Place[];
  /** How many of the others are left at least. */
  readonly left?: number;
}

const ldb = /\.ldb$/;
const log = /^\d+\.log$/;
const journal = /^journal$/;
const damages: readonly Damage[] = [
  ...[0.01, 0.2, 0.5, 0.8, 0.999].map((part) => ({
    title: `flipped bits at ${part} of a table`,
    file: ldb,
    damage: (path: string) => {
      flip(path, part);
    },
    intact: ['log', 'journal'] as const,
  })),
  {
    title: 'a table cut in half',
    file: ldb,
    damage: (path) => {
      cut(path, 0.5);
    },
    intact: ['log', 'journal'],
  },
  {
    title: 'an empty table',
    file: ldb,
    damage: (path) => {
      cut(path, 0);
    },
    intact: ['log', 'journal'],
  },
  { title: 'a missing table', file: ldb, damage: rmSync, intact: ['log', 'journal'] },
  ...[0.01, 0.5, 0.99].map((part) => ({
    title: `flipped bits at ${part} of the log`,
    file: log,
    damage: (path: string) => {
      flip(path, part);
    },
    intact: ['table', 'journal'] as const,
  })),
  {
    title: 'a log cut in half',
    file: log,
    damage: (path) => {
      cut(path, 0.5);
    },
    intact: ['table', 'journal'],
    left: 50,
  },
  {
    title: 'an empty log',
    file: log,
    damage: (path) => {
      cut(path, 0);
    },
    intact: ['table', 'journal'],
  },
  ...[0.001, 0.3, 0.6, 0.999].map((part) => ({
    title: `flipped bits at ${part} of the write-ahead log`,
    file: journal,
    damage: (path: string) => {
      flip(path, part);
    },
    intact: ['table', 'log'] as const,
    left: count - 2,
  })),
  {
    title: 'a write-ahead log cut in half',
    file: journal,
    damage: (path) => {
      cut(path, 0.5);
    },
    intact: ['table', 'log'],
    left: 100,
  },
  ...[
    '[]\n\n',
    '{}\n',
    'null\n',
    '7\n',
    '[1,[]]\n\n',
    '[9,["a",-1]]\n\n',
    '[1,["a",1e99]]\n',
    '00000000[5]\n\n',
    '\u0000\n',
    'garbage',
  ].map((text) => ({
    title: `${JSON.stringify(text)} in the write-ahead log`,
    file: journal,
    damage: (path: string) => {
      insert(path, text);
    },
    intact: ['table', 'log'] as const,
    left: count - 1,
  })),
  {
    title: 'an incomplete last entry',
    file: journal,
    damage: (path) => {
      appendFileSync(path, '12345678[99,["k!2",3]]\ntw');
    },
    intact: places,
  },
  {
    title: 'bytes that are not UTF-8 as write-ahead log',
    file: journal,
    damage: (path) => {
      writeFileSync(path, Buffer.alloc(5000, 0xff));
    },
    intact: ['table', 'log'],
  },
  { title: 'no CURRENT', file: /^CURRENT$/, damage: rmSync, intact: places },
  {
    title: 'garbage in CURRENT',
    file: /^CURRENT$/,
    damage: (path) => {
      writeFileSync(path, 'x');
    },
    intact: places,
  },
  {
    title: 'a CURRENT that names no file',
    file: /^CURRENT$/,
    damage: (path) => {
      writeFileSync(path, 'MANIFEST-999999\n');
    },
    intact: places,
  },
  {
    title: 'flipped bits in the manifest',
    file: /^MANIFEST/,
    damage: (path) => {
      flip(path, 0.3);
    },
    intact: places,
  },
  {
    title: 'an empty manifest',
    file: /^MANIFEST/,
    damage: (path) => {
      cut(path, 0);
    },
    intact: places,
  },
];

describe('KeyValueStore, damaged', () => {
  let folder: string;
  let original: string;

  before(async () => {
    folder = mkdtempSync(join(tmpdir(), 'damaged-store-'));
    const directory = join(folder, 'store');
    const put = (place: Place, index: number): StoreOperation => ({
      type: 'put',
      key: `${place}!${String(index).padStart(4, '0')}`,
      // The same in each run, so that the damage hits the same place.
      value: JSON.stringify({
        place,
        index,
        filling: createHash('sha256').update(`${index}`).digest('hex').repeat(4),
      }),
    });
    const operations = (place: Place): StoreOperation[] =>
      Array.from({ length: count }, (_, index) => put(place, index));
    let store = await KeyValueStore.open(directory, unexpected);
    for (const operation of operations('table')) await store.commit([operation]);
    await store.close();
    // Opening writes the log into a table.
    store = await KeyValueStore.open(directory, unexpected);
    for (const operation of operations('log')) await store.commit([operation]);
    for (const operation of operations('journal')) void store.commitToLog([operation]);
    // What is in the database 25 ms later is now in the write-ahead log only, as after a kill.
    original = join(folder, 'original');
    cpSync(directory, original, { recursive: true });
    await store.close();
    assert.ok(filesOf(original, ldb).length === 1 && filesOf(original, log).length === 1);
  });
  after(() => {
    rmSync(folder, { recursive: true, force: true });
  });

  const countKeys = async (store: KeyValueStore, place: Place): Promise<number> => {
    let found = 0;
    for await (const [key, value] of store.entries(`${place}!`)) {
      const parsed = JSON.parse(value) as { place: string; index: number };
      assert.deepEqual([parsed.place, parsed.index], [place, Number(key.slice(-4))]);
      found += 1;
    }
    return found;
  };

  for (const { title, file, damage, intact, left = 0 } of damages) {
    it(`goes on with ${title}, once`, async () => {
      const directory = join(mkdtempSync(join(folder, 'case-')), 'store');
      cpSync(original, directory, { recursive: true });
      for (const path of filesOf(directory, file)) damage(path);
      const isDataOnly = file === ldb;
      const problems: string[] = [];
      const store = await KeyValueStore.open(directory, ({ key, message }) =>
        problems.push(`${key} ${message}`),
      );
      const found = new Map<Place, number>();
      for (const place of places) found.set(place, await countKeys(store, place));
      const isHarmless = [...found.values()].every((number) => number === count) && isDataOnly;
      assert.ok(
        problems.every((one) => one.startsWith('storeDamaged')),
        problems.join(),
      );
      // Bits of outdated records, or unused ones, do not matter.
      assert.ok(isHarmless || store.damaged > 0);
      assert.equal(store.damaged > 0, problems.length > 0);
      for (const place of places)
        assert.ok(
          (found.get(place) ?? 0) >= (intact.includes(place) ? count : left),
          JSON.stringify([...found]),
        );
      await store.commit([{ type: 'put', key: 'new!1', value: 'new' }]);
      await store.close();
      const again = await KeyValueStore.open(directory, ({ message }) => assert.fail(message));
      assert.equal(again.get('new!1'), 'new');
      for (const place of places) assert.equal(await countKeys(again, place), found.get(place));
      await again.close();
    });
  }

  it('keeps what is damaged', async () => {
    const directory = join(mkdtempSync(join(folder, 'case-')), 'store');
    cpSync(original, directory, { recursive: true });
    const path = join(directory, 'journal');
    flip(path, 0.5);
    const damaged = readFileSync(path);
    const store = await KeyValueStore.open(directory, () => undefined);
    await store.close();
    const [kept = ''] = filesOf(join(directory, 'lost'), /^journal/);
    assert.ok(existsSync(kept) && readFileSync(kept).equals(damaged));
  });
});
