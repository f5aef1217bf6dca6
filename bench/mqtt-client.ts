/** mqtt.js as it is used where time counts. */
import type { Socket } from 'node:net';
import { connectAsync, type MqttClient } from 'mqtt';

/** A client that sends each packet at once, or 40 ms of waiting for acknowledgements would be all that is measured. */
export async function quickClient(url: string): Promise<MqttClient> {
  const client = await connectAsync(url, { protocolVersion: 5 });
  (client.stream as Socket).setNoDelay(true);
  return client;
}
