/** Throughput and latency of an MQTT remote, compared with bare mqtt.js on the same broker. */
import { type ChildProcess, fork } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { join } from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import type { MqttClient } from 'mqtt';
import { Mosquitto, mosquittoMissing } from '../../test/support/mosquitto';
import { ArrivalCounter } from '../arrival-counter';
import { createTraffic } from '../traffic-generator';
import { countArrivals, startMqttBot } from '../mqtt-fixture';
import type { CallOptions, CallTimes } from '../mqtt-caller';
import { pinToFirstCpu } from '../cpu-affinity';
import { connectClient } from '../mqtt-client';
import { figure, type Row, type LocalizedText } from '../result-row';
import { median, quantile } from '../statistics';

const rounds = 3;
const messages = 10_000;
/** Callers alternate, so that disturbances affect all of them alike. */
const repetitions = { warmUp: 10, counted: 40 };
const calls = 250;
const concurrency = 50;
const contacts = 10_000;

const nanoseconds = 1e6;

/** Sends commands and waits for their responses. */
class Caller {
  readonly #waiting = new Map<string, (last: boolean) => void>();

  private constructor(readonly client: MqttClient) {}

  static async connect(url: string, responses: string): Promise<Caller> {
    const client = await connectClient(url);
    const caller = new Caller(client);
    client.on('message', (_topic, payload) => {
      const { reqId, params } = JSON.parse(payload.toString()) as {
        reqId: string;
        params?: { last?: boolean; page?: number };
      };
      caller.#waiting.get(reqId)?.(params?.page === undefined || params.last === true);
    });
    await client.subscribeAsync(responses, { qos: 1 });
    return caller;
  }

  /** The time until the first and the last page of the response, in ms. */
  async time(topic: string, name: string, params: object): Promise<{ first: number; last: number }> {
    const reqId = randomUUID();
    const start = performance.now();
    let first = 0;
    await new Promise<void>((resolve) => {
      this.#waiting.set(reqId, (isLast) => {
        first ||= performance.now() - start;
        if (isLast) resolve();
      });
      const command = { reqId, method: 'command', version: '1.0', timestamp: Date.now(), name, params };
      this.client.publish(topic, JSON.stringify(command), { qos: 1 });
    });
    this.#waiting.delete(reqId);
    return { first, last: performance.now() - start };
  }
}

async function throughput(url: string): Promise<Row[]> {
  const durable = { arrivals: new ArrivalCounter(), bot: await startMqttBot('kept', url, { outbox: true }) };
  const inMemory = {
    arrivals: new ArrivalCounter(),
    bot: await startMqttBot('loose', url, { outbox: false }),
  };
  const raw = { arrivals: new ArrivalCounter(), client: await connectClient(url) };
  const topic = (id: string): string => `thing/chatbot/${id}/event/post`;
  // The baseline publishes the same bytes.
  const sample = new Promise<string>((resolve) => {
    raw.client.once('message', (_topic, payload) => {
      resolve(payload.toString());
    });
  });
  await raw.client.subscribeAsync(topic('kept'));
  createTraffic(durable.bot.simulation)(0);
  const body = await sample;
  await raw.client.unsubscribeAsync(topic('kept'));
  const counters = [
    await countArrivals(url, topic('kept'), durable.arrivals),
    await countArrivals(url, topic('loose'), inMemory.arrivals),
    await countArrivals(url, topic('raw'), raw.arrivals),
  ];
  const publish = (): void => {
    setImmediate(() => raw.client.publish(topic('raw'), body, { qos: 1 }));
  };
  const speeds = { kept: [] as number[], loose: [] as number[], raw: [] as number[] };
  for (let round = 0; round <= rounds; round += 1) {
    const times = {
      raw: await raw.arrivals.time(messages, publish),
      kept: await durable.arrivals.time(messages, createTraffic(durable.bot.simulation)),
      loose: await inMemory.arrivals.time(messages, createTraffic(inMemory.bot.simulation)),
    };
    // The first round only warms up.
    if (round === 0) continue;
    for (const kind of ['kept', 'loose', 'raw'] as const) speeds[kind].push((messages / times[kind]) * 1000);
  }

  for (const counter of counters) counter.disconnect();
  await Promise.all([durable.bot.stop(), inMemory.bot.stop(), raw.client.endAsync()]);

  const row = (name: LocalizedText, kind: 'kept' | 'loose', target: number): Row => {
    const share = median(speeds[kind].map((speed, round) => speed / (speeds.raw[round] ?? speed)));
    return {
      name,
      measured: `${figure(median(speeds[kind]))}/s`,
      baseline: `${figure(median(speeds.raw))}/s`,
      value: `${figure(share * 100)} %`,
      target: `≥ ${target} %`,
      ok: share * 100 >= target,
    };
  };
  return [
    row(
      {
        'en-US': 'events to MQTT at QoS 1, kept on disk; baseline: mqtt.js publishing the same bytes',
        'zh-CN': '事件发布到 MQTT（QoS 1，写入磁盘）；对照：mqtt.js 发布相同内容',
      },
      'kept',
      30,
    ),
    row(
      {
        'en-US': 'events to MQTT at QoS 1, kept in memory; baseline: mqtt.js publishing the same bytes',
        'zh-CN': '同上，只保存在内存中',
      },
      'loose',
      45,
    ),
  ];
}

async function startCaller(url: string, requests: string, responses: string): Promise<ChildProcess> {
  const child = fork(join(__dirname, '..', 'mqtt-caller.ts'), [url, requests, responses], {
    execArgv: ['--require', 'tsx/cjs'],
  });
  await once(child, 'message');
  return child;
}

