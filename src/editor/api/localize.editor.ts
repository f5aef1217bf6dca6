/** Texts of the admin API in the editor's language. */
import type { JsonSchema, LocalizedText } from '../../admin/api-types';

function isChinese(): boolean {
  return RED.i18n.lang().toLowerCase().startsWith('zh');
}

/** The text in the editor's language. */
export function localize(text: LocalizedText): string {
  return isChinese() ? text['zh-CN'] : text['en-US'];
}

/** The description of a schema in the editor's language; empty when it has none. */
export function descriptionOf(schema: JsonSchema): string {
  const { description = '', 'x-description-zh': chinese = description } = schema;
  return isChinese() ? chinese : description;
}
