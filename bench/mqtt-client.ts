/** mqtt.js client for measurements. */
import type { Socket } from 'node:net';
import { connectAsync, type MqttClient } from 'mqtt';

/** Connects without Nagle's algorithm, whose delay of 40 ms would dominate the results. */
export async function connectClient(url: string): Promise<MqttClient> {
  const client = await connectAsync(url, { protocolVersion: 5 });
  (client.stream as Socket).setNoDelay(true);
  return client;
}
