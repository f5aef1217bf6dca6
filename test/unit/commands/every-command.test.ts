import assert from 'node:assert/strict';
import { Value } from 'typebox/value';
import { findCommand } from '../../../src/commands/run';
import { commands } from '../../../src/commands/table';
import { CommandedBot } from '../../support/commanded-bot';
import { accountUses } from './cases/account';
import { contactsUses } from './cases/contacts';
import { messagesUses } from './cases/messages';
import { roomsUses } from './cases/rooms';

const uses = { ...contactsUses, ...roomsUses, ...messagesUses, ...accountUses };

describe('every command', () => {
  let bot: CommandedBot;

  beforeEach(async () => {
    bot = await CommandedBot.start();
  });

  afterEach(() => bot.end());

  it('is used in this test', () => {
    assert.deepEqual(
      commands.map(({ name }) => name).filter((name) => !(name in uses)),
      [],
    );
  });

  for (const [name, use] of Object.entries(uses)) {
    for (const [index, { given, params, result, seen, expected }] of [use].flat().entries()) {
      it(`${name} does what it says${index === 0 ? '' : ` (${index + 1})`}`, async () => {
        const before = (await given?.(bot)) as { id: string };
        const answer = await bot.run(name, params?.(before));
        const schema = findCommand(name)?.result;
        assert.ok(schema && Value.Check(schema, answer), `fits its schema: ${JSON.stringify(answer)}`);
        if (result !== undefined) assert.deepEqual(answer, result);
        if (seen) assert.deepEqual(await seen(bot, answer, before), expected);
      });
    }
  }
});
