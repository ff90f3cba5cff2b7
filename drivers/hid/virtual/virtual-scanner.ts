import { scannerDescriptor, scannerReports } from "./scanner-writer.ts";
import type { VirtualHid } from "./virtual-hid.ts";

/** USB ids of the virtual scanner: those of Honeywell, whose layout it has. */
const usbIds = { vendorId: 0x0c2e, productId: 0x0b61 } as const;

/** Which of several virtual scanners, from 0: its serial number, socket and device file follow from it. */
export function virtualScannerSerial(index: number): string {
  return `VIRTUAL-${index + 1}`;
}

/**
 * A scanner in HID-POS mode that scans what it is told, for the demo and the tests. It is read by the real node-hid in a driver process
 * that was started with the environment of its {@link VirtualHid}: `createHidDriver(options, { ..., env: { ...process.env, ...hid.environment } })`.
 */
export class VirtualScanner implements AsyncDisposable {
  readonly #hid: VirtualHid;
  readonly #index: number;
  #isPlugged = true;

  private constructor(hid: VirtualHid, index: number) {
    this.#hid = hid;
    this.#index = index;
  }

  /** Plugs the scanner in. */
  static async plug(hid: VirtualHid, index = 0): Promise<VirtualScanner> {
    const scanner = new VirtualScanner(hid, index);
    await hid.plug({
      ...usbIds,
      port: scanner.port,
      serial: virtualScannerSerial(index),
      manufacturer: "storeloop",
      product: "virtual scanner",
      nodes: [{ node: index, descriptor: scannerDescriptor }],
    });
    return scanner;
  }

  /** The socket it is plugged into. */
  get port(): string {
    return `1-${this.#index + 1}`;
  }

  /** Scans a code. Resolves when the driver has read it; rejects when no driver does. */
  async scan(text: string, symbology = "]Q1"): Promise<void> {
    for (const report of scannerReports(text, symbology)) await this.#hid.report(this.#index, report);
  }

  /** Unplugs it. */
  async unplug(): Promise<void> {
    if (!this.#isPlugged) return;
    this.#isPlugged = false;
    await this.#hid.unplug(this.port);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.unplug();
  }
}
