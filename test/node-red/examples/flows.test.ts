import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { mkdir, readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { Example, exampleNames, loadExample, nodeNamed } from '../../support/example';
import { type FlowNode, type NodeRed, startNodeRed } from '../../support/node-red';
import { root } from '../../support/package-install';
import { serve } from '../../support/web-server';

describe('examples of flows', () => {
  let nodeRed: NodeRed;
  before(async () => {
    nodeRed = await startNodeRed();
  });
  after(() => nodeRed.stop());

  /** Deploys an example and waits until its bot is ready. */
  async function deployed(
    name: string,
    change: (nodes: FlowNode[]) => void = () => undefined,
  ): Promise<Example> {
    const nodes = loadExample(name);
    change(nodes);
    const example = await Example.deploy(nodeRed, nodes);
    const listener = nodes.find(({ type }) => /^wechat-(on-event|room-find|command)$/.test(type));
    assert.ok(listener);
    await nodeRed.status(listener.id, /^ready/);
    return example;
  }

  it('01-ding-dong replies in the same conversation', async () => {
    const example = await deployed('01-ding-dong');
    assert.equal((await example.ask('Ming', 'ding')).text, 'dong');
    const { text, inRoom } = await example.ask('Alice', 'ding', 'Team');
    assert.deepEqual([text, inRoom], ['dong', true]);
  });

  it('02-auto-reply finds the reply by keyword, in both languages', async () => {
    const example = await deployed('02-auto-reply');
    assert.match((await example.ask('Alice', 'What is the price?')).text, /price list/);
    assert.match((await example.ask('王芳', '你们的营业时间？')).text, /9:00/);
    const { text, mentionIds } = await example.ask('Alice', 'opening hours?', 'Team');
    assert.match(text, /^@Alice\u2005We are open/);
    assert.equal(mentionIds.length, 1);
  });

  it('03-welcome-room-members mentions new members', async () => {
    const example = await deployed('03-welcome-room-members');
    const greeting = await nodeRed.simulation(example.botId, async (simulation) => {
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

  it('04-group-broadcast sends to every room and reports', async () => {
    const example = await deployed('04-group-broadcast');
    const report = example.shown('report shown');
    await example.press('send now');
    assert.equal(await report, 'sent to 3 of 3 rooms');
    const reached = await nodeRed.simulation(example.botId, (simulation) =>
      simulation
        .rooms()
        .filter((room) => room.hasBot && simulation.messages({ conversation: room }).length > 0)
        .map(({ topic }) => topic),
    );
    assert.equal(reached.length, 3);
  });

  it('05-accept-friends accepts requests with the keyword only', async () => {
    const example = await deployed('05-accept-friends');
    const hello = await nodeRed.simulation(example.botId, async (simulation) => {
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

  it('06-save-files writes received files under a safe name', async () => {
    const target = join(nodeRed.userDir, 'received');
    await mkdir(target);
    const example = await deployed('06-save-files', (nodes) => {
      const where = nodeNamed(nodes, 'where to');
      where.func = String(where.func).replace('wechat-files/', `${target}/`);
    });
    const saved = example.shown('saved');
    await nodeRed.simulation(example.botId, (simulation) => {
      const data = Buffer.from('the quarterly figures');
      simulation
        .contact('Alice')
        .say({ kind: 'file', name: '../../../escape.txt', data })
        .to(simulation.self);
    });
    const path = await saved;
    const [only, ...others] = await readdir(target);
    assert.ok(only && others.length === 0);
    assert.equal(path, join(target, only));
    assert.match(only, /-escape\.txt$/);
    assert.equal(await readFile(path, 'utf8'), 'the quarterly figures');
  });

  it('07-room-to-webhook posts the messages of the room only', async () => {
    const bodies: string[] = [];
    const server = await serve((request, response) => {
      request.setEncoding('utf8');
      void request.toArray().then((parts: string[]) => {
        bodies.push(parts.join(''));
        response.end('thanks');
      });
    });
    try {
      const example = await deployed('07-room-to-webhook', (nodes) => {
        nodeNamed(nodes, 'POST to the webhook').url = `${server.url}/hook`;
      });
      const posted = example.shown('answer');
      await nodeRed.simulation(example.botId, (simulation) => {
        simulation.contact('Alice').say('not for the webhook').to(simulation.self);
        simulation.contact('Alice').say('hello from the room').in('Team');
      });
      assert.equal(Number(await posted), 200);
    } finally {
      await server.close();
    }
    const [body, ...others] = bodies;
    assert.ok(body && others.length === 0);
    const { room, from, text } = JSON.parse(body) as Record<string, unknown>;
    assert.deepEqual({ room, from, text }, { room: 'Team', from: 'Alice', text: 'hello from the room' });
  });

  it('08-call-a-command reads and changes', async () => {
    const example = await deployed('08-call-a-command');
    const answer = async (button: string): Promise<string> => {
      const answered = example.shown('answer');
      await example.press(button);
      return answered;
    };
    assert.match(await answer('who am I?'), /wxid_bot/);
    assert.match(await answer('list friends'), /wxid_ming/);
    await answer('rename Alice');
    const alias = await nodeRed.simulation(example.botId, (simulation) => simulation.contact('Alice').alias);
    assert.equal(alias, '爱丽丝');
  });

  it('use every node of the pack', () => {
    const used = new Set(exampleNames.flatMap((name) => loadExample(name).map(({ type }) => type)));
    const { 'node-red': pack } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
      'node-red': { nodes: Record<string, string> };
    };
    assert.deepEqual(
      Object.keys(pack.nodes).filter((type) => !used.has(type)),
      [],
    );
  });
});
