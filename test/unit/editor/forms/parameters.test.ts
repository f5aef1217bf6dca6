import assert from 'node:assert/strict';
import { commands } from '../../../../src/commands/table';
import { type Parameter, parametersOf } from '../../../../src/editor/forms/parameters.editor';
import type { JsonSchema } from '../../../../src/admin/api-types';
import { accountCases } from '../../commands/cases/account';
import { contactsCases } from '../../commands/cases/contacts';
import { messagesCases } from '../../commands/cases/messages';
import { roomsCases } from '../../commands/cases/rooms';
import { CommandedBot, failure } from '../../../support/commanded-bot';

const cases = { ...contactsCases, ...roomsCases, ...messagesCases, ...accountCases };

function parametersNamed(command: string): Parameter[] {
  const found = commands.find(({ name }) => name === command);
  assert.ok(found, command);
  return parametersOf(found);
}

/** The kinds of a command's parameters, aliases excluded. */
function kinds(command: string): Record<string, string> {
  const shown = parametersNamed(command).filter(({ isAlias }) => !isAlias);
  return Object.fromEntries(shown.map(({ name, kind, multiple }) => [name, multiple ? `${kind}s` : kind]));
}

describe('parametersOf', () => {
  describe('marks required parameters of the command', () => {
    let bot: CommandedBot;

    beforeEach(async () => {
      bot = await CommandedBot.start();
    });

    afterEach(() => bot.stop());

    for (const [command, testCase] of Object.entries(cases)) {
      const parameters = parametersNamed(command);
      const aliases = parameters.filter((parameter) => parameter.isAlias).map(({ name }) => name);
      const required = parameters.filter((parameter) => parameter.required).map(({ name }) => name);
      if (required.length === 0) continue;
      it(command, async () => {
        for (const { arrange, params } of [testCase].flat()) {
          const values = (params?.((await arrange?.(bot)) as { id: string }) ?? {}) as Record<
            string,
            unknown
          >;
          const names = Object.keys(values);
          const omitsRequired = required.every(
            (name) => !names.includes(name) && !names.some((other) => aliases.includes(other)),
          );
          assert.ok(!omitsRequired, `${command} works without ${required.join(', ')}`);
          for (const missing of required.filter((name) => names.includes(name))) {
            const without = Object.fromEntries(
              Object.entries(values).filter(([name]) => name !== missing && !aliases.includes(name)),
            );
            await assert.rejects(
              bot.run(command, without),
              failure('INVALID_PARAMS'),
              `${command} ${missing}`,
            );
          }
        }
      });
    }
  });

  it('returns the entity kinds contact, room, conversation and member', () => {
    assert.deepEqual(kinds('roomSay'), {
      rooms: 'rooms',
      messageType: 'content-type',
      messagePayload: 'content',
      filename: 'text',
      mentions: 'members',
    });
    assert.deepEqual(kinds('roomDel'), { id: 'room', contacts: 'members' });
    assert.deepEqual(kinds('contactAliasSet'), { id: 'contact', alias: 'text' });
    assert.deepEqual(kinds('messageForward'), { id: 'text', toContacts: 'conversations' });
    assert.deepEqual(kinds('roomInvitationAccept'), { id: 'text' });
    assert.deepEqual(kinds('friendshipAdd'), { id: 'contact', hello: 'text', roomId: 'room' });
  });

  it('returns choices, numbers and switches of the schema', () => {
    const byName = new Map(parametersNamed('messageImage').map((parameter) => [parameter.name, parameter]));
    assert.deepEqual(byName.get('type')?.choices, ['Thumbnail', 'HD', 'Artwork']);
    assert.equal(byName.get('maxBytes')?.kind, 'number');
    assert.deepEqual(
      ['conversationReadMarkSet', 'postLike', 'messageSay', 'roomAdd'].map(
        (command) => parametersNamed(command).find(({ kind }) => kind === 'switch')?.schema.default,
      ),
      [true, true, false, false],
    );
  });

  it('does not depend on descriptions', () => {
    // A parameter may be called description as well: its schema is no string.
    const reword = (key: string, value: unknown): unknown =>
      typeof value === 'string' && /^(x-)?description/.test(key) ? 'reworded' : value;
    const copy = (value: unknown): unknown => JSON.parse(JSON.stringify(value, reword));
    for (const { name, params } of commands) {
      const reworded = copy(params) as JsonSchema;
      assert.deepEqual(parametersOf({ name, params: reworded }), copy(parametersOf({ name, params })), name);
    }
  });
});
