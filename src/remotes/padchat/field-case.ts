/**
 * How each generation of PadChat spells the names of fields. Inside this folder they are spelled as in generation B,
 * in lower camel case.
 */

/**
 * The generations of PadChat's protocol, as they came one after the other: `A` is what the PadChat document describes
 * (plain WebSocket, `code` frames), `B` what its first chapter announces (Socket.IO), `C` what followed (WebSocket,
 * `cmd` frames).
 */
export type Generation = 'A' | 'B' | 'C';

/** All of them. */
export const generations: readonly Generation[] = ['A', 'B', 'C'];

const spellings: Readonly<Record<Generation, (name: string) => string>> = {
  A: (name) => name.charAt(0).toUpperCase() + name.slice(1),
  B: (name) => name,
  C: (name) => name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`),
};

/** Names that were spelled before: there are few of them, and each message has twenty. */
const known: Readonly<Record<Generation, Map<string, string>>> = { A: new Map(), B: new Map(), C: new Map() };

function spell(name: string, generation: Generation): string {
  const before = known[generation].get(name);
  if (before !== undefined) return before;
  const now = spellings[generation](name);
  known[generation].set(name, now);
  return now;
}

/** Fields whose value travels as the JSON text of a list (the PadChat document, 获取群成员). */
const asText = 'member';

/** The same value with every field, however deep, spelled as in a generation; fields without a value are left out. */
export function spelled(value: unknown, generation: Generation): unknown {
  if (Array.isArray(value)) return value.map((one) => spelled(one, generation));
  if (typeof value !== 'object' || value === null) return value;
  const fields: Record<string, unknown> = {};
  for (const name of Object.keys(value)) {
    const inner = (value as Readonly<Record<string, unknown>>)[name];
    if (inner === undefined) continue;
    const told = typeof inner === 'object' ? spelled(inner, generation) : inner;
    fields[spell(name, generation)] = name === asText ? JSON.stringify(told) : told;
  }
  return fields;
}

/** The fields of an object that may be spelled as in any generation, in lower camel case. */
export function unspelled(fields: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(fields).map(([name, value]) => [
      name
        .replace(/_+(\w)/g, (_, letter: string) => letter.toUpperCase())
        .replace(/^[A-Z]/, (letter) => letter.toLowerCase()),
      value,
    ]),
  );
}
