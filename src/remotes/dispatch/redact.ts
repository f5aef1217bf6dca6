/** Redacts request parameters for audit records, which flows and the sidebar show. */

/** The parameters of one protocol that are not shown. */
export interface RedactionRules {
  /** Credentials and tokens; replaced by `***`. */
  readonly secrets: ReadonlySet<string>;
  /** Contents of files; replaced by their length. */
  readonly files: ReadonlySet<string>;
}

/** Longer texts are truncated. In characters. */
const maxTextLength = 1000;

/** A copy of the parameters without secrets, contents of files and long texts. */
export function redactParams(
  params: Iterable<readonly [name: string, value: unknown]>,
  { secrets, files }: RedactionRules,
): Readonly<Record<string, unknown>> {
  const redacted: Record<string, unknown> = {};
  for (const [name, value] of params) {
    if (secrets.has(name)) redacted[name] = '***';
    else if (files.has(name)) redacted[name] = omittedFile(value);
    else redacted[name] = typeof value === 'string' ? truncate(value) : value;
  }
  return redacted;
}

function omittedFile(content: unknown): string {
  return typeof content === 'string' ? `(${content.length} characters)` : '(omitted)';
}

function truncate(text: string): string {
  return text.length > maxTextLength ? `${text.slice(0, maxTextLength)}…` : text;
}
