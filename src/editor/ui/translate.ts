/** A node, as far as it has texts: those of its catalogue, in the editor's language. */
export interface Translator {
  _(key: string, values?: Record<string, string>): string;
}
