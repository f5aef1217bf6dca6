import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { SendResult } from '../../../../src/commands/broadcast';
import { flowPolicy } from '../../../../src/commands/command';
import { prepareContent } from '../../../../src/commands/content/content';
import type { Content } from '../../../../src/puppets/simulator';
import { CommandedBot, failure } from '../../../support/commanded-bot';
import { serve } from '../../../support/web-server';

describe('prepareContent', () => {
  let bot: CommandedBot;

  before(async () => {
    bot = await CommandedBot.start();
  });

  after(() => bot.stop());

  /** Sends a content to Alice and returns the received one. */
  const receive = async (content: object, files = {}): Promise<Content | undefined> => {
    const sent = await bot.run<SendResult>('contactSay', { contacts: ['Alice'], ...content }, files);
    assert.deepEqual(sent.fail, []);
    const id = sent.success[0]?.messageId;
    return bot.simulation.messages().find((message) => message.id === id)?.content;
  };

  const bytes = Buffer.from('bytes of a file');

  describe('with a file', () => {
    const file = (kind: string, name: string) => ({ kind, name, data: bytes });
    const buffer = { messagePayload: bytes };

    it('names a Buffer without a name by its type', async () => {
      assert.deepEqual(await receive({ messageType: 'Image', ...buffer }), file('image', 'image.jpg'));
      assert.deepEqual(await receive({ messageType: 'Video', ...buffer }), file('video', 'video.mp4'));
      assert.deepEqual(await receive({ messageType: 'Audio', ...buffer }), file('audio', 'audio.mp3'));
      assert.deepEqual(
        await receive({ messageType: 'Emoticon', ...buffer }),
        file('emoticon', 'emoticon.gif'),
      );
    });

    it('names a Buffer without a name by its content, if it is of the type', async () => {
      const png = Buffer.from('89504e470d0a1a0a0000000d', 'hex');
      const named = async (messageType: string) => {
        const content = await receive({ messageType, messagePayload: png });
        return content && 'name' in content && content.name;
      };
      assert.equal(await named('Image'), 'image.png');
      assert.equal(await named('Video'), 'video.mp4');
    });

    it('passes the length of a voice message to the puppet', async () => {
      const { simulatedBot } = bot;
      const messagePayload = { base64: 'eHg=', name: 'voice.silk', voiceLength: 2000 };
      const voice = await prepareContent(
        simulatedBot.bot,
        { messageType: 'Audio', messagePayload },
        { files: flowPolicy },
      );
      const { payload } = voice.toSayable() as { payload: { filebox: { name: string; metadata: object } } };
      assert.deepEqual(
        [payload.filebox.name, payload.filebox.metadata],
        ['voice.silk', { voiceLength: 2000 }],
      );
    });

    it('requires a name if the type has no default name', async () => {
      for (const messagePayload of [bytes, 'data:;base64,eHg=', { base64: 'eHg=' }]) {
        await assert.rejects(
          receive({ messageType: 'Attachment', messagePayload }),
          failure('INVALID_PARAMS', 'msg.filename'),
        );
      }
    });

    const base64 = bytes.toString('base64');
    const forms: Record<string, [payload: unknown, filename?: string]> = {
      'a Buffer with a filename': [bytes, 'a.txt'],
      'a Uint8Array': [new Uint8Array(bytes), 'a.txt'],
      '{buffer, name}': [{ buffer: bytes, name: 'a.txt' }],
      '{base64, name}': [{ base64, name: 'a.txt' }],
      'the result of messageFile': [
        { name: 'a.txt', mimeType: 'text/plain', size: bytes.length, data: bytes },
      ],
      'a data URL with a filename': [`data:text/plain;base64,${base64}`, 'a.txt'],
      'a percent-encoded data URL': [`data:,${encodeURIComponent(String(bytes))}`, 'a.txt'],
      'an object whose name is overridden': [{ base64, name: 'other.txt' }, 'a.txt'],
      'a name that is a path': [{ base64, name: '../../a.txt' }],
    };
    for (const [form, [messagePayload, filename]] of Object.entries(forms)) {
      it(`accepts ${form}`, async () => {
        const sent = await receive({ messageType: 'Attachment', messagePayload, filename });
        assert.deepEqual(sent, file('file', 'a.txt'));
      });
    }

    it('accepts a path, a file: URL and {path}', async () => {
      const folder = await mkdtemp(join(tmpdir(), 'content-'));
      const path = join(folder, '报告 1.pdf');
      await writeFile(path, bytes);
      for (const messagePayload of [path, pathToFileURL(path).href, { path }]) {
        const sent = await receive({ messageType: 'File', messagePayload }, { local: [folder] });
        assert.deepEqual(sent, file('file', '报告 1.pdf'));
      }
      await rm(folder, { recursive: true });
    });

    it('downloads an http URL once for several recipients and reports progress', async () => {
      let fetched = 0;
      const server = await serve((_request, response) => {
        fetched += 1;
        response.setHeader('content-length', bytes.length).end(bytes);
      });
      const contacts = ['Alice', 'Bob', 'Ming'];
      bot.progress.length = 0;
      const params = { contacts, messageType: 'Image', messagePayload: `${server.url}/cat` };
      const { success } = await bot.run<SendResult>('contactSay', params);
      await server.close();
      assert.equal(success.length, 3);
      assert.equal(fetched, 1);
      const contents = bot.simulation
        .messages()
        .slice(-3)
        .map(({ content }) => content);
      assert.deepEqual(contents, Array(3).fill(file('image', 'cat.jpg')));
      assert.deepEqual(bot.progress[0], { kind: 'fetch', file: 'cat', percent: 100 });
    });

    const bad: Record<string, unknown> = {
      'a number': 5,
      'a list': [bytes],
      'an object without content': { name: 'a.txt' },
      'invalid Base64': { base64: 'no, this is not', name: 'a.txt' },
      'a data URL without a comma': 'data:image/png;base64',
      'a field of another type': { base64: 5, name: 'a.txt' },
      'another kind of URL': 'ftp://example.com/a.txt',
      'a path in url': { url: '/etc/passwd' },
    };
    for (const [form, messagePayload] of Object.entries(bad)) {
      it(`rejects ${form}`, async () => {
        await assert.rejects(receive({ messageType: 'Image', messagePayload }), failure('INVALID_PARAMS'));
      });
    }

    it('rejects an empty file in every form', async () => {
      for (const messagePayload of [Buffer.alloc(0), '', '  ', 'data:,', { base64: '' }, null, undefined]) {
        await assert.rejects(
          receive({ messageType: 'Image', messagePayload }),
          failure('INVALID_PARAMS', 'empty'),
        );
      }
    });

    it('rejects a file that is too large in every form', async () => {
      for (const messagePayload of [bytes, { base64 }, `data:;base64,${base64}`]) {
        const limited = { maxBytes: bytes.length - 1 };
        await assert.rejects(
          receive({ messageType: 'Image', messagePayload }, limited),
          failure('REFUSED', 'MB'),
        );
      }
    });
  });

  describe('with a text', () => {
    it('converts numbers and booleans; ignores the case of the type', async () => {
      assert.deepEqual(await receive({ messageType: 'TEXT', messagePayload: 0 }), {
        kind: 'text',
        text: '0',
      });
      assert.deepEqual(await receive({ messagePayload: false }), { kind: 'text', text: 'false' });
    });

    it('rejects an empty text, an object and a file', async () => {
      for (const messagePayload of ['', ' \n', undefined, null]) {
        await assert.rejects(receive({ messagePayload }), failure('INVALID_PARAMS', 'empty'));
      }
      for (const messagePayload of [{ text: 'x' }, ['x'], bytes]) {
        await assert.rejects(receive({ messagePayload }), failure('INVALID_PARAMS', 'Text'));
      }
    });
  });

  it('rejects an unknown type', async () => {
    await assert.rejects(
      receive({ messageType: 'Sticker', messagePayload: 'x' }),
      failure('INVALID_PARAMS', 'Sticker', 'Emoticon'),
    );
  });

  it('accepts a link as an object, as JSON and as a plain URL', async () => {
    const link = { url: 'https://example.com/', title: 'Example', description: 'a page', extra: 'ignored' };
    const { extra, ...known } = link;
    assert.deepEqual(await receive({ messageType: 'Url', messagePayload: link }), {
      kind: 'url',
      url: known,
    });
    const json = JSON.stringify(link);
    assert.deepEqual(await receive({ messageType: 'url', messagePayload: json }), {
      kind: 'url',
      url: known,
    });
    assert.deepEqual(await receive({ messageType: 'Url', messagePayload: link.url }), {
      kind: 'url',
      url: { url: link.url, title: link.url },
    });
    for (const messagePayload of [{ title: 'no url' }, { url: 5 }, 'not a url', '{bad json', 5]) {
      await assert.rejects(receive({ messageType: 'Url', messagePayload }), failure('INVALID_PARAMS', 'Url'));
    }
  });

  it('accepts a mini program', async () => {
    const miniProgram = { appid: 'wx1', title: 'Shop', pagePath: 'index' };
    const sent = await receive({ messageType: 'MiniProgram', messagePayload: miniProgram });
    assert.deepEqual(sent, { kind: 'mini-program', miniProgram });
    for (const messagePayload of [{ title: 'no id' }, { appid: 1 }, []]) {
      await assert.rejects(
        receive({ messageType: 'MiniProgram', messagePayload }),
        failure('INVALID_PARAMS', 'MiniProgram'),
      );
    }
  });

  it('accepts a location', async () => {
    const location = { latitude: 39.99, longitude: 116.33, name: 'Tower', address: 'Street 1', accuracy: 5 };
    assert.deepEqual(await receive({ messageType: 'Location', messagePayload: location }), {
      kind: 'location',
      location,
    });
    for (const messagePayload of [
      { latitude: 91, longitude: 0 },
      { latitude: '1', longitude: 2 },
      { latitude: 1 },
    ]) {
      await assert.rejects(
        receive({ messageType: 'Location', messagePayload }),
        failure('INVALID_PARAMS', 'Location'),
      );
    }
  });

  it('accepts a contact by name and as an object with an id', async () => {
    const card = { kind: 'card', contactId: 'wxid_ming' };
    assert.deepEqual(await receive({ messageType: 'Contact', messagePayload: '小明' }), card);
    assert.deepEqual(
      await receive({ messageType: 'Contact', messagePayload: { id: 'wxid_ming', name: 'M' } }),
      card,
    );
    const nobody = { messageType: 'Contact', messagePayload: 'Nobody' };
    await assert.rejects(receive(nobody), failure('NOT_FOUND', 'Nobody'));
    await assert.rejects(receive({ messageType: 'Contact', messagePayload: 5 }), failure('INVALID_PARAMS'));
  });

  it('accepts a post of several contents', async () => {
    const parts = ['hello', { messageType: 'Image', messagePayload: bytes }];
    const post = await receive({ messageType: 'Post', messagePayload: parts });
    assert.equal(post?.kind, 'post');
    const inner = { messageType: 'Post', messagePayload: 'x' };
    for (const messagePayload of [[], [5], [{ text: 'x' }], [inner]]) {
      await assert.rejects(receive({ messageType: 'Post', messagePayload }), failure('INVALID_PARAMS'));
    }
  });
});
