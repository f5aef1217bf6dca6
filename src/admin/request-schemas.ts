/** Schemas of the request bodies. Loaded lazily, because TypeBox must not be loaded with the palette. */
import Type, { type Static, type TSchema } from 'typebox';
import { Value } from 'typebox/value';
import { WechatError } from '../bot/errors';
import { formatIssue, firstMeaningful } from '../commands/validation-error';
import { textMatchTypes } from '../nodes/on-event/properties';

const id = Type.String({ minLength: 1, maxLength: 200 });
const strict = { additionalProperties: false };

const simulatedFile = Type.Object(
  { name: Type.String({ minLength: 1, maxLength: 255 }), base64: Type.String() },
  strict,
);

const names = Type.Optional(Type.Array(Type.String(), { maxItems: 100 }));
const text = Type.Optional(Type.String({ maxLength: 10_000 }));

/** The schemas of request bodies, by the last segment of the path in camel case. */
export const requestSchemas = {
  say: Type.Object(
    {
      from: id,
      room: Type.Optional(id),
      to: Type.Optional(id),
      text: Type.Optional(Type.String({ minLength: 1, maxLength: 100_000 })),
      file: Type.Optional(simulatedFile),
      mentions: Type.Optional(Type.Array(id, { maxItems: 1000 })),
    },
    strict,
  ),
  scan: Type.Object(
    {
      code: Type.Optional(Type.String()),
      confirm: Type.Optional(Type.Boolean()),
      expire: Type.Optional(Type.Boolean()),
    },
    strict,
  ),
  empty: Type.Object({}, strict),
  friendRequest: Type.Object({ from: id, text: Type.Optional(Type.String({ maxLength: 1000 })) }, strict),
  join: Type.Object({ room: id, contact: id, inviter: Type.Optional(id) }, strict),
  leave: Type.Object({ room: id, contact: id }, strict),
  recall: Type.Object({ message: id }, strict),
  // The properties of an on-event node; those that do not filter are ignored.
  preview: Type.Object({
    events: names,
    from: text,
    rooms: text,
    messageTypes: names,
    textMatch: text,
    textMatchType: Type.Optional(Type.Enum([...textMatchTypes])),
    mentioned: Type.Optional(Type.Boolean()),
    includeSelf: Type.Optional(Type.Boolean()),
  }),
  faults: Type.Object(
    {
      offline: Type.Optional(Type.Boolean()),
      slow: Type.Optional(Type.Integer({ minimum: 0, maximum: 60_000 })),
      sendsFail: Type.Optional(Type.Boolean()),
    },
    strict,
  ),
};

/** Validates a request body. @throws WechatError INVALID_PARAMS */
export function validateBody<Schema extends TSchema>(schema: Schema, body: unknown): Static<Schema> {
  if (Value.Check(schema, body)) return body;
  const misfit = firstMeaningful(Value.Errors(schema, body));
  throw new WechatError('INVALID_PARAMS', 'badBody', { problem: formatIssue(misfit) }, { cause: misfit });
}
