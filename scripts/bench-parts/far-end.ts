import { existsSync, writeFileSync } from "node:fs";
import { connect, createServer, type AddressInfo } from "node:net";
import { once } from "node:events";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { defaultTopicPrefix } from "../../sync/protocol/topics.ts";
import { Part } from "./part.ts";

/** Whoever takes what the agent ships: a broker and a receiver, each a process of its own. */
export interface FarEnd extends AsyncDisposable {
  readonly url: string;
}

const mosquitto = ["/usr/sbin/mosquitto", "/usr/local/sbin/mosquitto"].find((path) => existsSync(path));

/** The broker in use, for the table. */
export const brokerName = mosquitto === undefined ? "the embedded broker" : "mosquitto";

/** A receiver that verifies and acknowledges and stores nothing: what is measured is the agent and the wire. */
export async function acknowledgingFarEnd(folder: string): Promise<FarEnd> {
  await using parts = new AsyncDisposableStack();
  const url = await broker(folder, parts);
  const script = join(import.meta.dirname, "acknowledger.ts");
  const receiver = Part.start(process.execPath, [...process.execArgv, script, url, defaultTopicPrefix]);
  parts.use(receiver);
  await receiver.firstWords();
  return { url, [Symbol.asyncDispose]: disposalOf(parts.move()) };
}

/** The reference receiver on PGlite, or on the PostgreSQL that `database` names. */
export async function storingFarEnd(folder: string, database = `pglite:${join(folder, "cloud")}`): Promise<FarEnd> {
  await using parts = new AsyncDisposableStack();
  const url = await broker(folder, parts);
  const script = join(import.meta.dirname, "../../sync/receiver/main.ts");
  const flags = ["run", "--broker", url, "--socket", join(folder, "cloud.sock"), "--log-level", "error"];
  const env = { DATABASE_URL: database };
  const receiver = parts.use(Part.start(process.execPath, [...process.execArgv, script, ...flags], { env }));
  await receiver.firstWords();
  return { url, [Symbol.asyncDispose]: disposalOf(parts.move()) };
}

/** A broker on a free port of the loopback address, up. */
export async function broker(folder: string, parts: AsyncDisposableStack): Promise<string> {
  const port = await freePort();
  if (mosquitto === undefined) {
    const { startEmbeddedBroker } = await import("../../sync/receiver/embedded-broker.ts");
    return parts.use(await startEmbeddedBroker({ host: "127.0.0.1", port })).url;
  }
  const file = join(folder, `mosquitto-${port}.conf`);
  writeFileSync(
    file,
    `listener ${port} 127.0.0.1\nallow_anonymous true\n${process.getuid?.() === 0 ? "user root\n" : ""}`,
  );
  parts.use(Part.start(mosquitto, ["-c", file], { quiet: true }));
  for (let attempt = 0; !(await answers(port)); attempt += 1) {
    if (attempt > 200) throw new Error("mosquitto does not answer");
    await delay(25);
  }
  return `mqtt://127.0.0.1:${port}`;
}

function disposalOf(parts: AsyncDisposableStack): () => Promise<void> {
  return async () => {
    await parts.disposeAsync();
  };
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, "close");
  return port;
}

async function answers(port: number): Promise<boolean> {
  const socket = connect(port, "127.0.0.1");
  try {
    await once(socket, "connect");
    return true;
  } catch {
    return false;
  } finally {
    socket.destroy();
  }
}
