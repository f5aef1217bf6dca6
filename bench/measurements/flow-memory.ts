/** Heap growth after many messages through a flow. */
import { ArrivalCounter } from '../arrival-counter';
import { createTraffic } from '../traffic-generator';
import { startNodeRed } from '../embedded-node-red';
import { heapGrowthRow, settledMemory } from '../memory';
import type { Row } from '../result-row';

const messages = 200_000;
const warmUp = 2_000;

/** The row about heap growth. */
export async function measure(): Promise<Row[]> {
  const arrivals = new ArrivalCounter();
  const nodeRed = await startNodeRed(
    [
      { id: 'bot', type: 'wechat-bot', name: 'Shop' },
      { id: 'in', type: 'wechat-on-event', bot: 'bot', events: ['message'], wires: [['out']] },
      { id: 'out', type: 'bench-sink', wires: [] },
    ],
    arrivals.onArrival,
  );
  const send = createTraffic(await nodeRed.simulation('bot'));
  await arrivals.time(warmUp, send);
  const before = await settledMemory();
  await arrivals.time(messages, send);
  const after = await settledMemory();
  await nodeRed.stop();
  const name = {
    'en-US': `heap after ${messages.toLocaleString('en-US')} messages through a flow; baseline: before`,
    'zh-CN': `${messages.toLocaleString('en-US')} 条消息通过流程后的堆内存；对照：之前`,
  };
  return [heapGrowthRow(name, before, after)];
}
