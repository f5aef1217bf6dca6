/** The PadChat document: every command it describes is there, and its examples work as they stand there. */
import assert from 'node:assert/strict';
import { readAppMessage } from '../../src/remotes/padchat/app-message';
import { eventNames } from '../../src/remotes/padchat/events/events';
import { findOperation } from '../../src/remotes/padchat/operations/table';
import { messageTypes } from '../../src/remotes/padchat/events/push-mapper';
import { spelled } from '../../src/remotes/padchat/field-case';
import { readFrame } from '../../src/remotes/padchat/wire';
import { FrameClient, Setting } from '../unit/remotes/padchat/fixture';
import { differences } from './mqtt-document';
import { needs } from './required-tools';
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

/** What the document's examples would say of our simulated friends. */
const known: Readonly<Record<string, object>> = {
  auth: { authKey: 'the right key' },
};

describe('the PadChat document', function () {
  this.timeout(30_000);
  before(function () {
    needs.call(this, padchatDocumentMissing());
  });

  it('describes only commands that are in the table, with parameters they take', () => {
    const commands = documentedCommands();
    assert.ok(commands.length >= 27, `${commands.length} commands were found`);
    for (const { code, params } of commands) {
      const operation = findOperation(code);
      assert.equal(operation?.names.A, code, code);
      if (operation.unsupported) continue;
      const taken = [...fieldsOf(operation.params), 'authKey'];
      // Of a message that came in, only what says which it is.
      const named = params.filter((name) => !name.includes('.') && /^\w+$/.test(name));
      assert.deepEqual(
        named.filter((name) => !taken.includes(name)),
        [],
        code,
      );
    }
  });

  it('names fields of replies that are in the table', () => {
    for (const { code, returns } of documentedCommands()) {
      const operation = findOperation(code);
      if (operation?.unsupported) continue;
      const fields = fieldsOf(operation?.result).map((name) => [name, '']);
      const given = ['Message', 'Status', ...Object.keys(spelled(Object.fromEntries(fields), 'A') as object)];
      assert.deepEqual(
        returns.filter((name) => !given.includes(name)),
        [],
        code,
      );
    }
  });

  it('names events and kinds of messages that clients are told', () => {
    const told = Object.values(eventNames).map(({ A }) => A);
    const missing = documentedEvents().filter((name) => name !== 'cmdRet' && !told.includes(name));
    assert.deepEqual(missing, []);
    const types = documentedMessageTypes();
    assert.ok(types.includes(1) && types.includes(10_002), types.join());
    // 62 is what A calls a video, 2 a contact, 37 a friend request, 3000 an invitation, 10000 a notice; -1 and 0 are
    // told as events of their own, and pictures of faces are not pushed by any puppet.
    const ours = [...Object.values(messageTypes), 62, 2, 37, 3000, 10_000, -1, 0, 35];
    assert.deepEqual(
      types.filter((type) => !ours.includes(type)),
      [],
    );
  });

  it('shows an app message that is read as a link', () => {
    assert.deepEqual(readAppMessage(documentedAppMessage()), {
      messageType: 'Url',
      messagePayload: {
        title: '消息标题',
        description: '描述内容',
        url: '指向url',
        thumbnailUrl: '缩略图url',
      },
    });
  });

  it('shows requests that are read, and replies that ours have all fields of', async () => {
    const setting = await Setting.start({ authKeys: ['the right key'] });
    try {
      const client = await FrameClient.connect(`${setting.url}/ws`);
      const shown = documentedCommands().filter(({ request }) => request !== undefined);
      assert.deepEqual(
        shown.map(({ code }) => code),
        ['auth', 'connect', 'login'],
      );
      for (const { code, request, reply } of shown) {
        const received = readFrame('A', Buffer.from(JSON.stringify(request)));
        assert.ok('request' in received && received.request.name === code);
        client.send({ ...request, ...known[code] });
        const ours = await client.frames.next((frame) => frame.cmdId === request?.cmdId);
        // Nothing to say is null in the document and an empty text here.
        const comparable = { ...reply, msg: '' };
        assert.deepEqual(differences(comparable, ours), [], code);
        assert.equal(ours.success, true);
      }
      client.end();
    } finally {
      await setting.end();
    }
  });
});
