/** Checks of OpenAPI and AsyncAPI descriptions. */
import { Parser } from '@asyncapi/parser';
import { Compile } from 'typebox/schema';

/** The names in an AsyncAPI description. */
export interface AsyncApiNames {
  readonly operations: readonly string[];
  /** Messages by the id of their channel. */
  readonly messages: Readonly<Record<string, readonly string[]>>;
}

/** Parses an AsyncAPI description with the official parser. @throws Error with all problems if it is invalid. */
export async function parseAsyncApi(text: string): Promise<AsyncApiNames> {
  const { document, diagnostics } = await new Parser().parse(text);
  const problems = diagnostics
    // Descriptions stay at 3.0: readers of 3.0 reject a newer minor version.
    .filter(({ code }) => code !== 'asyncapi-latest-version')
    .map(({ code, message, path }) => `${code}: ${path.join('.')}: ${message}`);
  if (!document || problems.length > 0) throw new Error(`invalid AsyncAPI:\n${problems.join('\n')}`);
  const channels = document.channels().all();
  return {
    operations: document
      .operations()
      .all()
      .flatMap((operation) => operation.id() ?? []),
    messages: Object.fromEntries(
      channels.map((channel) => [
        channel.id(),
        channel
          .messages()
          .all()
          .flatMap((message) => message.name() ?? []),
      ]),
    ),
  };
}

/** How a value deviates from a schema in a description. @param reference such as `#/components/schemas/contact`. */
export function schemaErrors(description: object, reference: string, value: unknown): string[] {
  const [, errors] = Compile({ ...description, $ref: reference }).Errors(value);
  return errors.map(({ instancePath, message }) => `${instancePath} ${message}`);
}