async function call(caller: ChildProcess, name: string, params: object, atOnce = 1): Promise<CallTimes> {
  caller.send({ name, params, count: calls, concurrency: atOnce } satisfies CallOptions);
  const [times] = (await once(caller, 'message')) as [CallTimes];
  return times;
}

async function roundTrips({ url, pid }: Mosquitto): Promise<Row[]> {
  const bot = await startMqttBot('called', url, { outbox: true });

  const echo = await connectClient(url);
  echo.on('message', (_topic, payload) => {
    const { reqId } = JSON.parse(payload.toString()) as { reqId: string };
    echo.publish(`bare/response/${reqId}`, JSON.stringify({ reqId, params: {} }), { qos: 1 });
  });
  await echo.subscribeAsync('bare/request', { qos: 1 });

  // Callers run in child processes.
  const bare = await startCaller(url, 'bare/request', 'bare/response/+');
  const caller = await startCaller(
    url,
    'thing/chatbot/called/command/invoke',
    'thing/chatbot/called/response/d2c/+',
  );
  const params = { contacts: ['wxid_ming'], messageType: 'Text', messagePayload: 'hello' };
  const latencies = { bare: [] as number[], wechatyLogonoff: [] as number[], contactSay: [] as number[] };
  const speeds = { bare: [] as number[], contactSay: [] as number[] };
  pinToFirstCpu(pid, bare.pid, caller.pid);
  for (let repetition = 0; repetition < repetitions.warmUp + repetitions.counted; repetition += 1) {
    const took = {
      bare: await call(bare, 'echo', params),
      wechatyLogonoff: await call(caller, 'wechatyLogonoff', {}),
      contactSay: await call(caller, 'contactSay', params),
    };
    if (repetition < repetitions.warmUp) continue;
    for (const kind of ['bare', 'wechatyLogonoff', 'contactSay'] as const)
      latencies[kind].push(...took[kind].each);
  }
  for (let turn = 0; turn < repetitions.warmUp; turn += 1) {
    const many = {
      bare: await call(bare, 'echo', params, concurrency),
      contactSay: await call(caller, 'contactSay', params, concurrency),
    };
    for (const kind of ['bare', 'contactSay'] as const)
      speeds[kind].push((calls / many[kind].totalMs) * 1000);
  }
  bare.disconnect();
  caller.disconnect();
  await echo.endAsync();
  await bot.stop();
  const at = (kind: keyof typeof latencies, share: number): number => quantile(latencies[kind], share);
  const shown = (kind: keyof typeof latencies): string =>
    `${figure(at(kind, 0.5))} / ${figure(at(kind, 0.99))} ms`;
  const rows = (['wechatyLogonoff', 'contactSay'] as const).map((name): Row => {
    const [middle, tail] = [at(name, 0.5) / at('bare', 0.5), at(name, 0.99) / at('bare', 0.99)];
    return {
      name: {
        'en-US': `${name} by MQTT, p50 / p99; baseline: a bare pair of mqtt.js clients`,
        'zh-CN': `经 MQTT 调用 ${name}，p50 / p99；对照：两个 mqtt.js 客户端`,
      },
      measured: shown(name),
      baseline: shown('bare'),
      value: `${figure(middle)}× / ${figure(tail)}×`,
      target: '≤ 2× / ≤ 4×',
      ok: middle <= 2 && tail <= 4,
    };
  });
  const [callsPerSecond, echoesPerSecond] = [median(speeds.contactSay), median(speeds.bare)];
  rows.push({
    name: {
      'en-US': `contactSay by MQTT, ${concurrency} concurrent; baseline: a bare pair of mqtt.js clients`,
      'zh-CN': `经 MQTT 调用 contactSay，同时 ${concurrency} 个；对照：两个 mqtt.js 客户端`,
    },
    measured: `${figure(callsPerSecond)}/s`,
    baseline: `${figure(echoesPerSecond)}/s`,
    value: `${figure((callsPerSecond / echoesPerSecond) * 100)} %`,
  });
  return rows;
}

async function longList(url: string): Promise<Row[]> {
  const bot = await startMqttBot('big', url, { outbox: true, contacts });
  const caller = await Caller.connect(url, 'thing/chatbot/big/response/d2c/+');
  const list = () => caller.time('thing/chatbot/big/command/invoke', 'contactFindAll', { size: 100 });
  await list();
  const blocked = monitorEventLoopDelay({ resolution: 1 });
  blocked.enable();
  const { first, last } = await list();
  blocked.disable();
  await caller.client.endAsync();
  await bot.stop();
  const longest = blocked.max / nanoseconds;
  return [
    {
      name: {
        'en-US': `contactFindAll of ${contacts.toLocaleString('en-US')} by MQTT: first page / all; value: longest block of the event loop`,
        'zh-CN': `经 MQTT 获取 ${contacts.toLocaleString('en-US')} 个联系人：首页 / 全部；数值：事件循环最长阻塞`,
      },
      measured: `${figure(first)} / ${figure(last)} ms`,
      value: `${figure(longest)} ms`,
      target: '≤ 50 ms',
      ok: longest <= 50,
    },
  ];
}

/** The rows about MQTT; none without Mosquitto. */
export async function measure(): Promise<Row[]> {
  const missing = mosquittoMissing();
  if (missing !== undefined) {
    console.error(`not measured: ${missing}`);
    return [];
  }
  const broker = await Mosquitto.start({ persistence: 'never' });
  try {
    const { url } = broker;
    return [...(await throughput(url)), ...(await roundTrips(broker)), ...(await longList(url))];
  } finally {
    await broker.stop();
  }
}
