/** Schemas of results, for the table and the generated API document. */
import Type, { type TProperties } from 'typebox';

const text = Type.String();

/** A result of code, status and more fields. */
export function resultSchema(more: TProperties = {}) {
  return Type.Object({
    code: Type.Integer({ description: '0 for success' }),
    status: text,
    ...more,
  });
}

/** A person. */
export const Person = Type.Object({
  account: text,
  city: text,
  display: text,
  displayname: text,
  id: text,
  markname: text,
  name: text,
  province: text,
  sex: Type.Enum(['male', 'female', '']),
  signature: text,
  uid: text,
});

/** A friend. */
export const Friend = Type.Object({
  ...Person.properties,
  category: Type.Enum(['好友', '公众号', '系统帐号', '群成员']),
});

/** A group without its members. */
export const BasicGroup = Type.Object({ displayname: text, id: text, name: text, uid: text });

/** A group. */
export const Group = Type.Object({ ...BasicGroup.properties, member: Type.Array(Person) });

/** A list, or a result when nothing matches. */
export function listOrNothing(item: TProperties[string]) {
  return Type.Union([Type.Array(item), resultSchema()]);
}

/** The result of a send. `msg_id` equals `id`, for older clients. */
export const Sent = resultSchema({
  id: Type.Union([text, Type.Integer(), Type.Null()]),
  msg_id: Type.Union([text, Type.Integer(), Type.Null()]),
  media_id: Type.Optional(text),
});

/** The result of an upload; all fields are null when it failed. */
export const Uploaded = Type.Object({
  media_code: Type.Union([text, Type.Null()]),
  media_ext: Type.Union([text, Type.Null()]),
  media_id: Type.Union([text, Type.Null()]),
  media_mime: Type.Union([text, Type.Null()]),
  media_mtime: Type.Union([Type.Integer(), Type.Null()]),
  media_name: Type.Union([text, Type.Null()]),
  media_path: Type.Union([text, Type.Null()]),
  media_size: Type.Union([Type.Integer(), Type.Null()]),
  media_type: Type.Union([text, Type.Null()]),
});
