import type { Driver } from "../../../agent/core/driver.ts";
import type { BleDriverOptions } from "../../../drivers/ble/ble-driver.ts";

/** A radio's module that says in its health which adapters it is told to leave to others, and does nothing. */
export function createDriver({ radio, reserved }: BleDriverOptions): Driver {
  const { deviceId, zoneId } = radio;
  const health = { state: "up", sinceMs: 0, detail: JSON.stringify(reserved) } as const;
  return {
    name: "told",
    devices: () => [{ deviceId, zoneId, type: "ble", health }],
    run: (_offer, signal) =>
      new Promise((resolve) => signal.addEventListener("abort", () => resolve(), { once: true })),
  };
}
