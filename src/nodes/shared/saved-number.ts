/** A number as saved by forms: digits, or empty for the default; `${ENV}` also gives a string. */
export type SavedNumber = number | string;
