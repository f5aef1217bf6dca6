import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { Parser } from '@asyncapi/parser';
import { Compile } from 'typebox/schema';
import { parse } from 'yaml';
import { wxbotAsyncApi, wxbotAsyncApiFile } from '../../scripts/api-docs/wxbot-push';
import { openApi } from '../../scripts/api-docs/openapi';
import { wxbot } from '../../scripts/api-docs/wxbot';
import { key, WxbotFixture } from '../unit/remotes/wxbot/fixture';

/** What does not fit of something that travelled. */
function misfits(document: object, place: string, written: unknown): string[] {
  const schema = Compile({ ...document, $ref: place });
  const [, problems] = schema.Errors(written);
  return problems.map(({ instancePath, message }) => `${instancePath} ${message}`);
}

describe('docs/asyncapi-wxbot.yaml', () => {
  it('is what the tables say', () => {
    assert.equal(readFileSync(wxbotAsyncApiFile, 'utf8'), wxbotAsyncApi(), 'run npm run asyncapi');
  });

  it('is valid AsyncAPI 3 in the eyes of its own parser', async function () {
    this.timeout(60_000);
    const { document, diagnostics } = await new Parser().parse(wxbotAsyncApi());
    const told = diagnostics.map(({ code, message, path }) => `${code}: ${path.join('.')}: ${message}`);
    // A newer minor version of AsyncAPI would shut out readers of 3.0.
    const problems = told.filter((problem) => !problem.startsWith('asyncapi-latest-version'));
    assert.deepEqual(problems, []);
    assert.ok(document);
  });

  it('holds, with docs/openapi-wxbot.yaml, for what travels', async () => {
    const { components } = parse(wxbotAsyncApi()) as { components: object };
    const openapi = parse(openApi(wxbot)) as object;
    const path = '#/paths/~1wxapi~1pc~1message~1sendText/post';
    const answer = `${path}/responses/200/content/application~1json/schema`;
    const asked = `${path}/requestBody/content/application~1json/schema`;
    const setting = await WxbotFixture.start();
    const { simulation } = setting;
    try {
      const client = await setting.connect();
      const introduction = { app: 'wxbot', version: '1.0', key };
      const place = (name: string) => `#/components/messages/${name}/payload`;
      assert.deepEqual(misfits({ components }, place('introduction'), introduction), []);
      assert.deepEqual(misfits({ components }, place('auth-result'), await client.handshake()), []);
      const body = { Token: 't1', UserName: 'wxid_alice', Content: 'hello' };
      assert.deepEqual(misfits(openapi, asked, body), []);
      assert.notDeepEqual(misfits(openapi, asked, { ...body, Content: 5 }), []);
      for (const changes of [{}, { UserName: 'nobody' }, { Token: 'none' }, { Content: 5 }]) {
        const { status, text } = await setting.post('sendText', { ...body, ...changes });
        assert.deepEqual([status, misfits(openapi, answer, JSON.parse(text))], [200, []], text);
      }
      const ming = simulation.contact('Ming');
      ming.say({ kind: 'image', name: 'x.png', data: Buffer.from('x') }).in('Team');
      ming.say({ kind: 'url', url: { url: 'https://example.com', title: 'A' } }).to(simulation.self);
      ming.say('the end').to(simulation.self);
      await client.nextMessage('the end');
      const told = client.received.all.filter((text) => text.includes('AddMsg'));
      assert.equal(told.length, 4);
      for (const text of told)
        assert.deepEqual(misfits({ components }, place('add-msg'), JSON.parse(text)), [], text);
      await client.end();
    } finally {
      await setting.end();
    }
  });
});
