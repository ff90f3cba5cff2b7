import type { HidAccess, HidListener, HidNode, OpenHidNode } from "../../drivers/hid/hid.ts";
import { scannerDescriptor } from "../../drivers/hid/virtual/scanner-writer.ts";

/** A node as a HID-POS scanner has it, with what a test changes. */
export function scannerNode(more: Partial<HidNode> = {}): HidNode {
  return {
    path: "/dev/hidraw0",
    vendorId: 0x1234,
    productId: 0x0001,
    name: "ACME Scanner",
    serial: "",
    phys: "usb-0000:00:14.0-1/input0",
    descriptor: scannerDescriptor,
    ...more,
  };
}

/** Stands where node-hid does, for what no emulated device can do: to be denied, to hang, to break while it is read. */
export class ScriptedHid implements HidAccess {
  nodes: readonly HidNode[] = [];
  /** What opening a path comes to; by default it opens. */
  opening: (path: string) => Promise<void> = () => Promise.resolve();
  listing: () => Promise<void> = () => Promise.resolve();
  /** Paths in the order in which they were opened and closed. */
  readonly opened: string[] = [];
  readonly closed: string[] = [];
  /** Feature reports that were sent: path, id, payload. */
  readonly features: (readonly [string, number, readonly number[]])[] = [];
  readonly #listeners = new Map<string, HidListener>();

  async list(): Promise<readonly HidNode[]> {
    await this.listing();
    return this.nodes;
  }

  /** Links to device files. */
  readonly links = new Map<string, string>();

  resolve(path: string): Promise<string> {
    return Promise.resolve(this.links.get(path) ?? path);
  }

  async open(path: string, listener: HidListener): Promise<OpenHidNode> {
    await this.opening(path);
    this.opened.push(path);
    this.#listeners.set(path, listener);
    return {
      sendFeature: (id, payload) => {
        this.features.push([path, id, payload]);
        return Promise.reject(new Error("the device refuses"));
      },
      close: () => {
        this.closed.push(path);
        return Promise.resolve();
      },
    };
  }

  /** The listener of the last opening of a path. */
  listenerOf(path: string): HidListener {
    const listener = this.#listeners.get(path);
    if (!listener) throw new Error(`${path} was not opened`);
    return listener;
  }
}
