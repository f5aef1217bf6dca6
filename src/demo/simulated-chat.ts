/** The simulated friends of the demo, who begin to talk so that there is something to see. */
import { setTimeout as delay } from 'node:timers/promises';
import type { World } from '../puppets/simulator';

/** What happens, one after the other. */
const script: readonly ((world: World) => void)[] = [
  (world) => void world.contact('Ming').say('ding').to(world.self),
  (world) => void world.contact('Alice').say('ding').in(world.room('Team')),
  (world) => void world.contact('王芳').say('你好，请问价格是多少？').to(world.self),
  (world) => {
    world.contact('李雷').join(world.room('Team'));
  },
  (world) => void world.contact('Bob').say('What are your opening hours?').in(world.room('Team')),
  (world) => void world.contact('Grace').requestFriend('ding! We met yesterday.'),
];

/**
 * Lets them talk, with a pause in between; ends early when aborted.
 * @param world finds the world, which begins when the bot does and ends when somebody deletes it.
 * @param pause in ms.
 */
export async function letFriendsTalk(
  world: () => World | undefined,
  pause: number,
  signal: AbortSignal,
): Promise<void> {
  for (const happens of script) {
    await delay(pause, undefined, { signal });
    const present = world();
    try {
      if (present) happens(present);
    } catch {
      // In a world that somebody has changed a friend or a room may be gone; the others go on.
    }
  }
}
