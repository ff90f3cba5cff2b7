import { EventEmitter } from "node:events";
import { connect, type Socket } from "node:net";
import type { Clock, Ms } from "../../../agent/core/time.ts";
import { H4Reader } from "./h4.ts";

/** Between two tries to reach a controller that is off. */
const retryMs: Ms = 100;

/**
 * Stands in for the class that @abandonware/bluetooth-hci-socket exports, above an emulated controller on a Unix socket in place of the
 * kernel's HCI. The device is up while the controller is on. Emits `data` with one H4 packet each.
 */
export class VirtualHciSocket extends EventEmitter {
  readonly #socketPath: string;
  readonly #clock: Clock;
  #socket: Socket | undefined;
  #isUp = false;
  #stopped: AbortController | undefined;

  constructor(socketPath: string, clock: Clock) {
    super();
    this.#socketPath = socketPath;
    this.#clock = clock;
  }

  /** The kernel would leave out packets that the host does not ask for; this one leaves out none. */
  setFilter(): void {}

  bindRaw(): void {}

  bindUser(): void {}

  start(): void {
    if (this.#stopped) return;
    this.#stopped = new AbortController();
    this.#connect(this.#stopped.signal);
  }

  stop(): void {
    this.#stopped?.abort();
    this.#socket?.destroy();
    this.#stopped = undefined;
  }

  isDevUp(): boolean {
    return this.#isUp;
  }

  write(packet: Uint8Array): void {
    if (this.#isUp) this.#socket?.write(packet);
  }

  #connect(signal: AbortSignal): void {
    const reader = new H4Reader();
    const socket = connect(this.#socketPath);
    this.#socket = socket;
    socket.on("connect", () => (this.#isUp = true));
    socket.on("data", (bytes: Buffer) => {
      for (const packet of reader.feed(bytes)) this.emit("data", Buffer.from(packet));
    });
    socket.on("error", () => undefined);
    socket.on("close", () => {
      this.#isUp = false;
      void this.#clock.sleep(retryMs, signal).then(
        () => this.#connect(signal),
        () => undefined,
      );
    });
  }
}
