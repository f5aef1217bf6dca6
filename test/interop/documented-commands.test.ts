/** Runs the commands and programs that documents show against real remotes. */
import assert from 'node:assert/strict';
import { execFile, spawnSync } from 'node:child_process';
import { setTimeout as delay } from 'node:timers/promises';
import { codeBlocks, read } from '../docs/markdown';
import { addressIn, services, type ShellCommand, shellCommands } from '../docs/shell-commands';
import { Mosquitto, mosquittoMissing } from '../support/mosquitto';
import { OpenwxFixture } from '../unit/remotes/openwx/fixture';
import { PadchatFixture } from '../unit/remotes/padchat/fixture';
import { WxbotFixture } from '../unit/remotes/wxbot/fixture';
import { ExternalProgram } from './external-program';
import { botNode, remoteNodes, startWithRemotes } from './mqtt-fixture';
import { skipIfMissing, type Stoppable, stopAll } from './required-tools';

/** The output of curl. @throws Error if it fails. */
function curl(...options: string[]): Promise<string> {
  return new Promise((resolve, reject) => {
    execFile('curl', ['-sS', '--fail', ...options], (error, stdout) => {
      if (error) reject(new Error(error.message));
      else resolve(stdout);
    });
  });
}

/** The commands of some programs; each once, because translations show the same ones. */
function commandsOf(...programs: string[]): ShellCommand[] {
  const found = shellCommands.filter(({ program }) => programs.includes(program));
  return [...new Map(found.map((command) => [command.line, command])).values()];
}

function curlMissing(): string | undefined {
  return spawnSync('curl', ['--version']).error ? 'curl is not installed' : undefined;
}

/** The first block of JSON on a page that has this field: a documented response. */
function documentedJson(page: string, field: string): unknown {
  const blocks = codeBlocks(read(page)).filter(({ language }) => language === 'json');
  return blocks.map(({ code }) => JSON.parse(code) as object).find((value) => field in value);
}

/** The paths of all fields, however deep. */
function fieldsOf(value: unknown, path = ''): string[] {
  if (typeof value !== 'object' || value === null) return [path];
  if (Array.isArray(value)) return value.flatMap((item) => fieldsOf(item, `${path}[]`));
  return Object.entries(value).flatMap(([name, field]) => fieldsOf(field, `${path}.${name}`));
}

describe('documented commands', function () {
  this.timeout(60_000);

  describe('curl', () => {
    const started: Stoppable[] = [];
    /** The address of each service. */
    const addresses = new Map<string, string>();

    before(async function () {
      skipIfMissing.call(this, curlMissing());
      const open = await OpenwxFixture.start();
      const secured = await OpenwxFixture.start({ settings: { token: 'TOKEN' } });
      const wxbot = await WxbotFixture.start({ key: 'KEY', tokens: [{ token: 'TOKEN', bot: '' }] });
      started.push(open, secured, { stop: () => wxbot.end() });
      addresses.set('openwx', open.remote.status.address);
      addresses.set('openwx-with-token', secured.remote.status.address);
      addresses.set('wxbot', wxbot.address);
      // check_event waits for an event.
      open.simulation.contact('Ming').say('hello').to(open.simulation.self);
    });
    after(() => stopAll(started));

    for (const { document, line, options } of commandsOf('curl')) {
      it(`succeeds: ${document}: ${line.slice(0, 90)}`, async () => {
        const documented = addressIn(options) as keyof typeof services;
        const actual = addresses.get(services[documented]) ?? '';
        const text = await curl(...options.map((option) => option.replace(documented, actual)));
        const response = JSON.parse(text) as { code?: number; retCode?: number };
        assert.equal(response.code ?? response.retCode ?? 0, 0, text);
        if (response.retCode === undefined) return;
        assert.deepEqual(fieldsOf(response), fieldsOf(documentedJson(document, 'retCode')));
      });
    }
  });

  describe('mosquitto_pub and mosquitto_sub', () => {
    const started: Stoppable[] = [];
    let broker: Mosquitto;

    before(async function () {
      skipIfMissing.call(this, mosquittoMissing());
      broker = await Mosquitto.start();
      const nodeRed = await startWithRemotes(botNode('bot'), ...remoteNodes('shop', 'bot', broker.url));
      started.push(broker, nodeRed);
    });
    after(() => stopAll(started));

    it('get the documented response and the events', async () => {
      // Without stdbuf, mosquitto_sub prints that it has subscribed only together with the first message.
      const start = ({ program, options }: ShellCommand, ...more: string[]): ExternalProgram =>
        new ExternalProgram('stdbuf', [
          '-oL',
          program,
          ...['-h', '127.0.0.1', '-p', String(broker.port)],
          ...more,
          ...options,
        ]);
      const subscribers = commandsOf('mosquitto_sub').map((command) => start(command, '-d'));
      await Promise.all(subscribers.map((subscriber) => subscriber.line(/SUBACK|Subscribed/)));
      for (const command of commandsOf('mosquitto_pub')) start(command);
      await Promise.all(subscribers.map((subscriber) => subscriber.line(/"name":"message"/)));
      const [all] = subscribers;
      const line = (await all?.line(/\/response\/d2c\/1 /)) ?? '';
      const response = JSON.parse(line.slice(line.indexOf('{'))) as { code: number };
      assert.equal(response.code, 200);
      assert.deepEqual(fieldsOf(response), fieldsOf(documentedJson('docs/protocols/mqtt.md', 'reqId')));
    });
  });

  it('runs the program for padchat-sdk', async () => {
    const padchat = await PadchatFixture.start({ authKeys: ['my-key'] });
    const [block] = codeBlocks(read('docs/protocols/padchat.md')).filter(({ language }) => language === 'js');
    const program = ExternalProgram.ofSource(
      'js',
      (block?.code ?? '').replace('ws://127.0.0.1:7777', padchat.url),
    );
    try {
      while (!padchat.auditRecords.some(({ name }) => name === 'login')) await delay(20);
      padchat.simulation.contact('Ming').say('hello').to(padchat.simulation.self);
      await program.line(/^wxid_ming hello$/);
    } finally {
      program.end();
      await padchat.stop();
    }
  });
});
