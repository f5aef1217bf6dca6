import assert from 'node:assert/strict';
import { Validator } from '@seriousme/openapi-schema-validator';
import { parse } from 'yaml';
import { httpProtocols, openApi } from '../../scripts/api-docs/openapi';

for (const protocol of httpProtocols) {
  describe(`docs/openapi-${protocol.name}.yaml`, () => {
    it('is valid OpenAPI 3.1', async () => {
      const validator = new Validator();
      const { valid, errors } = await validator.validate(parse(openApi(protocol)) as Record<string, unknown>);
      assert.ok(valid, JSON.stringify(errors));
      assert.equal(validator.version, '3.1');
    });

    it('describes every path in both languages', () => {
      const document = parse(openApi(protocol)) as {
        paths: Record<string, Record<string, { summary: string; 'x-summary-zh': string }>>;
      };
      assert.deepEqual(
        Object.keys(document.paths),
        protocol.paths.map(({ path }) => path),
      );
      for (const methods of Object.values(document.paths)) {
        for (const { summary, 'x-summary-zh': zh } of Object.values(methods)) {
          assert.match(summary, /\w+ \w+/);
          assert.match(zh, /\p{Script=Han}/u);
        }
      }
    });
  });
}
