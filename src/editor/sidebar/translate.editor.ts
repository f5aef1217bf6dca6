/** The texts of this plugin, which Node-RED names after the set it was loaded with. */
const catalogue = '@wechat-flow/node-red-wechaty/wechat-sidebar';

/**
 * A text in the editor's language, `__name__` in it replaced by the value of that name. Values are put in only after
 * the translation: names come from strangers, and the translator reads some signs in them as orders.
 */
export function translate(key: string, values: Record<string, string | number> = {}): string {
  const markers = Object.fromEntries(Object.keys(values).map((name) => [name, `\u0001${name}\u0001`]));
  const text: string = RED._(`${catalogue}:${key}`, markers);
  // eslint-disable-next-line no-control-regex -- that is what makes it a marker
  return text.replace(/\u0001(\w+)\u0001/g, (_marker, name: string) => String(values[name] ?? ''));
}
