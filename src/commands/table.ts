/** Everything a bot can be told. Nodes, remotes, pick lists and documents read this table and no other. */
import { accountCommands } from './account';
import type { Command } from './command';
import { contactCommands } from './contact';
import { friendshipCommands } from './friendship';
import { messageCommands } from './message';
import { messageContentCommands } from './message-content';
import { postCommands } from './post';
import { roomCommands } from './room';
import { roomInvitationCommands } from './room-invitation';
import { roomMemberCommands } from './room-member';
import { roomSayCommands } from './room-say';
import { sendCommands } from './send';
import { tagCommands } from './tag';

/** The table, in the order in which people look for things. */
export const commands: readonly Command[] = [
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
];
