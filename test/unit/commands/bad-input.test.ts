import assert from 'node:assert/strict';
import { throwUnsupportedError } from 'wechaty-puppet';
import { commands } from '../../../src/commands/table';
import { PuppetSimulator } from '../../../src/puppets/simulator';
import { CommandedBot, failure, type Sent } from '../../support/commanded-bot';
import { accountUses } from './cases/account';
import { contactsUses } from './cases/contacts';
import { messagesUses } from './cases/messages';
import { roomsUses } from './cases/rooms';

/** The fields of a parameter's schema by which its type can be told. */
interface Schema {
  readonly type?: string;
  readonly anyOf?: readonly Schema[];
  readonly enum?: unknown;
}

const uses = { ...contactsUses, ...roomsUses, ...messagesUses, ...accountUses };

/** Whether a value is of a type the schema names. */
function mayBe({ type, anyOf = [] }: Schema, value: unknown): boolean {
  if (type === 'null') return value === null;
  return typeof value === (type === 'integer' ? 'number' : type) || anyOf.some((one) => mayBe(one, value));
}

describe('bad input', () => {
  let bot: CommandedBot;

  beforeEach(async () => {
    bot = await CommandedBot.start();
  });

  afterEach(() => bot.end());

  it('is a command that does not exist', async () => {
    await assert.rejects(bot.run('contactHug'), failure('INVALID_PARAMS', 'contactHug'));
    await assert.rejects(bot.run('toString'), failure('INVALID_PARAMS', 'toString'));
  });

  it('is an unknown contact, room or member', async () => {
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

  it('is an ambiguous name, and the error lists the ids', async () => {
    const listed = failure('INVALID_PARAMS', 'wxid_chenwei1', 'wxid_chenwei2');
    await assert.rejects(bot.run('contactFind', { name: 'Chen Wei' }), listed);
    await assert.rejects(bot.run('contactAliasSet', { id: 'Chen Wei', alias: 'x' }), listed);
    await assert.rejects(bot.run('roomMemberGet', { id: 'Wechaty 开发者', contact: 'Chen Wei' }), listed);
    await bot.run('roomTopicSet', { id: '周末爬山', topic: 'Team' });
    const rooms = bot.world.rooms().filter(({ topic }) => topic === 'Team');
    const ids = rooms.map(({ id }) => id);
    await assert.rejects(bot.run('roomQuit', { id: 'Team' }), failure('INVALID_PARAMS', ...ids));
    assert.ok(rooms.every(({ hasBot }) => hasBot));
  });

  it('is an id that does not exist any more or never did', async () => {
    for (const { name } of commands.filter(({ params }) =>
      (params as { required?: string[] }).required?.includes('id'),
    )) {
      const params = { id: '404', messagePayload: 'x', toContacts: 'Alice' };
      await assert.rejects(bot.run(name, params), failure('NOT_FOUND', '404'), name);
    }
  });

  it('is a message of another kind than the one asked for', async () => {
    const { id } = bot.world.contact('Ming').say('just words').to(bot.world.self);
    for (const kind of ['File', 'Image', 'Contact', 'Url', 'MiniProgram', 'Location']) {
      await assert.rejects(bot.run(`message${kind}`, { id }), failure('INVALID_PARAMS', 'Text'), kind);
    }
  });

  it('is a file in a message that is larger than wanted', async () => {
    const file = { kind: 'file', name: 'large.bin', data: Buffer.alloc(2000) } as const;
    const { id } = bot.world.contact('Ming').say(file).to(bot.world.self);
    await assert.rejects(bot.run('messageFile', { id, maxBytes: 1999 }), failure('REFUSED', 'large.bin'));
    await assert.rejects(bot.run('messageFile', { id }, { maxBytes: 1999 }), failure('REFUSED', 'large.bin'));
  });

  it('is a recall of what somebody else said', async () => {
    const { id } = bot.world.contact('Ming').say('mine').to(bot.world.self);
    await assert.rejects(bot.run('messageToRecalled', { id }), failure('FAILED', 'somebody else'));
  });

  it('is nobody to send to, or to put into a room', async () => {
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

  it('is a pattern that is none', async () => {
    const { fail } = await bot.run<Sent>('contactSay', { contacts: ['/(/', 'Alice'], messagePayload: 'x' });
    assert.deepEqual(
      fail.map(({ id, error }) => [id, error.code]),
      [['/(/', 'INVALID_PARAMS']],
    );
    await assert.rejects(bot.run('roomFindAll', { query: '/[/' }), failure('INVALID_PARAMS', '/[/'));
  });

  it('is a file that cannot be had, and then nothing is sent to anybody', async () => {
    const say = (messagePayload: string, files = {}) =>
      bot.run('contactSay', { contacts: ['Alice', 'Bob'], messageType: 'Image', messagePayload }, files);
    await assert.rejects(say('/no/such/file.png'), failure('NOT_FOUND', '/no/such/file.png'));
    await assert.rejects(say(__filename, { maxBytes: 10 }), failure('REFUSED', 'MB'));
    await assert.rejects(say(__filename, { local: ['/no/such/folder'] }), failure('REFUSED', __filename));
    const away = { privateAddresses: 'refuse' };
    await assert.rejects(say('http://127.0.0.1:1/x.png', away), failure('REFUSED', 'private'));
    assert.deepEqual(bot.world.messages(), []);
  });

  describe('of the wrong type', () => {
    const wrong = [5, true, { a: 1 }, [5], null];
    for (const { name, params } of commands) {
      const { properties = {} } = params as { properties?: Record<string, Schema> };
      const typed = Object.entries(properties).filter(
        ([, schema]) => schema.type ?? schema.anyOf ?? schema.enum,
      );
      if (typed.length === 0) continue;
      it(`is refused by ${name} before anything happens`, async () => {
        bot.world.calls.reset();
        for (const [property, schema] of typed) {
          for (const value of wrong.filter((one) => !mayBe(schema, one))) {
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
        assert.deepEqual(bot.world.calls.counts(), {});
      });
    }
  });

  it('is anything at all while the bot is not logged in', async () => {
    await bot.run('wechatyStop');
    for (const [name, use] of Object.entries(uses)) {
      if (['wechatyStart', 'wechatyStop', 'wechatyLogonoff'].includes(name)) continue;
      const [first] = [use].flat();
      await assert.rejects(
        bot.run(name, first?.params?.({ id: 'x' })),
        failure('NOT_LOGGED_IN', 'stopped'),
        name,
      );
    }
  });

  it('ends in an error of ours whatever the puppet refuses', async () => {
    bot.world.faults = { rejectAll: true };
    for (const [name, use] of Object.entries(uses)) {
      if (/^(wechatyStop|wechatyLogout|ding)$/.test(name)) continue;
      const [first] = [use].flat();
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

describe('what a puppet cannot do', () => {
  it('is told as UNSUPPORTED, with the puppets that can', async () => {
    class Poor extends PuppetSimulator {
      override name = (): string => 'wechaty-puppet-padlocal';
      override contactPhone = throwUnsupportedError;
      override roomQRCode = (): Promise<string> => Promise.reject(new Error('roomQRCode is not supported'));
      // As a puppet made before there were posts.
      override postPublish = undefined as unknown as PuppetSimulator['postPublish'];
      override messageSendLocation = throwUnsupportedError;
    }
    const bot = await CommandedBot.start({ parts: { puppets: { simulator: () => Poor } } });
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
    const place = { messageType: 'Location', messagePayload: { latitude: 1, longitude: 2 } };
    const { fail } = await bot.run<Sent>('contactSay', { contacts: ['Alice'], ...place });
    assert.deepEqual(
      fail.map(({ error }) => error.code),
      ['UNSUPPORTED'],
    );
    await bot.end();
  });
});
