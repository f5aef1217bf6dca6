/** Writes all generated documents: `npm run generate`. A test compares them with the files. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { asyncApi } from './api-docs/mqtt';
import { httpProtocols, openApi } from './api-docs/openapi';
import { padchatAsyncApi } from './api-docs/padchat';
import { wxbotAsyncApi } from './api-docs/wxbot-push';
import { generatedPages } from './generate-tables';

/** The generated documents by their path, relative to the checkout. @throws Error when a page lacks a marker. */
export function generatedFiles(): Map<string, string> {
  return new Map([
    ...generatedPages(),
    ['docs/asyncapi.yaml', asyncApi()],
    ['docs/asyncapi-padchat.yaml', padchatAsyncApi()],
    ['docs/asyncapi-wxbot.yaml', wxbotAsyncApi()],
    ...httpProtocols.map((protocol) => [`docs/openapi-${protocol.name}.yaml`, openApi(protocol)] as const),
  ]);
}

if (require.main === module) {
  for (const [file, text] of generatedFiles()) writeFileSync(join(__dirname, '..', file), text);
}
