/** What axe-core says of a part of the page. */
import { readFileSync } from 'node:fs';
import type { Page } from 'playwright-core';

const rules = readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8');

interface Finding {
  readonly id: string;
  readonly impact: string | null;
  readonly nodes: readonly { readonly html: string; readonly failureSummary?: string }[];
}

/** What people with a disability would stumble over in this place: serious or worse. */
export async function violations(page: Page, selector: string): Promise<string[]> {
  await page.evaluate(rules);
  // Node-RED's own fields that lure password managers away are nothing for people.
  const context = { include: [selector], exclude: ['[id^=red-ui-trap]'] };
  const { violations: found, passes } = await page.evaluate<Record<'violations' | 'passes', Finding[]>>(
    `axe.run(${JSON.stringify(context)}).then(({ violations, passes }) => ({ violations, passes }))`,
  );
  if (!passes.some(({ id }) => id === 'color-contrast')) throw new Error(`${selector} shows nothing to read`);
  return found
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .flatMap(({ id, nodes }) =>
      nodes.map(({ html, failureSummary = '' }) => `${id}: ${html} ${failureSummary}`),
    );
}
