/** Run in a process of its own, which ends by itself only if nothing is left behind. */
import { runPuppet } from './running-bot';

async function startAndStop(): Promise<void> {
  const puppet = await runPuppet();
  puppet.world.contact('Ming').say('ding').to();
  await puppet.stop();
}

void startAndStop();
