import assert from 'node:assert/strict';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { mkdir, readFile, readdir } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { type FlowNode, type NodeRed, startNodeRed } from '../support/node-red';

const folder = join(__dirname, '..', '..', 'examples');

function example(name: string): FlowNode[] {
  return JSON.parse(readFileSync(join(folder, `${name}.json`), 'utf8')) as FlowNode[];
}

/** The only node of this name in an example. */
function named(flows: FlowNode[], name: string): FlowNode {
  const [node, ...others] = flows.filter((one) => one.name === name);
  assert.ok(node && others.length === 0, `there must be one node called ${name}`);
  return node;
}

const [bot] = example('01-ding-dong').filter(({ type }) => type === 'wechat-bot');
assert.ok(bot);
const botId = bot.id;

/** A message's text, for functions that run inside Node-RED. */
interface Said {
  readonly text: string;
  readonly roomId: string;
  readonly mentionIds: readonly string[];
}

describe('the examples', () => {
  let nodeRed: NodeRed;
  before(async () => {
    nodeRed = await startNodeRed();
  });
  after(() => nodeRed.stop());

  /** Deploys an example and waits until its bot is ready. */
  async function deployed(
    name: string,
    change: (flows: FlowNode[]) => void = () => undefined,
  ): Promise<FlowNode[]> {
    const flows = example(name);
    change(flows);
    await nodeRed.deploy(flows);
    const listener = flows.find(({ type }) => /^wechat-(on-event|room-find|command)$/.test(type));
    assert.ok(listener);
    await nodeRed.status(listener.id, /^ready/);
    await nodeRed.comms();
    return flows;
  }

  /** What the debug node of this name shows next. */
  async function shown(flows: FlowNode[], name: string): Promise<unknown> {
    const { id } = named(flows, name);
    return (await nodeRed.debug((data) => data.id === id)).msg;
  }

  /** Has somebody say something, in a room or to the bot, and returns what the bot answers there. */
  function answer(who: string, text: string, room?: string): Promise<Said> {
    return nodeRed.simulation(
      botId,
      async (simulation, { who, text, room }) => {
        const saying = simulation.contact(who).say(text);
        const said = room === undefined ? saying.to(simulation.self) : saying.in(room);
        const { text: answered, roomId, mentionIds } = await simulation.nextReply(said);
        return { text: answered, roomId: roomId ?? '', mentionIds: [...mentionIds] };
      },
      { who, text, room },
    );
  }

  it('ding-dong answers in the conversation that was asked', async () => {
    await deployed('01-ding-dong');
    assert.equal((await answer('Ming', 'ding')).text, 'dong');
    const inRoom = await answer('Alice', 'ding', 'Team');
    assert.equal(inRoom.text, 'dong');
    assert.match(inRoom.roomId, /@chatroom$/);
  });

  it('auto-reply looks the answer up by keyword, in both languages', async () => {
    await deployed('02-auto-reply');
    assert.match((await answer('Alice', 'What is the price?')).text, /price list/);
    assert.match((await answer('王芳', '你们的营业时间？')).text, /9:00/);
    const inRoom = await answer('Alice', 'opening hours?', 'Team');
    assert.match(inRoom.text, /^@Alice\u2005We are open/);
    assert.equal(inRoom.mentionIds.length, 1);
  });

  it('welcome greets those who join a room by name', async () => {
    await deployed('03-welcome-room-members');
    const greeting = await nodeRed.simulation(botId, async (simulation) => {
      const team = simulation.room('Team');
      const newcomer = simulation.contact('李雷');
      const greeted = simulation.nextMessage({ conversation: team, from: simulation.self });
      newcomer.join(team);
      const { text, mentionIds } = await greeted;
      return { text, mentionsNewcomer: mentionIds.includes(newcomer.id) };
    });
    assert.match(greeting.text, /^@李雷\u2005welcome to the room!/);
    assert.ok(greeting.mentionsNewcomer);
  });

  it('broadcast reaches every room and reports', async () => {
    const flows = await deployed('04-group-broadcast');
    const report = shown(flows, 'report shown');
    await nodeRed.inject(named(flows, 'send now').id);
    assert.equal(await report, 'sent to 3 of 3 rooms');
    const reached = await nodeRed.simulation(botId, (simulation) =>
      simulation
        .rooms()
        .filter((room) => room.hasBot && simulation.messages({ conversation: room }).length > 0)
        .map(({ topic }) => topic),
    );
    assert.equal(reached.length, 3);
  });

  it('accept-friends accepts who knows the keyword, and nobody else', async () => {
    await deployed('05-accept-friends');
    const hello = await nodeRed.simulation(botId, async (simulation) => {
      const [grace, tom] = [simulation.contact('Grace'), simulation.contact('Tom')];
      tom.requestFriend('let me in');
      const greeted = simulation.nextMessage({ conversation: grace, from: simulation.self });
      grace.requestFriend('ding, please');
      const { text } = await greeted;
      return { text, graceIsFriend: grace.isFriend, tomIsFriend: tom.isFriend };
    });
    assert.match(hello.text, /How can I help/);
    assert.deepEqual([hello.graceIsFriend, hello.tomIsFriend], [true, false]);
  });

  it('save-files writes what comes in, under a harmless name', async () => {
    const target = join(nodeRed.userDir, 'received');
    await mkdir(target);
    const flows = await deployed('06-save-files', (nodes) => {
      const where = named(nodes, 'where to');
      where.func = String(where.func).replace('wechat-files/', `${target}/`);
    });
    const saved = shown(flows, 'saved');
    await nodeRed.simulation(botId, (simulation) => {
      const data = Buffer.from('the quarterly figures');
      simulation
        .contact('Alice')
        .say({ kind: 'file', name: '../../../escape.txt', data })
        .to(simulation.self);
    });
    const path = String(await saved);
    const [only, ...others] = await readdir(target);
    assert.ok(only && others.length === 0);
    assert.equal(path, join(target, only));
    assert.match(only, /-escape\.txt$/);
    assert.equal(await readFile(path, 'utf8'), 'the quarterly figures');
  });

  it('room-to-webhook posts what is said in the room, and only that', async () => {
    const bodies: string[] = [];
    const server = createServer((request, response) => {
      request.setEncoding('utf8');
      void request.toArray().then((parts: string[]) => {
        bodies.push(parts.join(''));
        response.end('thanks');
      });
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const flows = await deployed('07-room-to-webhook', (nodes) => {
      named(nodes, 'POST to the webhook').url =
        `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`;
    });
    const posted = shown(flows, 'answer');
    await nodeRed.simulation(botId, (simulation) => {
      simulation.contact('Alice').say('not for the webhook').to(simulation.self);
      simulation.contact('Alice').say('hello from the room').in('Team');
    });
    assert.equal(Number(await posted), 200);
    server.close();
    const [body, ...others] = bodies;
    assert.ok(body && others.length === 0);
    const { room, from, text } = JSON.parse(body) as Record<string, unknown>;
    assert.deepEqual({ room, from, text }, { room: 'Team', from: 'Alice', text: 'hello from the room' });
  });

  it('call-a-command asks and changes', async () => {
    const flows = await deployed('08-call-a-command');
    const press = async (name: string): Promise<unknown> => {
      const answered = shown(flows, 'answer');
      await nodeRed.inject(named(flows, name).id);
      return answered;
    };
    assert.match(String(await press('who am I?')), /wxid_bot/);
    assert.match(String(await press('list friends')), /wxid_ming/);
    await press('rename Alice');
    const alias = await nodeRed.simulation(botId, (simulation) => simulation.contact('Alice').alias);
    assert.equal(alias, '爱丽丝');
  });

  it('use every node there is', () => {
    const used = new Set(
      readdirSync(folder).flatMap((file) => example(file.replace('.json', '')).map(({ type }) => type)),
    );
    const { 'node-red': pack } = JSON.parse(readFileSync(join(folder, '..', 'package.json'), 'utf8')) as {
      'node-red': { nodes: Record<string, string> };
    };
    assert.deepEqual(
      Object.keys(pack.nodes).filter((type) => !used.has(type)),
      [],
    );
  });
});
