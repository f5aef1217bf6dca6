import assert from 'node:assert/strict';
import { Value } from 'typebox/value';
import { findCommand } from '../../../src/commands/run';
import { commands } from '../../../src/commands/table';
import { CommandedBot } from '../../support/commanded-bot';
import { accountCases } from './cases/account';
import { contactsCases } from './cases/contacts';
import { messagesCases } from './cases/messages';
import { roomsCases } from './cases/rooms';

const cases = { ...contactsCases, ...roomsCases, ...messagesCases, ...accountCases };

describe('runCommand', () => {
  let bot: CommandedBot;

  beforeEach(async () => {
    bot = await CommandedBot.start();
  });

  afterEach(() => bot.stop());

  it('has a case for every command', () => {
    assert.deepEqual(
      commands.map(({ name }) => name).filter((name) => !(name in cases)),
      [],
    );
  });

  for (const [name, entry] of Object.entries(cases)) {
    for (const [index, { arrange, params, result, error, observe, expected }] of [entry].flat().entries()) {
      it(`runs ${name}${index === 0 ? '' : ` (case ${index + 1})`}`, async () => {
        const arranged = (await arrange?.(bot)) as { id: string };
        const running = bot.run(name, params?.(arranged));
        if (error !== undefined) {
          await assert.rejects(running, { code: error });
          return;
        }
        const actual = await running;
        const schema = findCommand(name)?.result;
        assert.ok(schema && Value.Check(schema, actual), `matches its schema: ${JSON.stringify(actual)}`);
        if (result !== undefined) assert.deepEqual(actual, result);
        if (observe) assert.deepEqual(await observe(bot, actual, arranged), expected);
      });
    }
  }
});
