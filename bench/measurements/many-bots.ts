/** Memory of many bots in one process. */
import { megabytes, settledMemory } from '../memory';
import { figure, type Row } from '../result-row';
import { startBot, type StartedBot } from '../started-bot';

const count = 200;

/** The row about many bots. */
export async function measure(): Promise<Row[]> {
  const first = await startBot('first');
  const before = await settledMemory();
  const bots: StartedBot[] = [];
  for (let number = 0; number < count; number += 1) bots.push(await startBot(`bot-${number}`));
  const after = await settledMemory();
  await Promise.all([first, ...bots].map(({ stop }) => stop()));
  const heap = megabytes(after.heap - before.heap);
  return [
    {
      name: {
        'en-US': `${count} simulated bots in one process, each with its own simulation: heap`,
        'zh-CN': `一个进程内 ${count} 个模拟机器人，各有自己的模拟微信：堆内存`,
      },
      measured: `${figure(heap)} MB`,
      value: `${figure((heap / count) * 1024)} kB / bot`,
    },
  ];
}
