/**
 * The program of `npm start`: a Node-RED on the loopback interface with the example flows, a bot on the simulator, a
 * short simulated chat, and an MQTT broker. Argument: the user directory (default: `.demo`).
 */
import { createServer } from 'node:http';
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import express from 'express';
import RED from 'node-red';
import { findSimulation } from '../puppets/simulations';
import { startBroker } from './broker';
import { writeDemoFlows } from './flows';
import { runSimulatedChat } from './simulated-chat';
import { host, listen } from './listen';

const packageRoot = resolve(__dirname, '..', '..');
const userDir = resolve(process.argv[2] ?? join(packageRoot, '.demo'));
const defaultPort = 1880;

/** Pause between two steps of the simulated chat, in ms: slow enough to follow in the debug sidebar. */
const pauseMs = 3_000;

/** Links this package into the user directory, so that Node-RED finds the nodes as in an installation. */
function linkPackage(): void {
  const name = '@wechat-flow/node-red-wechaty';
  const link = join(userDir, 'node_modules', name);
  mkdirSync(dirname(link), { recursive: true });
  try {
    symlinkSync(packageRoot, link, 'junction');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
  const manifest = { name: 'wechat-demo', private: true, dependencies: { [name]: '*' } };
  writeFileSync(join(userDir, 'package.json'), JSON.stringify(manifest, null, 2));
}

/** A shell command that sends a message over MQTT. */
function exampleCommand(port: number): string {
  const command = {
    reqId: '1',
    method: 'command',
    version: '1.0',
    timestamp: Date.now(),
    name: 'contactSay',
    params: { contacts: ['Ming'], messageType: 'Text', messagePayload: 'hello' },
  };
  return `mosquitto_pub -p ${port} -t thing/chatbot/shop/command/invoke -m '${JSON.stringify(command)}'`;
}

function printBanner(url: string, mqttPort: number): void {
  console.log(`
WeChat in Node-RED: open  ${url}

  Simulated friends write to the bot now; open the debug sidebar to watch, and the WeChat sidebar for the bot.
  Try: change a word in the tab "Auto-reply by keyword" and deploy; press "send now" in "Group broadcast".
  模拟好友正在与机器人聊天：打开调试侧边栏观看，打开微信侧边栏查看机器人。
  试试：修改 "Auto-reply by keyword" 标签页里的关键词并部署；在 "Group broadcast" 中点击 "send now"。

  The bot is on MQTT too, by the protocol WeChatRemote; see the tab "Mirror a bot to MQTT". From another terminal:
  机器人也在 MQTT 上（WeChatRemote 协议），见 "Mirror a bot to MQTT" 标签页。可在另一个终端运行：

  mosquitto_sub -p ${mqttPort} -v -t 'thing/chatbot/shop/#'
  ${exampleCommand(mqttPort)}

  Your changes are kept in ${userDir}. Ctrl-C stops it.
`);
}

async function main(): Promise<void> {
  const app = express();
  const server = createServer(app);
  const port = await listen(server, defaultPort);
  linkPackage();
  const broker = await startBroker();
  const botId = writeDemoFlows(join(packageRoot, 'examples'), userDir, { http: port, mqtt: broker.port });
  RED.init(server, {
    uiHost: host,
    uiPort: port,
    userDir,
    flowFile: 'flows.json',
    httpAdminRoot: '/',
    httpNodeRoot: '/',
    credentialSecret: false,
    telemetry: { enabled: false, updateNotification: false },
    // The demo works offline, so the palette's catalogue is not fetched.
    editorTheme: { tours: false, palette: { catalogues: [] } },
    logging: { console: { level: 'warn', metrics: false, audit: false } },
  } as Parameters<typeof RED.init>[1]);
  // Node-RED's types are of another version of Express.
  app.use('/', RED.httpAdmin as unknown as express.Handler);
  app.use('/', RED.httpNode as unknown as express.Handler);

  const stopping = new AbortController();
  const stop = (): void => {
    if (stopping.signal.aborted) return;
    stopping.abort();
    void RED.stop()
      .then(() => broker.stop())
      .then(() => process.exit(0));
  };
  process.once('SIGINT', stop);
  process.once('SIGTERM', stop);

  RED.events.once('flows:started', () => {
    printBanner(`http://${host}:${port}/`, broker.port);
    runSimulatedChat(() => findSimulation(botId), pauseMs, stopping.signal).catch(() => undefined);
  });
  await RED.start();
}

void main();
