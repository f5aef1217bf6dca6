/** All commands. Nodes, remotes, pick lists, forms and documents are derived from this table. */
import type { Static } from 'typebox';
import { accountCommands } from './account';
import type { Command } from './command';
import { contactCommands } from './contact';
import { friendshipCommands } from './friendship';
import { messageCommands } from './message';
import { messageContentCommands } from './message-content';
import { peopleCommands } from './people';
import { postCommands } from './post';
import { roomCommands } from './room';
import { roomInvitationCommands } from './room-invitation';
import { roomMemberCommands } from './room-member';
import { roomSayCommands } from './room-say';
import { sendCommands } from './send';
import { tagCommands } from './tag';

const table = [
  ...sendCommands,
  ...contactCommands,
  ...tagCommands,
  ...roomSayCommands,
  ...roomCommands,
  ...roomMemberCommands,
  ...roomInvitationCommands,
  ...messageCommands,
  ...messageContentCommands,
  ...friendshipCommands,
  ...postCommands,
  ...accountCommands,
  ...peopleCommands,
];

/** All commands, in the order in which documents and pick lists show them. */
export const commands: readonly Command[] = table;

type Entry = (typeof table)[number];
type Table = { readonly [E in Entry as E['name']]: E };

/** The name of a command. */
export type CommandName = keyof Table;

/** Another name of a command, which older clients use. */
export type CommandAlias = NonNullable<Entry['aliases']>[number];

/** The parameters of a command. */
export type ParamsOf<Name extends CommandName> = Static<Table[Name]['params']>;

/** The result of a command. */
export type ResultOf<Name extends CommandName> = Static<Table[Name]['result']>;

/**
 * Runs a command whose name is known at compile time; `Extra` are further arguments of a certain runner.
 * @throws WechatError
 */
export type RunCommand<Extra extends unknown[] = []> = <Name extends CommandName>(
  name: Name,
  params: ParamsOf<Name>,
  ...extra: Extra
) => Promise<ResultOf<Name>>;
