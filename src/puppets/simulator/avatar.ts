import type { PersonRecord } from './contacts';

/** A square in a colour that belongs to the id, with the first letter of the name; as a file's content and name. */
export function drawnAvatar(id: string, name: string): [Buffer, string] {
  const hue = Array.from(id).reduce((sum, letter) => (sum * 31 + (letter.codePointAt(0) ?? 0)) % 360, 0);
  const letter = Array.from(name).find((one) => !'<>&"'.includes(one)) ?? '?';
  const svg =
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 64 64"><rect width="64" height="64" fill="hsl(${hue} 55% 45%)"/>` +
    `<text x="32" y="43" font-size="32" text-anchor="middle" fill="#fff" font-family="sans-serif">${letter}</text></svg>`;
  return [Buffer.from(svg), `${id.replace('@', '-')}.svg`];
}

/** Somebody's avatar: the one they set, or a drawn one. */
export function avatarOf(record: PersonRecord): [Buffer, string] {
  return record.avatar ? [record.avatar.data, record.avatar.name] : drawnAvatar(record.id, record.name);
}
