import { once } from "node:events";
import { createServer, type Server, type Socket } from "node:net";

/** A TCP printer for a proxy to talk to: keeps what it prints, says what the test wants. */
export class PaperPrinter implements AsyncDisposable {
  readonly #server: Server;
  readonly #printed: Buffer[] = [];
  /** Connections so far, open or not. */
  readonly sockets: Socket[] = [];

  private constructor() {
    this.#server = createServer({ allowHalfOpen: true, noDelay: true }, (socket) => {
      this.sockets.push(socket);
      socket.on("data", (bytes: Buffer) => this.#printed.push(bytes));
      socket.on("error", () => {});
    });
  }

  /** Switches a printer on; on the given port, or on any. */
  static async on(port = 0): Promise<PaperPrinter> {
    const printer = new PaperPrinter();
    printer.#server.listen(port, "127.0.0.1");
    await once(printer.#server, "listening");
    return printer;
  }

  get port(): number {
    const address = this.#server.address();
    return address !== null && typeof address === "object" ? address.port : 0;
  }

  /** All that was printed, on all connections. */
  get printed(): Buffer {
    return Buffer.concat(this.#printed);
  }

  /** Switches it off, in the middle of whatever it does. */
  async off(): Promise<void> {
    if (!this.#server.listening) return;
    for (const socket of this.sockets) socket.resetAndDestroy();
    this.#server.close();
    await once(this.#server, "close");
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.off();
  }
}
