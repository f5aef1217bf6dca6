import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { installedModules, packName } from '../support/package-install';

/** One check of the Flow Library: P… the package, N… the nodes, D… the dependencies. */
interface Check {
  test: boolean;
}

/** The checks that node-red-dev makes; one that is missing has not been made. */
const checks = ['P01', 'P03', 'P04', 'P05', 'P06', 'P07', 'P08', 'N01', 'N02', 'D01', 'D02', 'D03'];

/** Our number of dependencies has its reasons: see docs/decisions. */
const mayFail = ['D01'];

// Needs the npm registry, and is therefore no part of `npm test`.
describe("the Flow Library's scorecard", () => {
  const scratch = mkdtempSync(join(tmpdir(), 'scorecard-'));
  let card: Record<string, Check | undefined>;
  let printed: string;

  before(function () {
    this.timeout(300_000);
    const tool = join(dirname(require.resolve('node-red-dev/package.json')), 'bin', 'run');
    const output = join(scratch, 'card.json');
    const pack = join(installedModules(), packName);
    const preload = join(__dirname, 'empty-catalogue.cjs');
    printed = execFileSync(
      process.execPath,
      ['--require', preload, tool, 'validate', '-p', pack, '-o', output],
      {
        encoding: 'utf8',
      },
    );
    // The tool ends with 0 whatever it finds.
    card = JSON.parse(readFileSync(output, 'utf8')) as typeof card;
  });

  after(() => rmSync(scratch, { recursive: true }));

  for (const check of checks.filter((name) => !mayFail.includes(name))) {
    it(`passes ${check}`, () => {
      assert.equal(card[check]?.test, true, `${JSON.stringify(card[check])}\n${printed}`);
    });
  }

  it('counts the dependencies', () => assert.ok(card.D01));

  it('reads the definition of every node', () => assert.doesNotMatch(printed, /Unable to parse/));
});
