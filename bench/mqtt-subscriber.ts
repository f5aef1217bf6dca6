/** A child process that counts what comes on a topic, and tells of every 500. Counting must not slow what is measured. */
import { connect } from 'mqtt';

const [url = '', topic = ''] = process.argv.slice(2);

/** As many as are under way at once: see arrivals.ts. */
const batch = 500;

let count = 0;
const client = connect(url, { protocolVersion: 5 });
client.on('message', () => {
  count += 1;
  if (count % batch === 0) process.send?.(batch);
});
client.on('connect', () => {
  client.subscribe(topic, { qos: 1 }, () => process.send?.(0));
});
process.on('disconnect', () => process.exit());
