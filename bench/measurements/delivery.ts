/** Throughput of messages from the puppet into flows, compared with bare Wechaty and plain Node-RED. */
import { WechatyBuilder } from 'wechaty';
import type { FlowNode } from '../../test/support/user-directory';
import { ArrivalCounter } from '../arrival-counter';
import { createTraffic } from '../traffic-generator';
import { startNodeRed } from '../embedded-node-red';
import { simulator } from '../pack';
import { figure, type Row } from '../result-row';
import { median } from '../statistics';

const rounds = 9;
const messages = 10_000;
const nodes = 20;
/** One friend per node. */
const options = { contacts: nodes };

/** Starts Wechaty with a plain listener; resolves to its traffic generator when it is ready. */
async function bareWechaty(arrived: () => void): Promise<(turn: number) => void> {
  const simulation = new simulator.Simulation(options);
  const wechaty = WechatyBuilder.build({ puppet: new simulator.PuppetSimulator({ simulation }) });
  wechaty.on('error', () => undefined);
  wechaty.on('message', arrived);
  const ready = new Promise<void>((resolve) =>
    wechaty.on('ready', () => {
      resolve();
    }),
  );
  await wechaty.start();
  await ready;
  return createTraffic(simulation);
}

/** A bot with an on-event node and a sink for each of `from` (empty for all senders). */
function botWith(bot: string, from: readonly string[]): FlowNode[] {
  return [
    { id: bot, type: 'wechat-bot', options: JSON.stringify(options) },
    ...from.flatMap((person, index): FlowNode[] => {
      const [id, sink] = [`${bot}-in-${index}`, `${bot}-out-${index}`];
      return [
        { id, type: 'wechat-on-event', bot, events: ['message'], from: person, wires: [[sink]] },
        { id: sink, type: 'bench-sink', wires: [] },
      ];
    }),
  ];
}

/** Pairs of plain nodes. */
function plainPairs(): FlowNode[] {
  return Array.from({ length: nodes }, (_, index): FlowNode[] => [
    { id: `plain-in-${index}`, type: 'bench-sink', wires: [[`plain-out-${index}`]] },
    { id: `plain-out-${index}`, type: 'bench-sink', wires: [] },
  ]).flat();
}

/** The rows about delivery. */
export async function measure(): Promise<Row[]> {
  const arrivals = new ArrivalCounter();
  const friends = new simulator.Simulation(options).contacts().filter(({ isFriend }) => isFriend);
  const nodeRed = await startNodeRed(
    [
      ...botWith('one', ['']),
      ...botWith(
        'each',
        friends.map(({ id }) => id),
      ),
      ...botWith(
        'all',
        friends.map(() => ''),
      ),
      ...plainPairs(),
    ],
    arrivals.onArrival,
  );
  const senders = Array.from({ length: nodes }, (_, index) => nodeRed.node(`plain-in-${index}`));
  const toBare = await bareWechaty(arrivals.onArrival);
  const toOne = createTraffic(await nodeRed.simulation('one'));
  const toEach = createTraffic(await nodeRed.simulation('each'));
  const toAll = createTraffic(await nodeRed.simulation('all'));
  const toPlain = (turn: number): void => {
    setImmediate(() => {
      for (const sender of senders) sender.send({ topic: 'message', payload: `message ${turn}` });
    });
  };

  const times: Record<'bare' | 'one' | 'each' | 'all' | 'plain', number>[] = [];
  for (let round = 0; round <= rounds; round += 1) {
    const time = {
      bare: await arrivals.time(messages, toBare),
      one: await arrivals.time(messages, toOne),
      each: await arrivals.time(messages, toEach),
      all: await arrivals.time(messages, toAll, nodes),
      plain: await arrivals.time(messages, toPlain, nodes),
    };
    // The first round only warms up.
    if (round > 0) times.push(time);
  }
  await nodeRed.stop();

  type Name = keyof (typeof times)[number];
  const ms = (name: Name): string => `${figure(median(times.map((time) => time[name])))} ms`;
  const perSecond = (name: Name): string =>
    `${figure((messages / median(times.map((time) => time[name]))) * 1000)}/s`;
  const ratio = (name: Name, other: Name): number => median(times.map((time) => time[name] / time[other]));
  const speed = ratio('bare', 'one');
  const ratioOfNodes = ratio('each', 'one');
  const count = messages.toLocaleString('en-US');
  return [
    {
      name: {
        'en-US': 'messages from the puppet into a flow; baseline: to a listener of bare Wechaty',
        'zh-CN': '消息从 Puppet 进入流程；对照：纯 Wechaty 的监听函数',
      },
      measured: perSecond('one'),
      baseline: perSecond('bare'),
      value: `${figure(speed)}×`,
      target: '≥ 0.5×',
      ok: speed >= 0.5,
    },
    {
      name: {
        'en-US': `${count} messages, ${nodes} on-event nodes, one for each friend; baseline: one node for all friends`,
        'zh-CN': `${count} 条消息，${nodes} 个 on-event 节点各负责一位好友；对照：一个节点负责所有好友`,
      },
      measured: ms('each'),
      baseline: ms('one'),
      value: `${figure(ratioOfNodes)}×`,
      target: '< 2×',
      ok: ratioOfNodes < 2,
    },
    {
      name: {
        'en-US': `${count} messages, ${nodes} on-event nodes that all forward every message; baseline: ${nodes} plain nodes that send as many`,
        'zh-CN': `${count} 条消息，${nodes} 个 on-event 节点均传递每条消息；对照：${nodes} 个普通节点发送同样多的消息`,
      },
      measured: ms('all'),
      baseline: ms('plain'),
      value: `${figure(ratio('all', 'plain'))}×`,
    },
  ];
}
