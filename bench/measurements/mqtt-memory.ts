/** What stays in memory after many events went to a broker. */
import { Mosquitto, mosquittoMissing } from '../../test/support/mosquitto';
import { Arrivals } from '../arrival-counter';
import { chatter } from '../traffic-generator';
import { megabytes, settledMemory } from '../memory';
import { countArrivals, startMirroredBot } from '../mqtt-fixture';
import { figure, type Row } from '../result-row';

const events = 500_000;
const warmUp = 20_000;
const limit = 20;

/** The row about memory that events leave behind; none where there is no Mosquitto. */
export async function measure(): Promise<Row[]> {
  const missing = mosquittoMissing();
  if (missing !== undefined) {
    console.error(`not measured: ${missing}`);
    return [];
  }
  const broker = await Mosquitto.start({ keeps: 'never' });
  const arrivals = new Arrivals();
  const mirrored = await startMirroredBot('long', broker.url, { outbox: true });
  const counter = await countArrivals(broker.url, 'thing/chatbot/long/event/post', arrivals);
  const say = chatter(mirrored.world);
  await arrivals.time(warmUp, say);
  const before = await settledMemory();
  await arrivals.time(events, say);
  const after = await settledMemory();
  counter.disconnect();
  await mirrored.end();
  await broker.stop();
  const grown = megabytes(after.heap - before.heap);
  return [
    {
      name: {
        'en-US': `heap after ${events.toLocaleString('en-US')} events to MQTT; beside: before`,
        'zh-CN': `${events.toLocaleString('en-US')} 个事件发布到 MQTT 后的堆内存；对照：之前`,
      },
      measured: `${figure(megabytes(after.heap))} MB`,
      beside: `${figure(megabytes(before.heap))} MB`,
      value: `${grown < 0 ? '−' : '+'}${figure(Math.abs(grown))} MB`,
      target: `< ${limit} MB`,
      ok: grown < limit,
    },
  ];
}
