/** The table of what puppets cannot do. */
import { missingCalls } from '../src/bot/session/puppet-capabilities';
import { code, type Language, table } from './markdown';

const heads: Readonly<Record<Language, string>> = { 'en-US': 'Call', 'zh-CN': '调用' };

/** One row per call that a puppet lacks: ✓ it can, – it cannot. */
export function puppetTable(language: Language): string {
  const puppets = Object.entries(missingCalls).map(([name, { throws, silent }]) => ({
    name: name.replace('wechaty-puppet-', ''),
    missing: new Set([...throws, ...silent]),
  }));
  const calls = new Set(puppets.flatMap(({ missing }) => [...missing]));
  const rows = [...calls]
    .sort()
    .map((call) => [code(call), ...puppets.map(({ missing }) => (missing.has(call) ? '–' : '✓'))]);
  return table([heads[language], ...puppets.map(({ name }) => code(name))], rows);
}
