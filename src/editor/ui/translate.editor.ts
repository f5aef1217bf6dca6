/** Returns a text of a catalogue in the editor's language, with `__name__` replaced by the value of that name. */
export type Translate = (key: string, values?: Record<string, string>) => string;

/** A node with the texts of its catalogue. */
export interface Translator {
  readonly _: Translate;
}
