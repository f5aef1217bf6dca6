/** File names from strangers. */

const maxLength = 120;

/** Names that mean a device on Windows. */
const device = /^(con|prn|aux|nul|com\d|lpt\d)(\.|$)/i;

/**
 * A name that is safe as a file's name on every system: no folders, control or direction characters, no leading dot,
 * no device, of a bounded length; the extension stays.
 * @param fallback used when nothing is left
 */
export function safeFileName(name: string, fallback: string): string {
  const base = name.split(/[/\\]/).at(-1) ?? '';
  const clean = base
    // eslint-disable-next-line no-control-regex
    .replace(/[\u0000-\u001f\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2066-\u2069\ufeff]/g, '')
    .replace(/[<>:"|?*]/g, '_')
    .replace(/^[.\s]+|[.\s]+$/g, '');
  if (clean === '') return fallback;
  const named = device.test(clean) ? `_${clean}` : clean;
  const characters = Array.from(named);
  if (characters.length <= maxLength) return named;
  const extension = /\.\w{1,10}$/.exec(named)?.[0] ?? '';
  return characters.slice(0, maxLength - extension.length).join('') + extension;
}
