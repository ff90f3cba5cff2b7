import { createServer, type Server, type Socket } from "node:net";
import { rm } from "node:fs/promises";
import type { Clock, Ms } from "../../../agent/core/time.ts";
import { advertisingReport, commandPacket, H4Reader } from "./h4.ts";
import { LeController } from "./le-controller.ts";
import type { VirtualAir } from "./virtual-air.ts";

/** A controller and where it is attached. */
export interface VirtualControllerOptions {
  /** Unix socket on which it speaks H4: plugged into a pseudo-terminal by socat, or used by {@link import("./hci-socket.ts")}. */
  readonly socketPath: string;
  readonly air: VirtualAir;
  readonly clock: Clock;
}

/** How it behaves. `quiet`: it answers and hears nothing; `stalled`: it does neither. */
export type ControllerMood = "well" | "quiet" | "stalled";

const tickMs: Ms = 10;

/** An emulated LE controller over a byte stream, for the demo, `simulate` and tests. One host at a time. */
export class VirtualController implements AsyncDisposable {
  /** May be changed at any time. */
  mood: ControllerMood = "well";
  readonly #options: VirtualControllerOptions;
  #power: { readonly server: Server; readonly off: AbortController; readonly playing: Promise<void> } | undefined;
  #host: Socket | undefined;
  #controller = new LeController();
  #sent = 0;
  #commands = 0;

  constructor(options: VirtualControllerOptions) {
    this.#options = options;
  }

  /** Adverts reported so far. */
  get sent(): number {
    return this.#sent;
  }

  /** Commands received so far, answered or not. */
  get commands(): number {
    return this.#commands;
  }

  /** Whether a host has the scan enabled. */
  get isScanning(): boolean {
    return this.#host !== undefined && this.#controller.isScanning;
  }

  /** Turns it on: it waits for a host, and reports what is on the air while that has the scan enabled. */
  async powerOn(): Promise<void> {
    if (this.#power) return;
    await rm(this.#options.socketPath, { force: true });
    const server = createServer((socket) => this.#serve(socket));
    const listening = Promise.withResolvers<void>();
    server.once("error", listening.reject);
    server.listen(this.#options.socketPath, () => listening.resolve());
    await listening.promise;
    const off = new AbortController();
    this.#power = { server, off, playing: this.#play(off.signal) };
  }

  /** Turns it off, or pulls it out: its host is cut off. */
  async powerOff(): Promise<void> {
    const power = this.#power;
    if (!power) return;
    this.#power = undefined;
    power.off.abort();
    this.#host?.destroy();
    await power.playing;
    await new Promise<void>((resolve) => power.server.close(() => resolve()));
  }

  /** Another program on the host stops the scan; the host is shown its command, as the kernel does. */
  stopScan(): void {
    this.#controller.stopScan();
    this.#host?.write(commandPacket({ opcode: 0x200c, parameters: Uint8Array.of(0, 0) }));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.powerOff();
  }

  #serve(socket: Socket): void {
    this.#host?.destroy();
    this.#host = socket;
    this.#controller = new LeController();
    const reader = new H4Reader();
    socket.on("error", () => undefined);
    socket.on("close", () => {
      if (this.#host === socket) this.#host = undefined;
    });
    socket.on("data", (bytes: Buffer) => {
      for (const packet of reader.feed(bytes)) {
        this.#commands += 1;
        const answer = this.mood === "stalled" ? undefined : this.#controller.answer(packet);
        if (answer) socket.write(answer);
      }
    });
  }

  async #play(signal: AbortSignal): Promise<void> {
    const { air, clock } = this.#options;
    while (!signal.aborted) {
      const adverts = air.due(clock.monotonic());
      const host = this.#host;
      // A host that does not keep up misses adverts, as it would on the air.
      if (host && this.isScanning && this.mood === "well" && !host.writableNeedDrain && adverts.length > 0) {
        host.write(Buffer.concat(adverts.map(advertisingReport)));
        this.#sent += adverts.length;
      }
      await clock.sleep(tickMs, signal).catch(() => undefined);
    }
  }
}
