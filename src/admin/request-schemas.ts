/** What the requests of the admin API may say. Part of the engine: TypeBox is not for the palette. */
import Type, { type Static, type TSchema } from 'typebox';
import { Value } from 'typebox/value';
import { WechatError } from '../bot/errors';
import { problemIn, worstOf } from '../commands/validation-error';
import { textMatchTypes } from '../nodes/on-event/properties';

const id = Type.String({ minLength: 1, maxLength: 200 });
const closed = { additionalProperties: false };

const simulatedFile = Type.Object(
  { name: Type.String({ minLength: 1, maxLength: 255 }), base64: Type.String() },
  closed,
);

const names = Type.Optional(Type.Array(Type.String(), { maxItems: 100 }));
const text = Type.Optional(Type.String({ maxLength: 10_000 }));

/** The bodies by the last part of their path. */
export const bodies = {
  say: Type.Object(
    {
      from: id,
      room: Type.Optional(id),
      to: Type.Optional(id),
      text: Type.Optional(Type.String({ minLength: 1, maxLength: 100_000 })),
      file: Type.Optional(simulatedFile),
      mentions: Type.Optional(Type.Array(id, { maxItems: 1000 })),
    },
    closed,
  ),
  scan: Type.Object(
    {
      code: Type.Optional(Type.String()),
      confirm: Type.Optional(Type.Boolean()),
      expire: Type.Optional(Type.Boolean()),
    },
    closed,
  ),
  nothing: Type.Object({}, closed),
  friendRequest: Type.Object({ from: id, text: Type.Optional(Type.String({ maxLength: 1000 })) }, closed),
  join: Type.Object({ room: id, contact: id, inviter: Type.Optional(id) }, closed),
  leave: Type.Object({ room: id, contact: id }, closed),
  recall: Type.Object({ message: id }, closed),
  // As an on-event node saves it, with all that does not filter.
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
    closed,
  ),
};

/** A request's body, known to be as promised. @throws WechatError INVALID_PARAMS */
export function checkedBody<Shape extends TSchema>(shape: Shape, body: unknown): Static<Shape> {
  if (Value.Check(shape, body)) return body;
  const misfit = worstOf(Value.Errors(shape, body));
  throw new WechatError('INVALID_PARAMS', 'badBody', { problem: problemIn(misfit) }, { cause: misfit });
}
