import { createServer, type Server } from "node:net";
import type { OpenPcsc, PcscListener, PcscReader } from "../../drivers/nfc/pcsc.ts";

/** A reader that a test plugs in. Commands go to `respond`; connecting fails as often as `failures` says. */
export class ScriptedReader implements PcscReader {
  readonly name: string;
  readonly received: string[] = [];
  failures = 0;
  respond: (apdu: Uint8Array) => Uint8Array = () => Buffer.of(0x63, 0x00);

  constructor(name: string) {
    this.name = name;
  }

  connect(): Promise<void> {
    if (this.failures === 0) return Promise.resolve();
    this.failures -= 1;
    return Promise.reject(new Error("SCardConnect error: Card was reset."));
  }

  reconnect(): Promise<void> {
    return this.connect();
  }

  /** Commands to the reader itself; undefined where it takes none. */
  escaped: string[] | undefined;

  escape(command: Uint8Array): Promise<Uint8Array> {
    if (this.escaped === undefined) return Promise.reject(new Error("SCardControl error: not supported"));
    this.escaped.push(Buffer.from(command).toString("hex"));
    return Promise.resolve(Buffer.of(0x90, 0x00));
  }

  transmit(apdu: Uint8Array): Promise<Uint8Array> {
    this.received.push(Buffer.from(apdu).toString("hex"));
    return Promise.resolve(this.respond(apdu));
  }
}

/**
 * Stands where PC/SC does, for what no emulated reader can do: to be unplugged. A socket answers the driver's probe; a test calls
 * `listener` as the library would.
 */
export class ScriptedPcsc implements AsyncDisposable {
  /** How often the driver connected and let go. */
  opened = 0;
  closed = 0;
  #listener: PcscListener | undefined;
  readonly #server: Server;

  constructor(socketPath: string) {
    this.#server = createServer((socket) => {
      socket.on("error", () => undefined);
      socket.on("data", () => socket.end(Buffer.alloc(12)));
    }).listen(socketPath);
  }

  readonly open: OpenPcsc = (listener) => {
    this.opened += 1;
    this.#listener = listener;
    return Promise.resolve({
      close: () => {
        this.closed += 1;
        return Promise.resolve();
      },
    });
  };

  /** The listener of the session that is open. */
  get listener(): PcscListener {
    if (!this.#listener) throw new Error("the driver has not connected");
    return this.#listener;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await new Promise((resolve) => this.#server.close(resolve));
  }
}
