/** What a measurement says, and how it is printed. */

/** A sentence in the languages of the two READMEs. */
export interface Words {
  readonly 'en-US': string;
  readonly 'zh-CN': string;
}

/** One line of the table. Figures carry their unit and read the same in every language. */
export interface Row {
  readonly name: Words;
  readonly measured: string;
  /** The same done without the pack, where there is such a thing. */
  readonly beside?: string;
  /** How the two compare, or the figure the target is about. */
  readonly value?: string;
  readonly target?: string;
  /** Whether the target is met; absent where there is none. */
  readonly ok?: boolean;
}

const heads: Readonly<Record<keyof Words, readonly string[]>> = {
  'en-US': ['what', 'measured', 'beside', 'ratio or value', 'target', 'ok'],
  'zh-CN': ['项目', '测得', '对照', '比值或数值', '目标', '达标'],
};

/** The rows as a Markdown table. */
export function markdown(rows: readonly Row[], language: keyof Words): string {
  const verdict = (ok: boolean | undefined): string => (ok === undefined ? '' : ok ? '✓' : '✗');
  const lines = rows.map(({ name, measured, beside = '', value = '', target = '', ok }) => [
    name[language],
    measured,
    beside,
    value,
    target,
    verdict(ok),
  ]);
  return [heads[language], heads[language].map(() => '---'), ...lines]
    .map((cells) => `| ${cells.join(' | ')} |`)
    .join('\n');
}

/** A number as people read it: at least three digits, thousands apart. */
export function figure(value: number): string {
  const digits = Math.abs(value) >= 100 ? 0 : Math.abs(value) >= 10 ? 1 : 2;
  return value.toLocaleString('en-US', { minimumFractionDigits: digits, maximumFractionDigits: digits });
}
