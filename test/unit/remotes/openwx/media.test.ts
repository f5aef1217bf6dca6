import assert from 'node:assert/strict';
import { mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { serve } from '../../../support/web-server';
import { OpenwxFixture } from './fixture';

interface Answer {
  readonly code: number;
  readonly status: string;
  readonly id: string;
  readonly media_id: string;
}

const png = Buffer.from('89504e470d0a1a0a', 'hex');

describe('loadMedia', () => {
  let fixture: OpenwxFixture;
  let folder: string;
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'openwx-files-'));
    await writeFile(join(folder, 'a.png'), png);
    await writeFile(join(folder, '..', 'openwx-secret.txt'), 'secret');
    await symlink('/etc/hostname', join(folder, 'link.txt'));
    const files = { local: [folder], privateAddresses: 'refuse', maxBytes: 64 * 1024 } as const;
    fixture = await OpenwxFixture.start({ settings: { files } });
  });
  after(async () => {
    await fixture.stop();
    await rm(folder, { recursive: true });
    await rm(join(folder, '..', 'openwx-secret.txt'));
  });

  /** The last message of a conversation. */
  const lastMessage = (to: string) => fixture.simulation.messages({ conversation: to }).at(-1);

  it('loads media by path, Base64 and id, and a sent one can be revoked', async () => {
    const by = async (params: Record<string, string>): Promise<Answer> => {
      const answer = await fixture.call<Answer>('send_friend_message', { id: 'wxid_alice', ...params });
      assert.equal(answer.code, 0, JSON.stringify(answer));
      assert.deepEqual((lastMessage('wxid_alice')?.content as { data?: Buffer }).data, png);
      return answer;
    };
    const sent = await by({ media_path: join(folder, 'a.png') });
    assert.match(sent.media_id, /^@crypt_[0-9a-f]{32}:3$/);
    assert.equal((await by({ media_id: sent.media_id })).media_id, sent.media_id);
    await by({ media_data: png.toString('base64') });
    assert.equal(lastMessage('wxid_alice')?.text, 'media.png');
    await by({ media_data: png.toString('base64'), media_name: '../up.png' });
    assert.equal(lastMessage('wxid_alice')?.text, 'up.png');
    const { id } = await by({ content: 'look', media_id: sent.media_id });
    const textMessage = fixture.simulation.messages({ conversation: 'wxid_alice' }).at(-2);
    assert.deepEqual([textMessage?.text, id], ['look', `${textMessage?.id}:wxid_alice`]);
    const revoked = await fixture.call<Answer>('revoke_message', { id });
    assert.deepEqual([revoked.code, revoked.status, revoked.id], [0, 'revoke success', id]);
    assert.equal((await fixture.call<Answer>('revoke_message', { msg_id: id })).status, 'revoke failure');
  });

  it('loads the media of a received message', async () => {
    const message = fixture.simulation.contact('Bob').say({ kind: 'image', name: 'cat.png', data: png }).to();
    const { code } = await fixture.call<Answer>('send_friend_message', {
      id: 'wxid_alice',
      media_id: `${message.id}:3`,
    });
    assert.equal(code, 0);
    assert.equal(lastMessage('wxid_alice')?.text, 'cat.png');
  });

  it('loads uploaded media', async () => {
    const uploaded = await fixture.call('upload_media', { media_path: join(folder, 'a.png') });
    const { media_code, media_type, media_ext, media_mime, media_name, media_size, media_path } = uploaded;
    assert.deepEqual(
      { media_code, media_type, media_ext, media_mime, media_name, media_size, media_path },
      {
        media_code: '3',
        media_type: 'image',
        media_ext: 'png',
        media_mime: 'image/png',
        media_name: 'a.png',
        media_size: png.length,
        media_path: join(folder, 'a.png'),
      },
    );
    const params = { displayname: 'Team', media_id: String(uploaded.media_id) };
    assert.equal((await fixture.call<Answer>('send_group_message', params)).code, 0);
  });

  it('rejects files outside the allowed folders', async () => {
    const outside = [
      join(folder, '..', 'openwx-secret.txt'),
      `${folder}/../openwx-secret.txt`,
      join(folder, 'link.txt'),
      '/etc/passwd',
      'file:///etc/passwd',
      `file://${folder}/%2e%2e/openwx-secret.txt`,
      `${folder}/a.png\u0000.txt`,
      '/proc/self/environ',
      '\\\\server\\share\\x',
    ];
    const before = fixture.simulation.messages().length;
    for (const media_path of outside) {
      const sent = await fixture.call<Answer>('send_friend_message', { id: 'wxid_ming', media_path });
      assert.notEqual(sent.code, 0, media_path);
      assert.equal(sent.id, null);
      assert.equal((await fixture.call('upload_media', { media_path })).media_id, null, media_path);
    }
    for (const media_id of ['@crypt_../../x:3', '@crypt_:3', '@crypt_0:3', '../../etc/passwd:3', 'x']) {
      const sent = await fixture.call<Answer>('send_friend_message', { id: 'wxid_ming', media_id });
      assert.notEqual(sent.code, 0, media_id);
    }
    assert.equal(fixture.simulation.messages().length, before);
  });

  it('rejects URLs of private addresses', async () => {
    let requests = 0;
    const server = await serve((_request, response) => {
      requests += 1;
      response.end('inside');
    });
    const { port } = server;
    try {
      for (const media_path of [
        `http://127.0.0.1:${port}/a.png`,
        `http://localhost:${port}/a.png`,
        `http://[::1]:${port}/a.png`,
        `http://2130706433:${port}/a.png`,
        `http://0.0.0.0:${port}/a.png`,
        `http://[::ffff:127.0.0.1]:${port}/a.png`,
        'http://169.254.169.254/latest/meta-data',
        'ftp://127.0.0.1/a',
        'gopher://127.0.0.1/a',
      ]) {
        const sent = await fixture.call<Answer>('send_friend_message', { id: 'wxid_ming', media_path });
        assert.notEqual(sent.code, 0, media_path);
      }
      assert.equal(requests, 0);
    } finally {
      await server.close();
    }
  });

  it('rejects media that are too large', async () => {
    const media_data = Buffer.alloc(70 * 1024).toString('base64');
    const large = await fixture.post('send_friend_message', { id: 'wxid_ming', media_data });
    assert.equal((large.json as Answer).code, -6);
    const larger = await fixture.post('send_friend_message', {
      id: 'wxid_ming',
      media_data: media_data.repeat(3),
    });
    assert.equal(larger.status, 413);
    assert.equal((larger.json as Answer).code, -6);
  });
});
