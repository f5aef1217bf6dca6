import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { KeyValueStore } from '../../../../src/remotes/storage/key-value-store';
import { Outbox } from '../../../../src/remotes/storage/outbox';

describe('Outbox, damaged', () => {
  let folder: string;
  let store: KeyValueStore;
  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'damaged-outbox-'));
    store = await KeyValueStore.open(join(folder, 'store'), ({ message }) => assert.fail(message));
  });
  afterEach(async () => {
    await store.close();
    rmSync(folder, { recursive: true, force: true });
  });

  for (const prefix of ['["topic","', '["topic"]', '{"topic":1}', '[1,2]', '[null,""]', '["topic",7]', '[']) {
    it(`drops the message with the prefix ${prefix}, and publishes the others`, async () => {
      const key = (sequence: number, messages: number): string =>
        `o!0!${String(sequence).padStart(15, '0')}!${messages}!100`;
      const good = '["a/b",""]\t{"good":1}';
      await store.commit([
        { type: 'put', key: key(1, 2), value: `${prefix}\t{"bad":1}\n${good}` },
        { type: 'put', key: key(2, 1), value: good },
      ]);
      let dropped = 0;
      const outbox = new Outbox({
        store,
        maxBytes: 1_000_000,
        durable: true,
        onDropped: (lost) => (dropped += lost),
      });
      await outbox.open();
      for (let round = 0; round < 2; round += 1) {
        const message = outbox.next();
        assert.deepEqual(message?.message, { topic: 'a/b', body: '{"good":1}' });
        outbox.acknowledge(message);
      }
      assert.equal(outbox.next(), undefined);
      assert.deepEqual([outbox.pending, outbox.dropped, dropped], [0, 1, 1]);
    });
  }
});
