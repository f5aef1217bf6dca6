/**
 * A puppet server with a simulated WeChat behind it, to be run as a process of its own:
 * `fork('puppet-server.ts', [endpoint, token])`. It tells its parent of every message of its world and does what the
 * parent asks for; see `service.test.ts`.
 */
import { PuppetServer } from 'wechaty-puppet-service';
import { PuppetSimulator, type WorldMessage } from '../../src/puppets/simulator';

/** What the parent can ask for: somebody to say something to the bot, or a graceful end. */
export type Wish = { readonly who: string; readonly say: string } | 'end';

/** What the server tells its parent. */
export type Told =
  { readonly said: Pick<WorldMessage, 'id' | 'talkerId' | 'listenerId' | 'content'> } | 'listening';

const [endpoint = '', token = ''] = process.argv.slice(2);
const puppet = new PuppetSimulator();
const { world } = puppet;
const server = new PuppetServer({ endpoint, puppet, token });

function tell(told: Told): void {
  process.send?.(told);
}

world.on('message', ({ id, talkerId, listenerId, content }) => {
  tell({ said: { id, talkerId, listenerId, content } });
});
process.on('message', (wish: Wish) => {
  if (wish !== 'end') {
    world.contact(wish.who).say(wish.say).to();
    return;
  }
  void server.stop().then(() => {
    process.exit();
  });
});
process.on('disconnect', () => process.exit());
void server.start().then(() => {
  tell('listening');
});
