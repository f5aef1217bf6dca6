/** Heap growth after many events to a broker. */
import { Mosquitto, mosquittoMissing } from '../../test/support/mosquitto';
import { ArrivalCounter } from '../arrival-counter';
import { createTraffic } from '../traffic-generator';
import { heapGrowthRow, settledMemory } from '../memory';
import { countArrivals, startMqttBot } from '../mqtt-fixture';
import type { Row } from '../result-row';

const events = 500_000;
const warmUp = 20_000;

/** The row about heap growth; none without Mosquitto. */
export async function measure(): Promise<Row[]> {
  const missing = mosquittoMissing();
  if (missing !== undefined) {
    console.error(`not measured: ${missing}`);
    return [];
  }
  const broker = await Mosquitto.start({ persistence: 'never' });
  const arrivals = new ArrivalCounter();
  const mqttBot = await startMqttBot('long', broker.url, { outbox: true });
  const counter = await countArrivals(broker.url, 'thing/chatbot/long/event/post', arrivals);
  const send = createTraffic(mqttBot.simulation);
  await arrivals.time(warmUp, send);
  const before = await settledMemory();
  await arrivals.time(events, send);
  const after = await settledMemory();
  counter.disconnect();
  await mqttBot.stop();
  await broker.stop();
  const name = {
    'en-US': `heap after ${events.toLocaleString('en-US')} events to MQTT; baseline: before`,
    'zh-CN': `${events.toLocaleString('en-US')} 个事件发布到 MQTT 后的堆内存；对照：之前`,
  };
  return [heapGrowthRow(name, before, after)];
}
