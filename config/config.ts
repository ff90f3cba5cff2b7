import type { ParsedConfig } from "./schema.ts";
import type { WithSecrets } from "./with-secrets.ts";

/**
 * The effective configuration: checked, defaults filled in, secrets read, every path absolute. Without a region key the agent makes a
 * local one in `dataDir`.
 */
export type Config = WithSecrets<ParsedConfig>;

/** A lane with its devices. */
export type LaneConfig = Config["lanes"][number];

/** Any configured device of a lane; `type` tells which. */
export type DeviceConfig = LaneConfig["devices"][number];

/** A contactless reader. */
export type NfcConfig = Extract<DeviceConfig, { type: "nfc" }>;

/** A scanner or a magnetic stripe reader. */
export type HidConfig = Extract<DeviceConfig, { type: "hid" }>;

/** A device that carries print bytes. */
export type PrintConfig = Exclude<DeviceConfig, NfcConfig | HidConfig>;

/** Whether a device carries print bytes. */
export function carriesPrint(device: DeviceConfig): device is PrintConfig {
  return device.type !== "nfc" && device.type !== "hid";
}

/** A known beacon; `type` tells how it is known. */
export type BeaconConfig = Config["beacons"][number];
