/** The MQTT broker of the demo, in this process, so that none has to be installed. */
import { createServer } from 'node:net';
import { Aedes } from 'aedes';
import { listen } from './listen';

/** A running broker. */
export interface DemoBroker {
  readonly port: number;
  stop(): Promise<void>;
}

/** Starts a broker on a port (default: 1883), or on a free one when that is in use. */
export async function startBroker(port = 1883): Promise<DemoBroker> {
  const broker = await Aedes.createBroker();
  const server = createServer(broker.handle);
  return {
    port: await listen(server, port),
    stop: async () => {
      server.close();
      await new Promise<void>((resolve) => {
        broker.close(resolve);
      });
    },
  };
}
