import assert from 'node:assert/strict';
import { setImmediate } from 'node:timers/promises';
import { asTyped } from '../../../../src/events/table';
import { eventFilter } from '../../../../src/nodes/on-event/filter';
import { declaration } from '../../../../src/nodes/on-event/properties';
import { WholeNames } from '../../../../src/nodes/on-event/whole-names';
import { readProperties } from '../../../../src/nodes/runtime/read-properties';
import { SimulatedBot } from '../../../support/simulated-bot';

describe('WholeNames', () => {
  let simulated: SimulatedBot;
  beforeEach(async () => {
    simulated = await SimulatedBot.start();
  });
  afterEach(() => simulated.stop());

  const rename = async (room: string, topic: string): Promise<void> => {
    const renamed = simulated.nextEvent('room-topic');
    simulated.simulation.contact('Alice').rename(room, topic);
    await renamed;
  };

  /** Which of these rooms pass the filter `rooms`, typed as a text. */
  async function passing(rooms: string, topics: readonly string[]): Promise<string[]> {
    const names = new WholeNames(simulated.bot, { contacts: '', rooms });
    await names.lookUp();
    const matches = eventFilter(readProperties({ rooms }, declaration), (kind, text) =>
      names.has(kind, text),
    );
    const passed: string[] = [];
    for (const topic of topics) {
      const message = simulated.nextEvent(
        'message',
        (event) => (event.room as { topic?: string }).topic === topic,
      );
      simulated.simulation.contact('Alice').say('hello').in(topic);
      if (matches(asTyped(await message))) passed.push(topic);
    }
    return passed;
  }

  for (const separator of [', ', '，', ';', '；']) {
    it(`take a text with "${separator}" for one room, if there is one of this name`, async () => {
      const [first, second] = simulated.simulation
        .rooms()
        .filter(({ memberIds }) => memberIds.includes('wxid_alice'));
      assert.ok(first && second);
      await rename(second.topic, 'East');
      const text = `Sales${separator}East`;
      assert.deepEqual(await passing(text, [first.topic, 'East']), ['East']);
      await rename(first.topic, text);
      assert.deepEqual(await passing(text, [text, 'East']), [text]);
    });
  }

  it('follow the renames of rooms', async () => {
    const names = new WholeNames(simulated.bot, { contacts: '', rooms: 'Sales, East' });
    const end = names.start();
    await rename('Team', 'Sales, East');
    while (!names.has('rooms', 'Sales, East')) await setImmediate();
    assert.ok(!names.has('contacts', 'Sales, East'));
    await rename('Sales, East', 'Team');
    while (names.has('rooms', 'Sales, East')) await setImmediate();
    end();
  });
});
