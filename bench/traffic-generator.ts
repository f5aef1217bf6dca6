import type { World } from '../src/puppets/simulator';

/** Lets the friends of a bot speak by turns, to the bot and in the rooms both are in; say which turn it is. */
export function chatter(world: World): (turn: number) => void {
  const friends = world.contacts().filter(({ isFriend }) => isFriend);
  const rooms = world.rooms().filter(({ hasBot }) => hasBot);
  const speakers = friends.flatMap((friend) => [
    (text: string) => friend.say(text).to(world.self),
    ...rooms
      .filter(({ memberIds }) => memberIds.includes(friend.id))
      .map((room) => (text: string) => friend.say(text).in(room)),
  ]);
  return (turn) => void speakers[turn % speakers.length]?.(`message ${turn}`);
}
