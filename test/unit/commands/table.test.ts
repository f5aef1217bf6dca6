import assert from 'node:assert/strict';
import { Compile } from 'typebox/compile';
import { findCommand } from '../../../src/commands/run';
import { commands } from '../../../src/commands/table';

/** The command names of the MQTT protocol. */
const protocolNames =
  'wechatyStart wechatyStop wechatyLogout wechatyLogonoff wechatyUserSelf wechatySay send sendAt ' +
  'contactFindAll contactFind contactSay contactAdd contactAliasGet contactAliasSet contacAliasSet ' +
  'roomFindAll roomFind roomMemberAllGet roomMemberGet roomSay roomSayAt roomCreate roomAdd roomDel roomQuit ' +
  'roomTopicGet roomTopicgGet roomTopicSet roomAnnounceGet roomAnnounceSet roomAliasGet roomHas roomQrcodeGet ' +
  'roomInvitationAccept roomInvitationFindAll roomInvitationInviter messageFind messageFindAll messageSay ' +
  'messageForward messageToRecalled friendshipAccept friendshipAdd friendshipSearch';

describe('commands', () => {
  it('has unique names and aliases', () => {
    const names = commands.flatMap(({ name, aliases = [] }) => [name, ...aliases]);
    assert.deepEqual(
      names.filter((name, index) => names.indexOf(name) !== index),
      [],
    );
  });

  it('contains every name of the MQTT protocol', () => {
    const unknown = protocolNames.split(' ').filter((name) => !findCommand(name));
    assert.deepEqual(unknown, []);
  });

  it('has a summary in both languages, without a capital and a full stop', () => {
    for (const { name, summary } of commands) {
      assert.match(summary['en-US'], /^[a-z].*[^.]$/, name);
      assert.match(summary['zh-CN'], /^\p{Script=Han}.*[^。]$/u, name);
    }
  });

  it('has schemas of parameters and results that survive JSON', () => {
    for (const { name, params, result } of commands) {
      for (const schema of [params, result]) {
        const plain = JSON.parse(JSON.stringify(schema)) as Record<string, unknown>;
        assert.ok(['object', 'array'].includes(String(plain.type)) || plain.anyOf, name);
        // Throws if it is not a schema.
        Compile(plain);
      }
      assert.equal((params as { type?: unknown }).type, 'object', name);
    }
  });

  it('describes every parameter in both languages', () => {
    const undescribed = commands.flatMap(({ name, params }) => {
      const { properties = {} } = params as { properties?: Record<string, Record<string, unknown>> };
      return Object.entries(properties)
        .filter(([, schema]) => !schema.description || !schema['x-description-zh'])
        .map(([property]) => `${name}.${property}`);
    });
    assert.deepEqual(undescribed, []);
  });

  it('accepts unknown parameters, because older clients send more', () => {
    for (const { name, params } of commands) {
      assert.notEqual((params as { additionalProperties?: unknown }).additionalProperties, false, name);
    }
  });
});
