/** How fast a flow answers: a friend writes, on-event and message-reply answer, the friend has it. */
import type { WorldMessage } from '../../src/puppets/simulator';
import { startNodeRed } from '../embedded-node-red';
import { figure, type Row } from '../result-row';
import { median, quantile } from '../statistics';

const rounds = 5;
/** Answers per round, one after the other for the latency and many at once for the throughput. */
const answers = 2_000;
/** Questions that wait for an answer at the same time. */
const atOnce = 50;

/** Asks with this number and resolves when the answer is there. */
type Ask = (number: number) => Promise<void>;

/** Those who wait for an answer, by what they asked. */
class Answers {
  readonly #waiting = new Map<string, () => void>();

  /** Asks, and resolves when `arrived` was told the same text. */
  to(text: string, ask: (text: string) => void): Promise<void> {
    return new Promise((resolve) => {
      this.#waiting.set(text, resolve);
      ask(text);
    });
  }

  arrived(text: unknown): void {
    if (typeof text !== 'string') return;
    this.#waiting.get(text)?.();
    this.#waiting.delete(text);
  }
}

async function perSecond(ask: Ask): Promise<number> {
  const start = performance.now();
  let asked = 0;
  const person = async (): Promise<void> => {
    while (asked < answers) await ask(asked++);
  };
  await Promise.all(Array.from({ length: atOnce }, person));
  return (answers / (performance.now() - start)) * 1000;
}

async function latencies(ask: Ask): Promise<number[]> {
  const found: number[] = [];
  for (let number = 0; number < answers; number += 1) {
    const start = performance.now();
    await ask(number);
    found.push(performance.now() - start);
  }
  return found;
}

/** The rows about round trips. */
export async function measure(): Promise<Row[]> {
  const plain = new Answers();
  const replies = new Answers();
  const nodeRed = await startNodeRed(
    [
      { id: 'bot', type: 'wechat-bot', name: 'Shop' },
      { id: 'hear', type: 'wechat-on-event', bot: 'bot', events: ['message'], wires: [['reply']] },
      { id: 'reply', type: 'wechat-message-reply', bot: 'bot', wires: [[]] },
      { id: 'inject', type: 'inject', props: [], wires: [['function']] },
      { id: 'function', type: 'function', func: 'return msg;', outputs: 1, wires: [['sink']] },
      { id: 'sink', type: 'bench-sink', wires: [] },
    ],
    (_sink, msg) => {
      plain.arrived((msg as { payload?: unknown }).payload);
    },
  );
  const world = await nodeRed.world('bot');
  const friends = world.contacts().filter(({ isFriend }) => isFriend);
  const self = world.self.id;
  world.on('message', ({ talkerId, text }: WorldMessage) => {
    if (talkerId === self) replies.arrived(text);
  });
  const inject = nodeRed.node('inject');
  const asks: Readonly<Record<'reply' | 'plain', Ask>> = {
    reply: (number) =>
      replies.to(`question ${number}`, (text) => friends[number % friends.length]?.say(text).to(world.self)),
    plain: (number) => plain.to(`question ${number}`, (payload) => inject.receive({ payload })),
  };

  const speeds: Record<keyof typeof asks, number[]> = { reply: [], plain: [] };
  const waits: Record<keyof typeof asks, number[]> = { reply: [], plain: [] };
  for (let round = 0; round <= rounds; round += 1) {
    for (const kind of ['reply', 'plain'] as const) {
      const speed = await perSecond(asks[kind]);
      const times = await latencies(asks[kind]);
      // The first round only warms up.
      if (round === 0) continue;
      speeds[kind].push(speed);
      waits[kind].push(...times);
    }
  }
  await nodeRed.stop();

  const microseconds = (kind: keyof typeof asks, share: number): string =>
    figure(quantile(waits[kind], share) * 1000);
  const wait = (kind: keyof typeof asks): string =>
    `${microseconds(kind, 0.5)} / ${microseconds(kind, 0.99)} µs`;
  const shares = speeds.reply.map((speed, round) => speed / (speeds.plain[round] ?? speed));
  return [
    {
      name: {
        'en-US': 'round trips friend → on-event → message-reply → friend; beside: inject → function',
        'zh-CN': '往返：好友 → on-event → message-reply → 好友；对照：inject → function',
      },
      measured: `${figure(median(speeds.reply))}/s`,
      beside: `${figure(median(speeds.plain))}/s`,
      value: `${figure(median(shares))}×`,
    },
    {
      name: {
        'en-US': 'their latency, p50 / p99; beside: inject → function',
        'zh-CN': '往返延迟 p50 / p99；对照：inject → function',
      },
      measured: wait('reply'),
      beside: wait('plain'),
      value: `${figure(quantile(waits.reply, 0.5) / quantile(waits.plain, 0.5))}× / ${figure(
        quantile(waits.reply, 0.99) / quantile(waits.plain, 0.99),
      )}×`,
    },
  ];
}
