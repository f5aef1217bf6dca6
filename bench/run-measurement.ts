/** Child process of one measurement, with its own heap and event loop. */
import { createRequire } from 'node:module';
import type { Row } from './result-row';

const [name = ''] = process.argv.slice(2);

async function run(): Promise<void> {
  const { measure } = createRequire(__filename)(`./measurements/${name}.ts`) as {
    measure: () => Promise<Row[]>;
  };
  const rows = await measure();
  await new Promise((resolve) => process.send?.(rows, resolve));
}

// Ends the child when the parent was killed.
process.on('disconnect', () => process.exit());

run().then(
  () => process.exit(),
  (error: unknown) => {
    console.error(error);
    process.exit(1);
  },
);
