/** A short simulated chat, so that the demo has messages to show. */
import { setTimeout as delay } from 'node:timers/promises';
import type { Simulation } from '../puppets/simulator';

/** The steps of the chat, in order. */
const steps: readonly ((simulation: Simulation) => void)[] = [
  (simulation) => void simulation.contact('Ming').say('ding').to(simulation.self),
  (simulation) => void simulation.contact('Alice').say('ding').in(simulation.room('Team')),
  (simulation) => void simulation.contact('王芳').say('你好，请问价格是多少？').to(simulation.self),
  (simulation) => {
    simulation.contact('李雷').join(simulation.room('Team'));
  },
  (simulation) =>
    void simulation.contact('Bob').say('What are your opening hours?').in(simulation.room('Team')),
  (simulation) => void simulation.contact('Grace').requestFriend('ding! We met yesterday.'),
];

/**
 * Runs the chat.
 * @param find returns the simulation; undefined before the bot's first start and after its removal.
 * @param pauseMs the pause before each step.
 * @throws AbortError (rejects) when aborted.
 */
export async function runSimulatedChat(
  find: () => Simulation | undefined,
  pauseMs: number,
  signal: AbortSignal,
): Promise<void> {
  for (const step of steps) {
    await delay(pauseMs, undefined, { signal });
    const simulation = find();
    try {
      if (simulation) step(simulation);
    } catch {
      // A contact or room may have been changed meanwhile; the remaining steps still run.
    }
  }
}
