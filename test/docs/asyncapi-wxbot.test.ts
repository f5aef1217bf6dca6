import assert from 'node:assert/strict';
import { parse } from 'yaml';
import { wxbotAsyncApi } from '../../scripts/api-docs/wxbot-push';
import { openApi } from '../../scripts/api-docs/openapi';
import { wxbot } from '../../scripts/api-docs/wxbot';
import { key, WxbotFixture } from '../unit/remotes/wxbot/fixture';
import { parseAsyncApi, schemaErrors } from './api-description';

describe('docs/asyncapi-wxbot.yaml', () => {
  it('is valid AsyncAPI 3', async function () {
    this.timeout(60_000);
    assert.ok((await parseAsyncApi(wxbotAsyncApi())).operations.length > 0);
  });

  it('matches, with docs/openapi-wxbot.yaml, the messages of a simulation', async () => {
    const { components } = parse(wxbotAsyncApi()) as { components: object };
    const openapi = parse(openApi(wxbot)) as object;
    const path = '#/paths/~1wxapi~1pc~1message~1sendText/post';
    const response = `${path}/responses/200/content/application~1json/schema`;
    const request = `${path}/requestBody/content/application~1json/schema`;
    const fixture = await WxbotFixture.start();
    const { simulation } = fixture;
    try {
      const client = await fixture.connect();
      const handshake = { app: 'wxbot', version: '1.0', key };
      const reference = (name: string) => `#/components/messages/${name}/payload`;
      assert.deepEqual(schemaErrors({ components }, reference('introduction'), handshake), []);
      assert.deepEqual(schemaErrors({ components }, reference('auth-result'), await client.handshake()), []);
      const body = { Token: 't1', UserName: 'wxid_alice', Content: 'hello' };
      assert.deepEqual(schemaErrors(openapi, request, body), []);
      assert.notDeepEqual(schemaErrors(openapi, request, { ...body, Content: 5 }), []);
      for (const changes of [{}, { UserName: 'nobody' }, { Token: 'none' }, { Content: 5 }]) {
        const { status, text } = await fixture.post('sendText', { ...body, ...changes });
        assert.deepEqual([status, schemaErrors(openapi, response, JSON.parse(text))], [200, []], text);
      }
      const ming = simulation.contact('Ming');
      ming.say({ kind: 'image', name: 'x.png', data: Buffer.from('x') }).in('Team');
      ming.say({ kind: 'url', url: { url: 'https://example.com', title: 'A' } }).to(simulation.self);
      ming.say('last').to(simulation.self);
      await client.nextMessage('last');
      const pushed = client.received.all.filter((text) => text.includes('AddMsg'));
      assert.equal(pushed.length, 4);
      for (const text of pushed)
        assert.deepEqual(schemaErrors({ components }, reference('add-msg'), JSON.parse(text)), [], text);
      await client.end();
    } finally {
      await fixture.end();
    }
  });
});
