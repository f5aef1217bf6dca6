import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { Parser } from '@asyncapi/parser';
import { Compile } from 'typebox/schema';
import { parse } from 'yaml';
import { asyncApi, asyncApiFile } from '../../scripts/api-docs/mqtt';
import type { BotEvent } from '../../src/bot/events';
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

const document = parse(asyncApi()) as { components: object };

/** Whether something written for the wire is what the document says of the message. */
function assertFits(message: string, written: string): void {
  const { components } = document;
  const schema = Compile({ $ref: `#/components/messages/${message}/payload`, components });
  const [, problems] = schema.Errors(JSON.parse(written));
  const told = problems.map(({ instancePath, message: problem }) => `${instancePath} ${problem}`);
  assert.deepEqual(told, [], `${message}: ${written.slice(0, 2_000)}`);
}

describe('docs/asyncapi.yaml', () => {
  it('is what the tables say', () => {
    assert.equal(readFileSync(asyncApiFile, 'utf8'), asyncApi(), 'run npm run asyncapi');
  });

  it('is valid AsyncAPI 3 in the eyes of its own parser, and describes every event and command', async function () {
    this.timeout(60_000);
    const { document: parsed, diagnostics } = await new Parser().parse(asyncApi());
    const told = diagnostics.map(({ code, message, path }) => `${code}: ${path.join('.')}: ${message}`);
    // A newer minor version of AsyncAPI would shut out readers of 3.0.
    const problems = told.filter((problem) => !problem.startsWith('asyncapi-latest-version'));
    assert.deepEqual(problems, []);
    assert.ok(parsed);
    const operations = parsed
      .operations()
      .all()
      .map((operation) => operation.id());
    const events = parsed.channels().get('event')?.messages().all() ?? [];
    const missing = [
      ...commands.map(({ name }) => name).filter((name) => !operations.includes(name)),
      ...eventNames.filter((event) => !events.some((message) => message.name() === event)),
    ];
    assert.deepEqual(missing, []);
  });

  describe('holds for the answer to', () => {
    let bot: CommandedBot;
    beforeEach(async () => {
      bot = await CommandedBot.start();
    });
    afterEach(() => bot.stop());
    const query = ((command: string, params: object) => bot.run(command, { ...params })) as RunCommand;

    for (const [name, use] of Object.entries({
      ...contactsCases,
      ...roomsCases,
      ...messagesCases,
      ...accountCases,
    })) {
      it(name, async () => {
        for (const { arrange: given, params } of [use].flat()) {
          const before = (await given?.(bot)) as { id: string };
          const asked = (params?.(before) ?? {}) as Record<string, unknown>;
          const told = JSON.stringify({ reqId: '1', method: 'command', name, params: asked });
          // Only flows can give Buffers.
          if (!told.includes('"Buffer"')) assertFits(`${findCommand(name)?.name ?? ''}-command`, told);
          const result = await bot.run(name, toCommandParams(name, asked));
          if (!Array.isArray(result)) {
            assertFits(`${name}-answer`, encodeResponse('1', name, await mapResult(name, result, query)));
            continue;
          }
          for (const page of paginate(result, { size: 3 })) {
            const items = await Promise.all(page.items.map((item) => mapListItem(name, item, query)));
            const answer = { code: 200, message: 'success', params: { ...page, items } };
            assertFits(`${name}-answer`, encodeResponse('1', name, answer));
          }
        }
      });
    }
  });

  it('holds for the events of a busy day', async () => {
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
      const told = simulated.events;
      const happened = new Set(told.map(({ event }) => event));
      const wanted = [
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
        wanted.filter((name) => !happened.has(name as BotEvent['event'])),
        [],
      );
      for (const event of told) {
        for (const simple of [true, false]) {
          assertFits(
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
