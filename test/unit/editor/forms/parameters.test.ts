import assert from 'node:assert/strict';
import { commands } from '../../../../src/commands/table';
import { type Parameter, parametersOf } from '../../../../src/editor/forms/parameters';
import { accountUses } from '../../commands/cases/account';
import { contactsUses } from '../../commands/cases/contacts';
import { messagesUses } from '../../commands/cases/messages';
import { roomsUses } from '../../commands/cases/rooms';
import { CommandedBot, failure } from '../../../support/commanded-bot';

const uses = { ...contactsUses, ...roomsUses, ...messagesUses, ...accountUses };

function parametersNamed(command: string): Parameter[] {
  const found = commands.find(({ name }) => name === command);
  assert.ok(found, command);
  return parametersOf(found);
}

/** The kinds of a command's parameters that are no spare names. */
function kinds(command: string): Record<string, string> {
  const shown = parametersNamed(command).filter(({ spare }) => !spare);
  return Object.fromEntries(shown.map(({ name, kind, several }) => [name, several ? `${kind}s` : kind]));
}

describe('the form of a command', () => {
  describe('marks as needed what the command does not do without', () => {
    let bot: CommandedBot;

    beforeEach(async () => {
      bot = await CommandedBot.start();
    });

    afterEach(() => bot.end());

    for (const [command, use] of Object.entries(uses)) {
      const parameters = parametersNamed(command);
      const spare = parameters.filter((parameter) => parameter.spare).map(({ name }) => name);
      const needed = parameters.filter(({ required }) => required).map(({ name }) => name);
      if (needed.length === 0) continue;
      it(command, async () => {
        for (const { given, params } of [use].flat()) {
          const filled = (params?.((await given?.(bot)) as { id: string }) ?? {}) as Record<string, unknown>;
          const names = Object.keys(filled);
          const isNotAsked = needed.every(
            (name) => !names.includes(name) && !names.some((other) => spare.includes(other)),
          );
          assert.ok(!isNotAsked, `${command} works without ${needed.join(', ')}`);
          for (const missing of needed.filter((name) => names.includes(name))) {
            const without = Object.fromEntries(
              Object.entries(filled).filter(([name]) => name !== missing && !spare.includes(name)),
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

  it('asks for contacts, rooms and members where a parameter is one', () => {
    assert.deepEqual(kinds('roomSay'), {
      rooms: 'rooms',
      messageType: 'contentType',
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

  it('offers the choices, numbers and switches of the schema', () => {
    const byName = new Map(parametersNamed('messageImage').map((parameter) => [parameter.name, parameter]));
    assert.deepEqual(byName.get('type')?.choices, ['Thumbnail', 'HD', 'Artwork']);
    assert.equal(byName.get('maxBytes')?.kind, 'number');
    assert.deepEqual(
      ['conversationReadMarkSet', 'postLike', 'messageSay', 'roomAdd'].map(
        (command) => parametersNamed(command).find(({ kind }) => kind === 'switch')?.on,
      ),
      [true, true, false, false],
    );
  });
});
