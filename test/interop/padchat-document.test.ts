/** Conformance with the PadChat document: its commands, fields, events and examples. */
import assert from 'node:assert/strict';
import { parseAppMessage } from '../../src/remotes/padchat/app-message';
import { eventNames } from '../../src/remotes/padchat/events/events';
import { findOperation } from '../../src/remotes/padchat/operations/table';
import { messageTypes } from '../../src/remotes/padchat/events/push-mapper';
import { toWireCase } from '../../src/remotes/padchat/field-case';
import { decodeFrame } from '../../src/remotes/padchat/wire';
import { FrameClient, PadchatFixture } from '../unit/remotes/padchat/fixture';
import { differences } from './mqtt-document';
import { skipIfMissing } from './required-tools';
import {
  documentedAppMessage,
  documentedCommands,
  documentedEvents,
  documentedMessageTypes,
  padchatDocumentMissing,
} from './padchat-document';

/** The names of the properties of a schema. */
function fieldsOf(schema: unknown): string[] {
  return Object.keys((schema as { properties?: object } | undefined)?.properties ?? {});
}

/** Changes to the document's requests for our fixture. */
const overrides: Readonly<Record<string, object>> = {
  auth: { authKey: 'the right key' },
};

describe('the PadChat document', function () {
  this.timeout(30_000);
  before(function () {
    skipIfMissing.call(this, padchatDocumentMissing());
  });

  it('has only commands and parameters of our table', () => {
    const commands = documentedCommands();
    assert.ok(commands.length >= 27, `${commands.length} commands were found`);
    for (const { code, params } of commands) {
      const operation = findOperation(code);
      assert.equal(operation?.names.A, code, code);
      if (operation.unsupported) continue;
      const taken = [...fieldsOf(operation.params), 'authKey'];
      // Of a received message, only the id is a parameter.
      const named = params.filter((name) => !name.includes('.') && /^\w+$/.test(name));
      assert.deepEqual(
        named.filter((name) => !taken.includes(name)),
        [],
        code,
      );
    }
  });

  it('has only reply fields of our table', () => {
    for (const { code, returns } of documentedCommands()) {
      const operation = findOperation(code);
      if (operation?.unsupported) continue;
      const fields = fieldsOf(operation?.result).map((name) => [name, '']);
      const ours = [
        'Message',
        'Status',
        ...Object.keys(toWireCase(Object.fromEntries(fields), 'A') as object),
      ];
      assert.deepEqual(
        returns.filter((name) => !ours.includes(name)),
        [],
        code,
      );
    }
  });

  it('names only events and message types that we send', () => {
    const names = Object.values(eventNames).map(({ A }) => A);
    const missing = documentedEvents().filter((name) => name !== 'cmdRet' && !names.includes(name));
    assert.deepEqual(missing, []);
    const types = documentedMessageTypes();
    assert.ok(types.includes(1) && types.includes(10_002), types.join());
    // 62 is a video in A, 2 a contact, 37 a friend request, 3000 an invitation, 10000 a system message; -1 and 0 are
    // separate events, and no puppet pushes 35, avatars.
    const ours = [...Object.values(messageTypes), 62, 2, 37, 3000, 10_000, -1, 0, 35];
    assert.deepEqual(
      types.filter((type) => !ours.includes(type)),
      [],
    );
  });

  it('has an app message that parses as a link', () => {
    assert.deepEqual(parseAppMessage(documentedAppMessage()), {
      messageType: 'Url',
      messagePayload: {
        title: '消息标题',
        description: '描述内容',
        url: '指向url',
        thumbnailUrl: '缩略图url',
      },
    });
  });

  it('has requests that decode, and replies whose fields ours have', async () => {
    const fixture = await PadchatFixture.start({ authKeys: ['the right key'] });
    try {
      const client = await FrameClient.connect(`${fixture.url}/ws`);
      const shown = documentedCommands().filter(({ request }) => request !== undefined);
      assert.deepEqual(
        shown.map(({ code }) => code),
        ['auth', 'connect', 'login'],
      );
      for (const { code, request, reply } of shown) {
        const received = decodeFrame('A', Buffer.from(JSON.stringify(request)));
        assert.ok('request' in received && received.request.name === code);
        client.send({ ...request, ...overrides[code] });
        const ours = await client.frames.next((frame) => frame.cmdId === request?.cmdId);
        // An empty message is null in the document, an empty text here.
        const comparable = { ...reply, msg: '' };
        assert.deepEqual(differences(comparable, ours), [], code);
        assert.equal(ours.success, true);
      }
      client.close();
    } finally {
      await fixture.stop();
    }
  });
});
