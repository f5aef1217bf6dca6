import assert from 'node:assert/strict';
import { throwUnsupportedError } from 'wechaty-puppet';
import { commands } from '../../../src/commands/table';
import { PuppetSimulator } from '../../../src/puppets/simulator';
import type { SendResult } from '../../../src/commands/broadcast';
import { CommandedBot, failure } from '../../support/commanded-bot';
import { accountCases } from './cases/account';
import { contactsCases } from './cases/contacts';
import { messagesCases } from './cases/messages';
import { roomsCases } from './cases/rooms';

/** The fields of a parameter's schema that state its type. */
interface Schema {
  readonly type?: string;
  readonly anyOf?: readonly Schema[];
  readonly enum?: unknown;
}

const cases = { ...contactsCases, ...roomsCases, ...messagesCases, ...accountCases };

/** Whether a value has a type that the schema allows. */
function hasType({ type, anyOf = [] }: Schema, value: unknown): boolean {
  if (type === 'null') return value === null;
  return typeof value === (type === 'integer' ? 'number' : type) || anyOf.some((one) => hasType(one, value));
}

describe('runCommand with bad input', () => {
  let bot: CommandedBot;

  beforeEach(async () => {
    bot = await CommandedBot.start();
  });

  afterEach(() => bot.stop());

  it('rejects an unknown command', async () => {
    await assert.rejects(bot.run('contactHug'), failure('INVALID_PARAMS', 'contactHug'));
    await assert.rejects(bot.run('toString'), failure('INVALID_PARAMS', 'toString'));
  });

  it('rejects an unknown contact, room or member', async () => {
    const unknown: [string, object][] = [
      ['contactAliasGet', { id: 'Nobody' }],
      ['contactAliasSet', { id: 'Nobody', alias: 'x' }],
      ['roomTopicGet', { id: 'Nobody' }],
      ['roomDel', { id: 'Team', contacts: ['Nobody'] }],
      ['roomMemberGet', { id: 'Team', contact: 'Nobody' }],
      ['roomSayAt', { room: 'Team', contacts: ['Nobody'], messagePayload: 'hi' }],
      ['roomCreate', { contactList: ['Ming', 'Nobody'] }],
      ['friendshipAdd', { id: 'Nobody' }],
    ];
    for (const [name, params] of unknown) {
      await assert.rejects(bot.run(name, params), failure('NOT_FOUND', 'Nobody'), name);
    }
  });

  it('rejects an ambiguous name and lists the ids', async () => {
    const listed = failure('INVALID_PARAMS', 'wxid_chenwei1', 'wxid_chenwei2');
    await assert.rejects(bot.run('contactFind', { name: 'Chen Wei' }), listed);
    await assert.rejects(bot.run('contactAliasSet', { id: 'Chen Wei', alias: 'x' }), listed);
    await assert.rejects(bot.run('roomMemberGet', { id: 'Wechaty 开发者', contact: 'Chen Wei' }), listed);
    await bot.run('roomTopicSet', { id: '周末爬山', topic: 'Team' });
    const rooms = bot.simulation.rooms().filter(({ topic }) => topic === 'Team');
    const ids = rooms.map(({ id }) => id);
    await assert.rejects(bot.run('roomQuit', { id: 'Team' }), failure('INVALID_PARAMS', ...ids));
    assert.ok(rooms.every(({ hasBot }) => hasBot));
  });

  it('rejects an unknown id', async () => {
    for (const { name } of commands.filter(({ params }) =>
      (params as { required?: string[] }).required?.includes('id'),
    )) {
      const params = { id: '404', messagePayload: 'x', toContacts: 'Alice' };
      await assert.rejects(bot.run(name, params), failure('NOT_FOUND', '404'), name);
    }
  });

  it('rejects a message of another type', async () => {
    const { id } = bot.simulation.contact('Ming').say('just words').to(bot.simulation.self);
    for (const kind of ['File', 'Image', 'Contact', 'Url', 'MiniProgram', 'Location']) {
      await assert.rejects(bot.run(`message${kind}`, { id }), failure('INVALID_PARAMS', 'Text'), kind);
    }
  });

  it('rejects a file in a message that exceeds maxBytes', async () => {
    const file = { kind: 'file', name: 'large.bin', data: Buffer.alloc(2000) } as const;
    const { id } = bot.simulation.contact('Ming').say(file).to(bot.simulation.self);
    await assert.rejects(bot.run('messageFile', { id, maxBytes: 1999 }), failure('REFUSED', 'large.bin'));
    await assert.rejects(bot.run('messageFile', { id }, { maxBytes: 1999 }), failure('REFUSED', 'large.bin'));
  });

  it('rejects to recall a message of somebody else', async () => {
    const { id } = bot.simulation.contact('Ming').say('mine').to(bot.simulation.self);
    await assert.rejects(bot.run('messageToRecalled', { id }), failure('FAILED', 'somebody else'));
  });

  it('rejects an empty list of recipients or members', async () => {
    for (const contacts of [[], '', [''], undefined]) {
      await assert.rejects(
        bot.run('contactSay', { contacts, messagePayload: 'x' }),
        failure('INVALID_PARAMS'),
      );
    }
    await assert.rejects(bot.run('roomSay', { rooms: [], messagePayload: 'x' }), failure('INVALID_PARAMS'));
    await assert.rejects(bot.run('send', { messagePayload: 'x' }), failure('INVALID_PARAMS'));
    await assert.rejects(bot.run('roomAdd', { id: 'Team' }), failure('INVALID_PARAMS', 'contacts'));
    await assert.rejects(bot.run('roomCreate', { contactList: ['Ming'] }), failure('INVALID_PARAMS', 'two'));
    await assert.rejects(bot.run('contactFind', {}), failure('INVALID_PARAMS', 'id'));
  });

  it('rejects an invalid pattern', async () => {
    const { fail } = await bot.run<SendResult>('contactSay', {
      contacts: ['/(/', 'Alice'],
      messagePayload: 'x',
    });
    assert.deepEqual(
      fail.map(({ id, error }) => [id, error.code]),
      [['/(/', 'INVALID_PARAMS']],
    );
    await assert.rejects(bot.run('roomFindAll', { query: '/[/' }), failure('INVALID_PARAMS', '/[/'));
  });

  it('sends nothing when the file cannot be loaded', async () => {
    const say = (messagePayload: string, files = {}) =>
      bot.run('contactSay', { contacts: ['Alice', 'Bob'], messageType: 'Image', messagePayload }, files);
    await assert.rejects(say('/no/such/file.png'), failure('NOT_FOUND', '/no/such/file.png'));
    await assert.rejects(say(__filename, { maxBytes: 10 }), failure('REFUSED', 'MB'));
    await assert.rejects(say(__filename, { local: ['/no/such/folder'] }), failure('REFUSED', __filename));
    const refuseLocal = { privateAddresses: 'refuse' };
    await assert.rejects(say('http://127.0.0.1:1/x.png', refuseLocal), failure('REFUSED', 'private'));
    assert.deepEqual(bot.simulation.messages(), []);
  });

  describe('of the wrong type', () => {
    const wrong = [5, true, { a: 1 }, [5], null];
    for (const { name, params } of commands) {
      const { properties = {} } = params as { properties?: Record<string, Schema> };
      const typed = Object.entries(properties).filter(
        ([, schema]) => schema.type ?? schema.anyOf ?? schema.enum,
      );
      if (typed.length === 0) continue;
      it(`rejects it before ${name} runs`, async () => {
        bot.simulation.calls.reset();
        for (const [property, schema] of typed) {
          for (const value of wrong.filter((one) => !hasType(schema, one))) {
            await assert.rejects(
              bot.run(name, { [property]: value }),
              failure('INVALID_PARAMS', name),
              `${property}: ${JSON.stringify(value)}`,
            );
          }
        }
        for (const params of ['text', 5, [], true]) {
          await assert.rejects(bot.run(name, params as object), failure('INVALID_PARAMS', name));
        }
        assert.deepEqual(bot.simulation.calls.counts(), {});
      });
    }
  });

  it('rejects every command while the bot is not logged in', async () => {
    await bot.run('wechatyStop');
    for (const [name, entry] of Object.entries(cases)) {
      if (['wechatyStart', 'wechatyStop', 'wechatyLogonoff', 'verifyCodeSubmit'].includes(name)) continue;
      const [first] = [entry].flat();
      await assert.rejects(
        bot.run(name, first?.params?.({ id: 'x' })),
        failure('NOT_LOGGED_IN', 'stopped'),
        name,
      );
    }
  });

  it('throws a WechatError when the puppet rejects', async () => {
    bot.simulation.faults = { rejectAll: true };
    for (const [name, entry] of Object.entries(cases)) {
      if (/^(wechatyStop|wechatyLogout|ding)$/.test(name)) continue;
      const [first] = [entry].flat();
      if (first?.error === 'UNSUPPORTED') continue;
      const outcome = await bot.run(name, first?.params?.({ id: 'x' })).catch((error: unknown) => error);
      if (outcome instanceof Error) {
        assert.ok(
          ['FAILED', 'NOT_FOUND'].includes((outcome as { code?: string }).code ?? ''),
          `${name}: ${outcome}`,
        );
      }
    }
  });
});

