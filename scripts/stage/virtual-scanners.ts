import { VirtualHid } from "../../drivers/hid/virtual/virtual-hid.ts";
import { VirtualScanner, virtualScannerSerial } from "../../drivers/hid/virtual/virtual-scanner.ts";
import type { Scanner } from "../../drivers/virtual/player.ts";

/** Virtual scanners, held, or in one line why they cannot be had and what to do. */
export type VirtualScanners =
  | { readonly status: "held"; readonly scanners: HeldScanners }
  | { readonly status: "unavailable"; readonly reason: string };

/** One a lane. */
const count = 2;

/** Plugs in the virtual store's scanners until they are disposed of. */
export async function holdVirtualScanners(): Promise<VirtualScanners> {
  const started = await VirtualHid.start();
  if (started.status === "unavailable") return started;
  const scanners = new Map<string, VirtualScanner>();
  for (let index = 0; index < count; index += 1) {
    scanners.set(virtualScannerSerial(index), await VirtualScanner.plug(started.hid, index));
  }
  return { status: "held", scanners: new HeldScanners(started.hid, scanners) };
}

/** The virtual store's scanners, by serial number. */
export class HeldScanners implements AsyncDisposable {
  readonly #hid: VirtualHid;
  readonly #scanners: ReadonlyMap<string, VirtualScanner>;

  constructor(hid: VirtualHid, scanners: ReadonlyMap<string, VirtualScanner>) {
    this.#hid = hid;
    this.#scanners = scanners;
  }

  /** What the agent must have in its environment to see them. */
  get environment(): Readonly<Record<string, string>> {
    return { STORELOOP_VIRTUAL_HID: this.#hid.environment.UMOCKDEV_DIR };
  }

  /** The scanner with a serial number, if there is one. */
  withSerial(serial: string): Scanner | undefined {
    const scanner = this.#scanners.get(serial);
    if (scanner === undefined) return undefined;
    return {
      scan: ({ text, symbology }) =>
        scanner.scan(text, symbology).then(
          () => "read" as const,
          () => "unread" as const,
        ),
    };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#hid[Symbol.asyncDispose]();
  }
}
