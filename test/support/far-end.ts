import { once } from "node:events";
import { createServer, type Server, type Socket } from "node:net";
import { SystemClock } from "../../drivers/system-clock.ts";
import { SerialCable } from "../../drivers/virtual/serial-cable.ts";
import type { TempFolder } from "./temp-folder.ts";
import { until } from "./until.ts";

/** A device at the far end of a serial cable: keeps what it receives. */
export class FarEnd implements AsyncDisposable {
  readonly #server: Server;
  readonly #received: Buffer[] = [];
  readonly cable: SerialCable;
  readonly portPath: string;
  #socket: Socket | undefined;

  private constructor(folder: TempFolder, name: string) {
    this.portPath = folder.file(`tty-${name}`);
    const socketPath = folder.file(`${name}.sock`);
    this.cable = new SerialCable({ portPath: this.portPath, socketPath, clock: new SystemClock() });
    this.#server = createServer((socket) => {
      this.#socket = socket;
      socket.on("data", (bytes) => this.#received.push(bytes));
      socket.on("error", () => undefined);
    });
    this.#server.listen(socketPath);
  }

  /** Lays a cable, not plugged in yet, in a folder. */
  static async at(folder: TempFolder, name: string): Promise<FarEnd> {
    const end = new FarEnd(folder, name);
    await once(end.#server, "listening");
    return end;
  }

  /** All that came. */
  get received(): Buffer {
    return Buffer.concat(this.#received);
  }

  /** Sends bytes; resolves when the kernel has them. */
  async say(bytes: Uint8Array): Promise<void> {
    const socket = await until(() => this.#socket?.writable === true && this.#socket, { what: "the cable" });
    await new Promise<void>((resolve) => socket.write(bytes, () => resolve()));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.cable.unplug();
    this.#socket?.destroy();
    await new Promise<void>((resolve) => this.#server.close(() => resolve()));
  }
}
