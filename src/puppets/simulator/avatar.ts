import type { ContactRecord } from './contacts';

/** A generated avatar: a colour derived from the id, the first letter of the name. Content and file name. */
export function drawAvatar(id: string, name: string): [Buffer, string] {
  const hue = Array.from(id).reduce((sum, letter) => (sum * 31 + (letter.codePointAt(0) ?? 0)) % 360, 0);
  const letter = Array.from(name).find((one) => !'<>&"'.includes(one)) ?? '?';
  const svg =
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 64 64"><rect width="64" height="64" fill="hsl(${hue} 55% 45%)"/>` +
    `<text x="32" y="43" font-size="32" text-anchor="middle" fill="#fff" font-family="sans-serif">${letter}</text></svg>`;
  return [Buffer.from(svg), `${id.replace('@', '-')}.svg`];
}

/** A contact's avatar: its own, or a generated one. */
export function avatarOf(record: ContactRecord): [Buffer, string] {
  return record.avatar ? [record.avatar.data, record.avatar.name] : drawAvatar(record.id, record.name);
}
