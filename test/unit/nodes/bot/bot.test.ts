import assert from 'node:assert/strict';
import { EventEmitter } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { mock } from 'node:test';
import type { NodeAPI } from 'node-red';
import { Bot } from '../../../../src/bot/bot';
import registerBotNode from '../../../../src/nodes/bot/bot';

/** A node of the type `wechat-bot` with the parts of Node-RED that it uses. */
function createBotNode(userDir: string) {
  let construct: (this: object, definition: object) => void = () => undefined;
  const route = (): void => undefined;
  const RED = {
    settings: { userDir },
    httpAdmin: { get: route, post: route, delete: route },
    auth: { needsPermission: () => route },
    nodes: {
      createNode: () => undefined,
      registerType: (_type: string, constructor: typeof construct) => {
        construct = constructor;
      },
    },
    events: new EventEmitter(),
    _: (key: string) => key,
  };
  registerBotNode(RED as unknown as NodeAPI);
  const errors: string[] = [];
  const node = Object.assign(new EventEmitter(), {
    credentials: {},
    error: (message: string) => errors.push(message),
  });
  construct.call(node, { id: 'bot1', name: 'Shop', autoStart: false });
  return { node, errors };
}

describe('wechat-bot node', () => {
  let userDir: string;

  beforeEach(async () => {
    userDir = await mkdtemp(join(tmpdir(), 'wechat-bot-node-'));
  });
  afterEach(async () => {
    mock.restoreAll();
    await rm(userDir, { recursive: true, force: true });
  });

  it('calls done and logs the error when the bot fails to stop', async () => {
    mock.method(Bot.prototype, 'stop', () => Promise.reject(new Error('stop failed')));
    const { node, errors } = createBotNode(userDir);
    await new Promise<void>((resolve) => node.emit('close', true, resolve));
    assert.deepEqual(errors, ['stop failed']);
  });
});
