/** Accessibility checks by axe-core. */
import { readFileSync } from 'node:fs';
import type { Page } from 'playwright-core';

const rules = readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8');

interface Finding {
  readonly id: string;
  readonly impact: string | null;
  readonly nodes: readonly { readonly html: string; readonly failureSummary?: string }[];
}

/** The serious and critical accessibility violations within an element. */
export async function violations(page: Page, selector: string): Promise<string[]> {
  await page.evaluate(rules);
  // Node-RED's hidden decoy fields for password managers are not part of the page.
  const context = { include: [selector], exclude: ['[id^=red-ui-trap]'] };
  const { violations: violationsFound, passes } = await page.evaluate<
    Record<'violations' | 'passes', Finding[]>
  >(`axe.run(${JSON.stringify(context)}).then(({ violations, passes }) => ({ violations, passes }))`);
  if (!passes.some(({ id }) => id === 'color-contrast')) throw new Error(`${selector} has no text`);
  return violationsFound
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .flatMap(({ id, nodes }) =>
      nodes.map(({ html, failureSummary = '' }) => `${id}: ${html} ${failureSummary}`),
    );
}
