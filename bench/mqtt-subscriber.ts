/** Child process that counts messages on a topic and reports every 500, so that counting does not slow the measured process. */
import { connect } from 'mqtt';

const [url = '', topic = ''] = process.argv.slice(2);

/** The same as in `arrival-counter.ts`. */
const batchSize = 500;

let count = 0;
const client = connect(url, { protocolVersion: 5 });
client.on('message', () => {
  count += 1;
  if (count % batchSize === 0) process.send?.(batchSize);
});
client.on('connect', () => {
  client.subscribe(topic, { qos: 1 }, () => process.send?.(0));
});
process.on('disconnect', () => process.exit());
