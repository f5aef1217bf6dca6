/** The translation function of a node: texts of its catalogue in the editor's language. */
export interface Translator {
  _(key: string, values?: Record<string, string>): string;
}
