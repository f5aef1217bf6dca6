import assert from 'node:assert/strict';
import { Compile } from 'typebox/compile';
import { findCommand } from '../../../src/commands/run';
import { commands } from '../../../src/commands/table';

/** The names that programs which already speak the protocol use. */
const protocolNames =
  'wechatyStart wechatyStop wechatyLogout wechatyLogonoff wechatyUserSelf wechatySay send sendAt ' +
  'contactFindAll contactFind contactSay contactAdd contactAliasGet contactAliasSet contacAliasSet ' +
  'roomFindAll roomFind roomMemberAllGet roomMemberGet roomSay roomSayAt roomCreate roomAdd roomDel roomQuit ' +
  'roomTopicGet roomTopicgGet roomTopicSet roomAnnounceGet roomAnnounceSet roomAliasGet roomHas roomQrcodeGet ' +
  'roomInvitationAccept roomInvitationFindAll roomInvitationInviter messageFind messageFindAll messageSay ' +
  'messageForward messageToRecalled friendshipAccept friendshipAdd friendshipSearch';

describe('the table of commands', () => {
  it('gives every name and alias to one command only', () => {
    const names = commands.flatMap(({ name, aliases = [] }) => [name, ...aliases]);
    assert.deepEqual(
      names.filter((name, index) => names.indexOf(name) !== index),
      [],
    );
  });

  it('knows every name of the protocol', () => {
    const unknown = protocolNames.split(' ').filter((name) => !findCommand(name));
    assert.deepEqual(unknown, []);
  });

  it('sums every command up in both languages, the way a list item reads', () => {
    for (const { name, summary } of commands) {
      assert.match(summary['en-US'], /^[a-z].*[^.]$/, name);
      assert.match(summary['zh-CN'], /^\p{Script=Han}.*[^。]$/u, name);
    }
  });

  it('describes parameters and results in schemas that survive JSON', () => {
    for (const { name, params, result } of commands) {
      for (const schema of [params, result]) {
        const plain = JSON.parse(JSON.stringify(schema)) as Record<string, unknown>;
        assert.ok(['object', 'array'].includes(String(plain.type)) || plain.anyOf, name);
        // Fails on what is no schema.
        Compile(plain);
      }
      assert.equal((params as { type?: unknown }).type, 'object', name);
    }
  });

  it('says of every parameter what it is, in both languages', () => {
    const unexplained = commands.flatMap(({ name, params }) => {
      const { properties = {} } = params as { properties?: Record<string, Record<string, unknown>> };
      return Object.entries(properties)
        .filter(([, schema]) => !schema.description || !schema['x-description-zh'])
        .map(([property]) => `${name}.${property}`);
    });
    assert.deepEqual(unexplained, []);
  });

  it('accepts parameters it does not know, because older programs send more', () => {
    for (const { name, params } of commands) {
      assert.notEqual((params as { additionalProperties?: unknown }).additionalProperties, false, name);
    }
  });
});
