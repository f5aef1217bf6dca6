import assert from 'node:assert/strict';
import { parse } from 'yaml';
import { asyncApi } from '../../scripts/api-docs/mqtt';
import { findCommand } from '../../src/commands/run';
import { commands, type RunCommand } from '../../src/commands/table';
import { asTyped, eventNames } from '../../src/events/table';
import { mapListItem, mapResult, toCommandParams } from '../../src/remotes/mqtt/codec/response-mappers';
import { encodeEvent, encodeResponse } from '../../src/remotes/mqtt/codec/codec';
import { mapEvent } from '../../src/remotes/mqtt/codec/event-mappers';
import { paginate } from '../../src/remotes/mqtt/codec/pagination';
import { accountCases } from '../unit/commands/cases/account';
import { contactsCases } from '../unit/commands/cases/contacts';
import { messagesCases } from '../unit/commands/cases/messages';
import { roomsCases } from '../unit/commands/cases/rooms';
import { CommandedBot } from '../support/commanded-bot';
import { SimulatedBot } from '../support/simulated-bot';
import { parseAsyncApi, schemaErrors } from './api-description';

const { components } = parse(asyncApi()) as { components: object };

/** Asserts that an encoded message matches its schema. */
function assertMatches(message: string, encoded: string): void {
  const errors = schemaErrors(
    { components },
    `#/components/messages/${message}/payload`,
    JSON.parse(encoded),
  );
  assert.deepEqual(errors, [], `${message}: ${encoded.slice(0, 2_000)}`);
}

describe('docs/asyncapi.yaml', () => {
  it('is valid AsyncAPI 3 and describes every event and command', async function () {
    this.timeout(60_000);
    const { operations, messages } = await parseAsyncApi(asyncApi());
    const missing = [
      ...commands.map(({ name }) => name).filter((name) => !operations.includes(name)),
      ...eventNames.filter((name) => !messages.event?.includes(name)),
    ];
    assert.deepEqual(missing, []);
  });

  describe('matches the response to', () => {
    let bot: CommandedBot;
    beforeEach(async () => {
      bot = await CommandedBot.start();
    });
    afterEach(() => bot.stop());
    const query = ((command: string, params: object) => bot.run(command, { ...params })) as RunCommand;

    for (const [name, entry] of Object.entries({
      ...contactsCases,
      ...roomsCases,
      ...messagesCases,
      ...accountCases,
    })) {
      it(name, async () => {
        for (const { arrange, params: paramsOf, error } of [entry].flat()) {
          const arranged = (await arrange?.(bot)) as { id: string };
          const params = (paramsOf?.(arranged) ?? {}) as Record<string, unknown>;
          const command = JSON.stringify({ reqId: '1', method: 'command', name, params });
          // Only flows can send Buffers.
          if (!command.includes('"Buffer"'))
            assertMatches(`${findCommand(name)?.name ?? ''}-command`, command);
          // What the simulator cannot do has no response here.
          if (error !== undefined) continue;
          const result = await bot.run(name, toCommandParams(name, params));
          if (!Array.isArray(result)) {
            assertMatches(`${name}-answer`, encodeResponse('1', name, await mapResult(name, result, query)));
            continue;
          }
          for (const page of paginate(result, { size: 3 })) {
            const items = await Promise.all(page.items.map((item) => mapListItem(name, item, query)));
            const response = { code: 200, message: 'success', params: { ...page, items } };
            assertMatches(`${name}-answer`, encodeResponse('1', name, response));
          }
        }
      });
    }
  });

  it('matches the events of a simulation', async () => {
    const simulated = await SimulatedBot.create({ simulator: { login: 'scan' } });
    try {
      const { bot, simulation } = simulated;
      bot.start();
      await simulated.untilState('scanning');
      await simulation.scan();
      await simulated.untilState('ready');
      const team = simulation.room('Team');
      const [ming, grace, leilei] = [
        simulation.contact('Ming'),
        simulation.contact('Grace'),
        simulation.contact('李雷'),
      ];
      ming.say('ding').to(simulation.self);
      ming.say({ kind: 'image', name: 'x.png', data: Buffer.from('x') }).in(team);
      grace.requestFriend('hello');
      leilei.join(team);
      ming.rename(team, 'Team 2');
      leilei.leave(team);
      await simulated.nextEvent('room-leave');
      simulated.puppetError('the network hiccups');
      await simulated.nextEvent('error');
      await bot.stop();
      const { events } = simulated;
      const emitted = new Set(events.map(({ event }) => event));
      const expected = [
        'scan',
        'login',
        'ready',
        'message',
        'friendship',
        'room-join',
        'room-topic',
        'room-leave',
      ];
      assert.deepEqual(
        expected.filter((name) => !emitted.has(name)),
        [],
      );
      for (const event of events) {
        for (const simple of [true, false]) {
          assertMatches(
            event.event,
            encodeEvent(event.event, mapEvent(asTyped(event), simple), event.timestamp),
          );
        }
      }
    } finally {
      await simulated.stop();
    }
  });
});
