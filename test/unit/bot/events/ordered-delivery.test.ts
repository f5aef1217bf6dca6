import assert from 'node:assert/strict';
import { ConversationOrder, type Located } from '../../../../src/bot/events/ordered-delivery';
import type { BotEvent } from '../../../../src/bot/events';
import { SimulatedBot } from '../../../support/simulated-bot';

/** A promise settled by hand. */
function byHand<T>(): { promise: Promise<T>; resolve: (value: T) => void; reject: (error: Error) => void } {
  let resolve: (value: T) => void = () => undefined;
  let reject: (error: Error) => void = () => undefined;
  const promise = new Promise<T>((yes, no) => {
    resolve = yes;
    reject = no;
  });
  return { promise, resolve, reject };
}

const turn = () => new Promise((resolve) => setImmediate(resolve));

describe('the order of events', () => {
  it('is kept within a conversation, and one conversation does not hold up another', async () => {
    const order = new ConversationOrder();
    const delivered: string[] = [];
    const reads = new Map(['a1', 'a2', 'b1'].map((name) => [name, byHand<string>()]));
    const push = (name: string): void => {
      order.push(
        { conversation: name.charAt(0), read: () => reads.get(name)?.promise ?? name },
        (body) => delivered.push(body),
        assert.ifError,
      );
    };
    ['a1', 'a2', 'b1'].forEach(push);
    reads.get('b1')?.resolve('b1');
    reads.get('a2')?.resolve('a2');
    await turn();
    assert.deepEqual(delivered, ['b1']);
    reads.get('a1')?.resolve('a1');
    await turn();
    assert.deepEqual(delivered, ['b1', 'a1', 'a2']);
  });

  it('goes on after an event that cannot be located or read', async () => {
    const order = new ConversationOrder();
    const told: string[] = [];
    const push = (located: Located<string> | Promise<Located<string>>): void => {
      order.push(
        located,
        (body) => told.push(body),
        (error) => told.push((error as Error).message),
      );
    };
    push(Promise.reject(new Error('where?')));
    push({ conversation: 'a', read: () => Promise.reject(new Error('what?')) });
    push({ conversation: 'a', read: () => 'fine' });
    await turn();
    assert.deepEqual(told, ['where?', 'what?', 'fine']);
  });

  it('holds for a bot whose puppet takes its time', async () => {
    const simulated = await SimulatedBot.start({ simulator: { latency: 2 } });
    const { world } = simulated;
    const [room] = world.rooms();
    assert.ok(room);
    const last = simulated.next('message', (event) => textOf(event) === 'last');
    const alice = world.contact('Alice');
    for (let count = 0; count < 50; count += 1) {
      alice.say(`room ${count}`).in(room);
      alice.say(`direct ${count}`).to(world.self);
    }
    alice.say('last').in(room);
    await last;
    const texts = simulated.events.filter(({ event }) => event === 'message').map(textOf);
    const numbers = (kind: string): number[] =>
      texts.filter((text) => text.startsWith(kind)).map((text) => Number(text.split(' ')[1]));
    const upwards = Array.from({ length: 50 }, (_, index) => index);
    assert.deepEqual(numbers('room'), upwards);
    assert.deepEqual(numbers('direct'), upwards);
    await simulated.end();
  });
});

function textOf(event: BotEvent): string {
  return (event.message as { text: string }).text;
}
