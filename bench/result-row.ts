/** Result rows and their formatting. */
import { type Language, table } from '../scripts/markdown';

/** A text in the languages of the documents. */
export type LocalizedText = Readonly<Record<Language, string>>;

/** One row of the table. Figures contain their unit and are language-independent. */
export interface Row {
  readonly name: LocalizedText;
  readonly measured: string;
  /** The baseline without the pack, if there is one. */
  readonly baseline?: string;
  /** The ratio of both, or the figure with the target. */
  readonly value?: string;
  readonly target?: string;
  /** Whether the target is met; undefined without a target. */
  readonly ok?: boolean;
}

const headers: Readonly<Record<Language, readonly string[]>> = {
  'en-US': ['measurement', 'measured', 'baseline', 'ratio or value', 'target', 'ok'],
  'zh-CN': ['项目', '测得', '对照', '比值或数值', '目标', '达标'],
};

/** Formats rows as a Markdown table. */
export function markdown(rows: readonly Row[], language: Language): string {
  const mark = (ok: boolean | undefined): string => (ok === undefined ? '' : ok ? '✓' : '✗');
  return table(
    headers[language],
    rows.map(({ name, measured, baseline = '', value = '', target = '', ok }) => [
      name[language],
      measured,
      baseline,
      value,
      target,
      mark(ok),
    ]),
  );
}

/** Formats a number with three significant digits and thousands separators. */
export function figure(value: number): string {
  const digits = Math.abs(value) >= 100 ? 0 : Math.abs(value) >= 10 ? 1 : 2;
  return value.toLocaleString('en-US', { minimumFractionDigits: digits, maximumFractionDigits: digits });
}
