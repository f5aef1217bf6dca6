/** Schemas of the request bodies. Loaded lazily, because TypeBox must not be loaded with the palette. */
import Type, { type Static, type TSchema } from 'typebox';
import { Value } from 'typebox/value';
import { WechatError } from '../bot/errors';
import { firstMeaningful, formatIssue } from '../commands/validation-error';
import { chats, contactTypes, textMatchTypes } from '../nodes/on-event/properties';
import type { SimulatorActions } from './api-types';

const id = Type.String({ minLength: 1, maxLength: 200 });
const strict = { additionalProperties: false };

const file = Type.Object(
  { name: Type.String({ minLength: 1, maxLength: 255 }), base64: Type.String() },
  strict,
);

const names = Type.Optional(Type.Array(Type.String(), { maxItems: 100 }));
const text = Type.Optional(Type.String({ maxLength: 10_000 }));
const nameTexts = Type.Optional(
  Type.Union([Type.String({ maxLength: 10_000 }), Type.Array(Type.String(), { maxItems: 1000 })]),
);

/** Creates a function that validates a request body. It throws WechatError INVALID_PARAMS. */
function parser<Schema extends TSchema>(schema: Schema): (body: unknown) => Static<Schema> {
  return (body) => {
    if (Value.Check(schema, body)) return body;
    const issue = firstMeaningful(Value.Errors(schema, body));
    throw new WechatError('INVALID_PARAMS', 'badBody', { problem: formatIssue(issue) }, { cause: issue });
  };
}

/** Validates the digits of a login. @throws WechatError INVALID_PARAMS */
export const parseDigits = parser(
  Type.Object({ digits: Type.String({ pattern: '^\\s*\\d{1,12}\\s*$' }) }, strict),
);

/** Validates the body of a simulator action. @throws WechatError INVALID_PARAMS */
export const parseAction: {
  readonly [Name in keyof SimulatorActions]: (body: unknown) => SimulatorActions[Name];
} = {
  say: parser(
    Type.Object(
      {
        from: id,
        room: Type.Optional(id),
        to: Type.Optional(id),
        text: Type.Optional(Type.String({ minLength: 1, maxLength: 100_000 })),
        file: Type.Optional(file),
        mentions: Type.Optional(Type.Array(id, { maxItems: 1000 })),
      },
      strict,
    ),
  ),
  scan: parser(
    Type.Object(
      {
        code: Type.Optional(Type.String()),
        confirm: Type.Optional(Type.Boolean()),
        expire: Type.Optional(Type.Boolean()),
      },
      strict,
    ),
  ),
  'phone-logout': parser(Type.Object({}, strict)),
  'friend-request': parser(
    Type.Object({ from: id, text: Type.Optional(Type.String({ maxLength: 1000 })) }, strict),
  ),
  join: parser(Type.Object({ room: id, contact: id, inviter: Type.Optional(id) }, strict)),
  leave: parser(Type.Object({ room: id, contact: id }, strict)),
  recall: parser(Type.Object({ message: id }, strict)),
  faults: parser(
    Type.Object(
      {
        offline: Type.Optional(Type.Boolean()),
        slow: Type.Optional(Type.Integer({ minimum: 0, maximum: 60_000 })),
        sendsFail: Type.Optional(Type.Boolean()),
      },
      strict,
    ),
  ),
};

/** Validates the properties of an on-event node; those that do not filter are ignored. @throws WechatError INVALID_PARAMS */
export const parsePreviewFilter = parser(
  Type.Object({
    events: names,
    from: nameTexts,
    rooms: nameTexts,
    chat: Type.Optional(Type.Enum([...chats])),
    contactType: Type.Optional(Type.Enum([...contactTypes])),
    maxAge: Type.Optional(Type.Number({ minimum: 0 })),
    messageTypes: names,
    textMatch: text,
    textMatchType: Type.Optional(Type.Enum([...textMatchTypes])),
    mentioned: Type.Optional(Type.Boolean()),
    includeSelf: Type.Optional(Type.Boolean()),
  }),
);
