import { writeAdvert } from "../../../drivers/ble/virtual/advert-writer.ts";
import type { OpenRadio, Radio, RadioListener, RadioState } from "../../../drivers/ble/radio.ts";

/** Stands where a radio's library does, for what takes hours or a broken machine. A test plays the controller. */
export class ScriptedRadio {
  /** What the driver did, in order. */
  readonly done: string[] = [];
  /** Whether the controller answers. */
  answers = true;
  /** What it says to a scan, if it does not start one. */
  refusal: Error | undefined;
  isPowered = true;
  /** Errors of the next attempts to open it. */
  readonly failures: Error[] = [];
  /** Addresses of the adapters by their numbers. */
  readonly addresses = new Map<number, string>();
  /** Numbers of the adapters that were opened, in order. */
  readonly opened: number[] = [];
  /** The libraries through which they were opened. */
  readonly libraries: string[] = [];
  /** What an adapter says of itself as soon as it is open. */
  stateAtOpen: RadioState | undefined;
  #listener: RadioListener | undefined;

  readonly open: OpenRadio = (port, listener) => {
    this.done.push("open");
    const failure = this.failures.shift();
    if (failure) return Promise.reject(failure);
    this.#listener = listener;
    const adapter = "uart" in port ? 0 : (port.adapter ?? 0);
    this.opened.push(adapter);
    this.libraries.push(port.library);
    if (this.stateAtOpen !== undefined) listener.stateChanged(this.stateAtOpen);
    return Promise.resolve(this.#radio(this.addresses.get(adapter) ?? "00:00:00:00:00:00"));
  };

  /** What the library would call. */
  get listener(): RadioListener {
    if (!this.#listener) throw new Error("the radio is not open");
    return this.#listener;
  }

  /** An iBeacon is heard. */
  hear(uuid: string, rssiDbm = -60): void {
    const bytes = writeAdvert({ type: "ibeacon", uuid, major: 1, minor: 1, tx: -59 });
    this.listener.heard({ address: "c0:00:00:00:00:01", isRandomAddress: true, bytes, rssiDbm });
  }

  #radio(address: string): Radio {
    const act = (what: string, signal: AbortSignal): Promise<void> => {
      this.done.push(what);
      if (this.refusal && what === "scan") return Promise.reject(this.refusal);
      if (this.answers) return Promise.resolve();
      return new Promise((_resolve, reject) =>
        signal.addEventListener("abort", () => reject(signal.reason), { once: true }),
      );
    };
    return {
      scan: (signal) => act("scan", signal),
      ask: async (signal) => {
        await act("ask", signal);
        return address;
      },
      isPowered: () => this.isPowered,
      close: () => void this.done.push("close"),
    };
  }
}
