/** The catalogue of this plugin, which Node-RED names after the module and the set. */
const catalogue = '@wechat-flow/node-red-wechaty/wechat-sidebar';

/**
 * A text in the editor's language with `__name__` replaced by the value of that name. Values are inserted after the
 * translation, because names from WeChat are untrusted and i18next interprets some characters in them.
 */
export function translate(key: string, values: Record<string, string | number> = {}): string {
  const markers = Object.fromEntries(Object.keys(values).map((name) => [name, `\u0001${name}\u0001`]));
  const text: string = RED._(`${catalogue}:${key}`, markers);
  // eslint-disable-next-line no-control-regex -- a control character cannot occur in a text of the catalogue
  return text.replace(/\u0001(\w+)\u0001/g, (_marker, name: string) => String(values[name] ?? ''));
}
