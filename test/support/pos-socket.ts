import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { until } from "./until.ts";

/** The POS's end of a TCP print line: sends, and keeps what comes back. */
export class PosSocket implements Disposable {
  readonly socket: Socket;
  readonly #received: Buffer[] = [];

  private constructor(socket: Socket) {
    this.socket = socket;
    socket.on("data", (bytes: Buffer) => this.#received.push(bytes));
    socket.on("error", () => {});
  }

  /** Connects to a print port of this machine. */
  static async connect(port: number): Promise<PosSocket> {
    const socket = connect({ host: "127.0.0.1", port, allowHalfOpen: true, noDelay: true });
    await once(socket, "connect");
    return new PosSocket(socket);
  }

  /** Everything that came back so far. */
  get received(): Buffer {
    return Buffer.concat(this.#received);
  }

  /** Hands bytes to the kernel. */
  async send(bytes: Uint8Array): Promise<void> {
    await new Promise<void>((resolve) => this.socket.write(bytes, () => resolve()));
  }

  /** Sends bytes in pieces that arrive one by one, cut at the given places. */
  async sendCut(bytes: Uint8Array, cuts: readonly number[]): Promise<void> {
    const places = [...new Set(cuts.map((cut) => cut % (bytes.length + 1)))].toSorted((a, b) => a - b);
    for (const [i, from] of [0, ...places].entries()) {
      await this.send(bytes.subarray(from, places[i] ?? bytes.length));
      await new Promise((resolve) => setImmediate(resolve));
    }
  }

  /** Says that nothing more will be sent. */
  finish(): void {
    this.socket.end();
  }

  /** Waits until the other end sends no more, or broke off. */
  async hungUp(): Promise<void> {
    await until(() => this.socket.readableEnded || this.socket.closed);
  }

  /** Waits for the connection to be gone. */
  async closed(): Promise<void> {
    await until(() => this.socket.closed);
  }

  [Symbol.dispose](): void {
    this.socket.destroy();
  }
}
