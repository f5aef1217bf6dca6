/** Simulated message traffic. */
import type { Simulation } from '../src/puppets/simulator';

/** Creates a function that sends message number `turn` from the bot's friends in rotation, direct and in rooms. */
export function createTraffic(simulation: Simulation): (turn: number) => void {
  const friends = simulation.contacts().filter(({ isFriend }) => isFriend);
  const rooms = simulation.rooms().filter(({ hasBot }) => hasBot);
  const speakers = friends.flatMap((friend) => [
    (text: string) => friend.say(text).to(simulation.self),
    ...rooms
      .filter(({ memberIds }) => memberIds.includes(friend.id))
      .map((room) => (text: string) => friend.say(text).in(room)),
  ]);
  return (turn) => void speakers[turn % speakers.length]?.(`message ${turn}`);
}
