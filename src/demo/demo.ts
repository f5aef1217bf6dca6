/**
 * What `npm start` runs: a Node-RED on this machine only, with the example flows, a bot on the simulated WeChat,
 * friends who talk a little at first, and an MQTT broker. Its files are in the folder given as the argument, `.demo`
 * unless told.
 */
import { createServer } from 'node:http';
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import express from 'express';
import RED from 'node-red';
import { worldOf } from '../puppets/simulations';
import { startBroker } from './broker';
import { writeDemoFlows } from './flows';
import { letFriendsTalk } from './simulated-chat';
import { host, listen } from './listen';

const checkout = resolve(__dirname, '..', '..');
const userDir = resolve(process.argv[2] ?? join(checkout, '.demo'));
const usualPort = 1880;

/** Time between two things the friends do, in ms: slow enough to follow in the debug sidebar. */
const pause = 3_000;

/** Makes this checkout look like an installed package, so that Node-RED finds the nodes as it would anywhere. */
function installCheckout(): void {
  const name = '@wechat-flow/node-red-wechaty';
  const link = join(userDir, 'node_modules', name);
  mkdirSync(dirname(link), { recursive: true });
  try {
    symlinkSync(checkout, link, 'junction');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
  const manifest = { name: 'wechat-demo', private: true, dependencies: { [name]: '*' } };
  writeFileSync(join(userDir, 'package.json'), JSON.stringify(manifest, null, 2));
}

/** A command for a shell, as it stands there. */
function example(port: number): string {
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

function introduce(url: string, mqttPort: number): void {
  console.log(`
WeChat in Node-RED: open  ${url}

  Simulated friends write to the bot now; open the debug sidebar to watch, and the WeChat sidebar for the bot.
  Try: change a word in the tab "Auto-reply by keyword" and deploy; press "send now" in "Group broadcast".
  模拟好友正在与机器人聊天：打开调试侧栏观看，打开微信侧栏查看机器人。
  试试：修改 "Auto-reply by keyword" 标签页里的关键词并部署；在 "Group broadcast" 中点击 "send now"。

  The bot is on MQTT too, by the protocol WeChatRemote; see the tab "Mirror a bot to MQTT". From another terminal:
  机器人也在 MQTT 上（WeChatRemote 协议），见 "Mirror a bot to MQTT" 标签页。可在另一个终端运行：

  mosquitto_sub -p ${mqttPort} -v -t 'thing/chatbot/shop/#'
  ${example(mqttPort)}

  Your changes are kept in ${userDir}. Ctrl-C stops it.
`);
}

async function main(): Promise<void> {
  const app = express();
  const server = createServer(app);
  const port = await listen(server, usualPort);
  installCheckout();
  const broker = await startBroker();
  const botId = writeDemoFlows(join(checkout, 'examples'), userDir, { http: port, mqtt: broker.port });
  RED.init(server, {
    uiHost: host,
    uiPort: port,
    userDir,
    flowFile: 'flows.json',
    httpAdminRoot: '/',
    httpNodeRoot: '/',
    credentialSecret: false,
    telemetry: { enabled: false, updateNotification: false },
    // No network is needed, so none is asked for the palette's catalogue either.
    editorTheme: { tours: false, palette: { catalogues: [] } },
    logging: { console: { level: 'warn', metrics: false, audit: false } },
  } as Parameters<typeof RED.init>[1]);
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
    introduce(`http://${host}:${port}/`, broker.port);
    letFriendsTalk(() => worldOf(botId), pause, stopping.signal).catch(() => undefined);
  });
  await RED.start();
}

void main();
