import { once } from "node:events";
import { createServer, type AddressInfo, type Socket } from "node:net";
import { Aedes } from "aedes";

/** Where the embedded broker listens. */
export interface BrokerAddress {
  readonly host: string;
  /** 0 takes any free port. */
  readonly port: number;
}

/** An MQTT broker inside this process. It keeps nothing when it stops. */
export interface EmbeddedBroker extends AsyncDisposable {
  /** `mqtt://host:port` as it is really bound. */
  readonly url: string;
  readonly port: number;
}

/**
 * Starts an MQTT 3.1.1 broker without users, for a demo and for tests: bind it to a loopback address. Rejects with the network's error
 * when the address is taken.
 */
export async function startEmbeddedBroker({ host, port }: BrokerAddress): Promise<EmbeddedBroker> {
  const broker = await Aedes.createBroker();
  const sockets = new Set<Socket>();
  const server = createServer({ noDelay: true }, (socket) => {
    sockets.add(socket);
    socket.once("close", () => sockets.delete(socket));
    broker.handle(socket);
  });
  server.listen(port, host);
  await once(server, "listening");
  const bound = server.address() as AddressInfo;
  return {
    url: `mqtt://${host}:${bound.port}`,
    port: bound.port,
    async [Symbol.asyncDispose]() {
      const closed = once(server, "close");
      server.close();
      for (const socket of sockets) socket.destroy();
      await closed;
      await new Promise<void>((resolve) => broker.close(() => resolve()));
    },
  };
}
