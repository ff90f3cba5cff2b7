import { writeAdvert } from "../../../drivers/ble/virtual/advert-writer.ts";
import type { OpenRadio, Radio, RadioListener } from "../../../drivers/ble/radio.ts";

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
  #listener: RadioListener | undefined;

  readonly open: OpenRadio = (_port, listener) => {
    this.done.push("open");
    const failure = this.failures.shift();
    if (failure) return Promise.reject(failure);
    this.#listener = listener;
    return Promise.resolve(this.#radio());
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

  #radio(): Radio {
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
      ask: (signal) => act("ask", signal),
      isPowered: () => this.isPowered,
      close: () => void this.done.push("close"),
    };
  }
}
