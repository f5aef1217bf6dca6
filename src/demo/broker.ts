/** The MQTT broker of the demo, in this process: nobody should have to install one to see the mirror work. */
import { createServer } from 'node:net';
import { Aedes } from 'aedes';
import { listen } from './listen';

/** A broker that runs. */
export interface DemoBroker {
  readonly port: number;
  stop(): Promise<void>;
}

/** Starts it on a port, the usual one unless told, or on a free one where that is taken. */
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
