/**
 * Mocha's own `spec` reporter, which also leaves the totals in a file when TEST_RESULTS names a folder: `.ci/run`
 * sums them over all its test runs.
 */
const { mkdirSync, writeFileSync } = require('node:fs');
const { join } = require('node:path');
const { reporters, Runner } = require('mocha');

module.exports = class extends reporters.Spec {
  constructor(runner, options) {
    super(runner, options);
    runner.once(Runner.constants.EVENT_RUN_END, () => {
      const folder = process.env.TEST_RESULTS;
      if (!folder) return;
      const { passes, failures, pending } = this.stats;
      mkdirSync(folder, { recursive: true });
      writeFileSync(join(folder, `${process.pid}.json`), JSON.stringify([passes, failures, pending]));
    });
  }
};
