/** Round trips through a flow: a friend sends, on-event and message-reply reply, the friend receives. */
import type { SimulatedMessage } from '../../src/puppets/simulator';
import { startNodeRed } from '../embedded-node-red';
import { figure, type Row } from '../result-row';
import { median, quantile } from '../statistics';

const rounds = 5;
/** Replies per round: sequential for the latency, concurrent for the throughput. */
const replyCount = 2_000;
/** Questions in flight. */
const concurrency = 50;

/** Sends question number `number`; resolves when its reply arrives. */
type SendQuestion = (number: number) => Promise<void>;

/** Pending replies by their text. */
class PendingReplies {
  readonly #waiting = new Map<string, () => void>();

  /** Sends a question; resolves when `onReply` gets the same text. */
  to(text: string, sendQuestion: (text: string) => void): Promise<void> {
    return new Promise((resolve) => {
      this.#waiting.set(text, resolve);
      sendQuestion(text);
    });
  }

  onReply(text: unknown): void {
    if (typeof text !== 'string') return;
    this.#waiting.get(text)?.();
    this.#waiting.delete(text);
  }
}

async function perSecond(sendQuestion: SendQuestion): Promise<number> {
  const start = performance.now();
  let sentCount = 0;
  const client = async (): Promise<void> => {
    while (sentCount < replyCount) await sendQuestion(sentCount++);
  };
  await Promise.all(Array.from({ length: concurrency }, client));
  return (replyCount / (performance.now() - start)) * 1000;
}

async function measureLatencies(sendQuestion: SendQuestion): Promise<number[]> {
  const found: number[] = [];
  for (let number = 0; number < replyCount; number += 1) {
    const start = performance.now();
    await sendQuestion(number);
    found.push(performance.now() - start);
  }
  return found;
}

/** The rows about round trips. */
export async function measure(): Promise<Row[]> {
  const plain = new PendingReplies();
  const replies = new PendingReplies();
  const nodeRed = await startNodeRed(
    [
      { id: 'bot', type: 'wechat-bot', name: 'Shop' },
      { id: 'on-event', type: 'wechat-on-event', bot: 'bot', events: ['message'], wires: [['reply']] },
      { id: 'reply', type: 'wechat-message-reply', bot: 'bot', wires: [[]] },
      { id: 'inject', type: 'inject', props: [], wires: [['function']] },
      { id: 'function', type: 'function', func: 'return msg;', outputs: 1, wires: [['sink']] },
      { id: 'sink', type: 'bench-sink', wires: [] },
    ],
    (_sink, msg) => {
      plain.onReply((msg as { payload?: unknown }).payload);
    },
  );
  const simulation = await nodeRed.simulation('bot');
  const friends = simulation.contacts().filter(({ isFriend }) => isFriend);
  const self = simulation.self.id;
  simulation.on('message', ({ talkerId, text }: SimulatedMessage) => {
    if (talkerId === self) replies.onReply(text);
  });
  const inject = nodeRed.node('inject');
  const send: Readonly<Record<'reply' | 'plain', SendQuestion>> = {
    reply: (number) =>
      replies.to(`question ${number}`, (text) =>
        friends[number % friends.length]?.say(text).to(simulation.self),
      ),
    plain: (number) => plain.to(`question ${number}`, (payload) => inject.receive({ payload })),
  };

  const speeds: Record<keyof typeof send, number[]> = { reply: [], plain: [] };
  const latencies: Record<keyof typeof send, number[]> = { reply: [], plain: [] };
  for (let round = 0; round <= rounds; round += 1) {
    for (const kind of ['reply', 'plain'] as const) {
      const speed = await perSecond(send[kind]);
      const times = await measureLatencies(send[kind]);
      // The first round only warms up.
      if (round === 0) continue;
      speeds[kind].push(speed);
      latencies[kind].push(...times);
    }
  }
  await nodeRed.stop();

  const microseconds = (kind: keyof typeof send, share: number): string =>
    figure(quantile(latencies[kind], share) * 1000);
  const wait = (kind: keyof typeof send): string =>
    `${microseconds(kind, 0.5)} / ${microseconds(kind, 0.99)} µs`;
  const shares = speeds.reply.map((speed, round) => speed / (speeds.plain[round] ?? speed));
  return [
    {
      name: {
        'en-US': 'round trips friend → on-event → message-reply → friend; baseline: inject → function',
        'zh-CN': '往返：好友 → on-event → message-reply → 好友；对照：inject → function',
      },
      measured: `${figure(median(speeds.reply))}/s`,
      baseline: `${figure(median(speeds.plain))}/s`,
      value: `${figure(median(shares))}×`,
    },
    {
      name: {
        'en-US': 'round trips, latency p50 / p99; baseline: inject → function',
        'zh-CN': '往返延迟 p50 / p99；对照：inject → function',
      },
      measured: wait('reply'),
      baseline: wait('plain'),
      value: `${figure(quantile(latencies.reply, 0.5) / quantile(latencies.plain, 0.5))}× / ${figure(
        quantile(latencies.reply, 0.99) / quantile(latencies.plain, 0.99),
      )}×`,
    },
  ];
}
