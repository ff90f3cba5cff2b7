import { readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Clock, Ms } from "../../agent/core/time.ts";
import { adapterAmong } from "./adapter-presence.ts";
import type { RadioPort } from "./radio.ts";

/** How long an adapter stays off. */
const offMs: Ms = 1_000;

/**
 * Turns an adapter off and on again by its soft block (Linux, sysfs-class-rfkill). Needs the right to write there; whether the adapter
 * comes up afterwards is up to whoever turns it on, e.g. bluetoothd. Resolves to what was done, in words for a technician. Never rejects.
 */
export async function powerCycle(port: RadioPort, folder: string, clock: Clock, signal: AbortSignal): Promise<string> {
  if ("uart" in port) return "it has no power switch that this machine can reach";
  try {
    const adapter = adapterAmong(readdirSync(folder), port.adapter);
    const names = adapter === undefined ? [] : readdirSync(join(folder, adapter));
    const block = names.find((name) => name.startsWith("rfkill"));
    if (adapter === undefined || block === undefined) return "it has no power switch";
    const path = join(folder, adapter, block, "soft");
    writeFileSync(path, "1");
    // Whatever happens meanwhile, it is not left off.
    await clock.sleep(offMs, signal).catch(() => undefined);
    writeFileSync(path, "0");
    return "it was turned off and on";
  } catch (error) {
    const code = error instanceof Error && "code" in error ? String(error.code) : "error";
    return `it could not be turned off and on (${code})`;
  }
}