describe('runCommand with a limited puppet', () => {
  it('throws UNSUPPORTED and lists the puppets that can', async () => {
    class LimitedPuppet extends PuppetSimulator {
      override contactPhone = throwUnsupportedError;
      override roomQRCode = (): Promise<string> => Promise.reject(new Error('roomQRCode is not supported'));
      // Like a puppet from before posts were introduced.
      override postPublish = undefined as unknown as PuppetSimulator['postPublish'];
      override messageSendLocation = throwUnsupportedError;
    }
    const puppet = 'wechaty-puppet-padlocal';
    const bot = await CommandedBot.start({
      settings: { puppet },
      dependencies: { puppets: { [puppet]: () => LimitedPuppet } },
    });
    const unsupported = (...able: (string | RegExp)[]) => failure('UNSUPPORTED', 'simulator', ...able);
    const service = 'wechaty-puppet-service (if the puppet behind it can)';
    await assert.rejects(
      bot.run('contactPhoneSet', { id: 'Alice', phones: '1' }),
      unsupported(service, 'contactPhone'),
    );
    await assert.rejects(bot.run('roomQrcodeGet', { id: 'Team' }), unsupported(service));
    await assert.rejects(
      bot.run('postPublish', { messagePayload: 'x' }),
      unsupported('postPublish', /that can: simulator\.$/),
    );
    const location = { messageType: 'Location', messagePayload: { latitude: 1, longitude: 2 } };
    const { fail } = await bot.run<SendResult>('contactSay', { contacts: ['Alice'], ...location });
    assert.deepEqual(
      fail.map(({ error }) => error.code),
      ['UNSUPPORTED'],
    );
    await bot.stop();
  });

  it('throws UNSUPPORTED for calls that the puppet resolves without an effect', async () => {
    const puppet = 'wechaty-puppet-official-account';
    const bot = await CommandedBot.start({
      settings: { puppet },
      dependencies: { puppets: { [puppet]: () => PuppetSimulator } },
    });
    for (const [name, params] of [
      ['roomCreate', { contacts: ['Alice', 'Bob'], topic: 'New' }],
      ['roomTopicSet', { id: 'Team', topic: 'New' }],
      ['friendshipAdd', { contactId: 'Alice', hello: 'hi' }],
      ['selfNameSet', { name: 'New' }],
    ] as const) {
      await assert.rejects(bot.run(name, params), failure('UNSUPPORTED', puppet, 'simulator'), name);
    }
    await bot.stop();
  });
});
