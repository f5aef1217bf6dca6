/**
 * Mocha's own `spec` reporter, which also leaves the totals in a file when TEST_RESULTS names a folder: `.ci/run`
 * sums them over all its test runs. A run that does not end, because a test has left something behind, is ended and
 * fails.
 */
const { mkdirSync, writeFileSync } = require('node:fs');
const { join } = require('node:path');
const { reporters, Runner } = require('mocha');

/** How long what tests have stopped may take to go, in ms. */
const patience = 30_000;

module.exports = class extends reporters.Spec {
  constructor(runner, options) {
    super(runner, options);
    runner.once(Runner.constants.EVENT_RUN_END, () => {
      const folder = process.env.TEST_RESULTS;
      if (folder) {
        const { passes, failures, pending } = this.stats;
        mkdirSync(folder, { recursive: true });
        writeFileSync(join(folder, `${process.pid}.json`), JSON.stringify([passes, failures, pending]));
      }
      setTimeout(() => {
        console.error(`The tests are over, but this goes on: ${process.getActiveResourcesInfo().join(', ')}`);
        // Mocha would end with the number of failed tests.
        process.on('exit', () => {
          process.exitCode = 1;
        });
        process.exit();
      }, patience).unref();
    });
  }
};
