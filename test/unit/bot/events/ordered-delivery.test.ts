import assert from 'node:assert/strict';
import { OrderedDelivery, type KeyedRead } from '../../../../src/bot/events/ordered-delivery';
import type { BotEvent } from '../../../../src/bot/events';
import { SimulatedBot } from '../../../support/simulated-bot';

/** A promise with its resolvers. */
function deferred<T>(): { promise: Promise<T>; resolve: (value: T) => void; reject: (error: Error) => void } {
  let resolve: (value: T) => void = () => undefined;
  let reject: (error: Error) => void = () => undefined;
  const promise = new Promise<T>((yes, no) => {
    resolve = yes;
    reject = no;
  });
  return { promise, resolve, reject };
}

const nextTurn = () => new Promise((resolve) => setImmediate(resolve));

describe('OrderedDelivery', () => {
  it('keeps the order within a conversation without blocking others', async () => {
    const delivery = new OrderedDelivery();
    const delivered: string[] = [];
    const reads = new Map(['a1', 'a2', 'b1'].map((name) => [name, deferred<string>()]));
    const push = (name: string): void => {
      delivery.push(
        { conversation: name.charAt(0), read: () => reads.get(name)?.promise ?? name },
        (body) => delivered.push(body),
        assert.ifError,
      );
    };
    ['a1', 'a2', 'b1'].forEach(push);
    reads.get('b1')?.resolve('b1');
    reads.get('a2')?.resolve('a2');
    await nextTurn();
    assert.deepEqual(delivered, ['b1']);
    reads.get('a1')?.resolve('a1');
    await nextTurn();
    assert.deepEqual(delivered, ['b1', 'a1', 'a2']);
  });

  it('continues after events that cannot be located or read', async () => {
    const order = new OrderedDelivery();
    const results: string[] = [];
    const push = (located: KeyedRead<string> | Promise<KeyedRead<string>>): void => {
      order.push(
        located,
        (body) => results.push(body),
        (error) => results.push((error as Error).message),
      );
    };
    push(Promise.reject(new Error('where?')));
    push({ conversation: 'a', read: () => Promise.reject(new Error('what?')) });
    push({ conversation: 'a', read: () => 'fine' });
    await nextTurn();
    assert.deepEqual(results, ['where?', 'what?', 'fine']);
  });

  it('keeps the order of a slow puppet’s messages', async () => {
    const simulated = await SimulatedBot.start({ simulator: { latency: 2 } });
    const { simulation } = simulated;
    const [room] = simulation.rooms();
    assert.ok(room);
    const last = simulated.nextEvent('message', (event) => textOf(event) === 'last');
    const alice = simulation.contact('Alice');
    for (let count = 0; count < 50; count += 1) {
      alice.say(`room ${count}`).in(room);
      alice.say(`direct ${count}`).to(simulation.self);
    }
    alice.say('last').in(room);
    await last;
    const texts = simulated.events.filter(({ event }) => event === 'message').map(textOf);
    const numbers = (kind: string): number[] =>
      texts.filter((text) => text.startsWith(kind)).map((text) => Number(text.split(' ')[1]));
    const upwards = Array.from({ length: 50 }, (_, index) => index);
    assert.deepEqual(numbers('room'), upwards);
    assert.deepEqual(numbers('direct'), upwards);
    await simulated.stop();
  });
});

function textOf(event: BotEvent): string {
  return (event.message as { text: string }).text;
}
