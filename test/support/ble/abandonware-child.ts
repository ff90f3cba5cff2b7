import { createRequire, Module } from "node:module";
import { BleDriver, type BleDriverOptions, type BleDriverParts } from "../../../drivers/ble/ble-driver.ts";
import { VirtualHciSocket } from "../../../drivers/ble/virtual/hci-socket.ts";

/** What this module is told besides what the driver is. */
export interface AbandonwareChildOptions extends BleDriverOptions {
  /** Where the emulated controller is. */
  readonly controllerSocket: string;
}

const require = createRequire(import.meta.url);
/** Finds what the library would find. */
const fromNoble = createRequire(require.resolve("@abandonware/noble/package.json"));

/**
 * The driver's module for a child process in which @abandonware/noble finds an emulated controller where it looks for the kernel's HCI:
 * the one package below it is replaced before it is loaded.
 */
export function createDriver(options: AbandonwareChildOptions, parts: BleDriverParts): BleDriver {
  const path = fromNoble.resolve("@abandonware/bluetooth-hci-socket");
  const replaced = new Module(path);
  replaced.exports = class extends VirtualHciSocket {
    constructor() {
      super(options.controllerSocket, parts.clock);
    }
  };
  replaced.loaded = true;
  require.cache[path] = replaced;
  return new BleDriver(options, parts);
}
