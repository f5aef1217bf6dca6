/** Run in a child process, which exits only if nothing keeps it alive. */
import { runPuppet } from './running-bot';

async function startAndStop(): Promise<void> {
  const puppet = await runPuppet();
  puppet.simulation.contact('Ming').say('ding').to();
  await puppet.stop();
}

void startAndStop();
