/**
 * Converts field names between the cases of PadChat's protocol versions. Inside this folder field names are in lower
 * camel case, as in version B.
 */

/**
 * The versions of PadChat's protocol, oldest first: `A` is specified by the PadChat document (plain WebSocket, `code`
 * frames), `B` is announced in its first chapter (Socket.IO), `C` is its successor (WebSocket, `cmd` frames).
 */
export type ProtocolVersion = 'A' | 'B' | 'C';

const converters: Readonly<Record<ProtocolVersion, (name: string) => string>> = {
  A: (name) => name.charAt(0).toUpperCase() + name.slice(1),
  B: (name) => name,
  C: (name) => name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`),
};

/** Cache of converted names: there are few of them, and each message has twenty. */
const converted: Readonly<Record<ProtocolVersion, Map<string, string>>> = {
  A: new Map(),
  B: new Map(),
  C: new Map(),
};

function convertName(name: string, version: ProtocolVersion): string {
  const cached = converted[version].get(name);
  if (cached !== undefined) return cached;
  const wireName = converters[version](name);
  converted[version].set(name, wireName);
  return wireName;
}

/** The field whose value is sent as the JSON text of a list (the PadChat document, 获取群成员). */
const jsonTextField = 'member';

/** Converts all field names of a value, recursively; undefined fields are left out. */
export function toWireCase(value: unknown, version: ProtocolVersion): unknown {
  if (Array.isArray(value)) return value.map((one) => toWireCase(one, version));
  if (typeof value !== 'object' || value === null) return value;
  const fields: Record<string, unknown> = {};
  for (const name of Object.keys(value)) {
    const inner = (value as Readonly<Record<string, unknown>>)[name];
    if (inner === undefined) continue;
    const wireValue = typeof inner === 'object' ? toWireCase(inner, version) : inner;
    fields[convertName(name, version)] = name === jsonTextField ? JSON.stringify(wireValue) : wireValue;
  }
  return fields;
}

/** Converts the field names of an object, in the case of any version, to lower camel case. */
export function fromWireCase(fields: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(fields).map(([name, value]) => [
      name
        .replace(/_+(\w)/g, (_, letter: string) => letter.toUpperCase())
        .replace(/^[A-Z]/, (letter) => letter.toLowerCase()),
      value,
    ]),
  );
}
