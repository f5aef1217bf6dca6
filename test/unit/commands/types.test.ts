import { strict as assert } from 'node:assert';
import type { Bot } from '../../../src/bot/bot';
import { flowPolicy } from '../../../src/commands/command';
import { runCommand } from '../../../src/commands/run';
import type { CommandAlias, CommandName, ParamsOf, ResultOf, RunCommand } from '../../../src/commands/table';
import type { EventOf, TypedEvent } from '../../../src/events/table';

// What must not compile: `tsc` fails where an expected error is missing.

// @ts-expect-error a command that does not exist
export type UnknownCommand = ParamsOf<'roomSays'>;
// @ts-expect-error an alias is not a name
export type AliasAsName = ParamsOf<'contactAdd'>;
// @ts-expect-error a field that the result does not have
export type UnknownResultField = NonNullable<ResultOf<'contactFind'>>['remark'];
// @ts-expect-error an event that does not exist
export type UnknownEvent = EventOf<'room-joined'>;
// @ts-expect-error a field that the event does not have
export type UnknownEventField = EventOf<'room-join'>['invitees'];
// @ts-expect-error a field of another event
export type FieldOfAnotherEvent = EventOf<'login'>['message'];

async function callCommands(bot: Bot, run: RunCommand): Promise<void> {
  const { success, fail } = await run('roomSay', { rooms: ['team'], messagePayload: 'ding' });
  success[0]?.messageId?.trim();
  if (fail[0]?.error.code === 'NOT_FOUND') return;
  const contact = await runCommand(bot, 'contactFind', { id: 'ming' }, { files: flowPolicy });
  contact?.alias.trim();
  // @ts-expect-error a command that does not exist
  await run('roomSays', { rooms: ['team'] });
  // @ts-expect-error a parameter that the command does not have
  await run('roomSay', { room: 'team' });
  // @ts-expect-error a parameter of another type
  await run('contactFind', { id: 1 });
  // @ts-expect-error a required parameter is missing
  await run('messageFile', {});
  // @ts-expect-error the result is null where there is no such contact
  contact.alias.trim();
}

function narrowEvents(event: TypedEvent): string {
  if (event.event === 'message') return event.message.text;
  if (event.event === 'room-topic') return event.room.topic + event.oldTopic;
  // @ts-expect-error an event that does not exist
  return event.event === 'room-joined' ? '' : event.bot.id;
}

describe('CommandName, ParamsOf, ResultOf, TypedEvent', () => {
  it('follow from the tables', () => {
    const name: CommandName = 'messageToRecalled';
    const alias: CommandAlias = 'messageRecall';
    const params: ParamsOf<'roomFindAll'> = { members: 'ids', page: 1 };
    const result: ResultOf<'contactAliasGet'> = { id: name, alias };
    assert.deepEqual(
      { params, result },
      { params: { members: 'ids', page: 1 }, result: { id: name, alias } },
    );
    assert.deepEqual([callCommands.length, narrowEvents.length], [2, 1]);
  });
});
