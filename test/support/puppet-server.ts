/**
 * A puppet server on a simulation, to be run in a child process: `fork('puppet-server.ts', [endpoint, token])`. It
 * reports every message of the simulation to the parent process and executes the parent's requests.
 */
import { PuppetServer } from 'wechaty-puppet-service';
import { PuppetSimulator, type SimulatedMessage } from '../../src/puppets/simulator';

/** A request of the parent: a message from a contact to the bot, or a graceful shutdown. */
export type ParentRequest = { readonly contact: string; readonly text: string } | 'end';

/** A report to the parent. */
export type ServerReport =
  { readonly message: Pick<SimulatedMessage, 'id' | 'talkerId' | 'listenerId' | 'content'> } | 'listening';

const [endpoint = '', token = ''] = process.argv.slice(2);
const puppet = new PuppetSimulator();
const { simulation } = puppet;
const server = new PuppetServer({ endpoint, puppet, token });

function report(serverReport: ServerReport): void {
  process.send?.(serverReport);
}

simulation.on('message', ({ id, talkerId, listenerId, content }) => {
  report({ message: { id, talkerId, listenerId, content } });
});
process.on('message', (request: ParentRequest) => {
  if (request !== 'end') {
    simulation.contact(request.contact).say(request.text).to();
    return;
  }
  void server.stop().then(() => {
    process.exit();
  });
});
process.on('disconnect', () => process.exit());
void server.start().then(() => {
  report('listening');
});
