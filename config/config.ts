import type { ParsedConfig } from "./schema.ts";
import type { Secret } from "./secret.ts";

type ParsedIdentity = ParsedConfig["identity"];
type ParsedUplink = ParsedConfig["uplink"];

/** Settings of identity, with the region key read. Absent key: the agent makes a local one in `dataDir`. */
export type IdentityConfig = Omit<ParsedIdentity, "regionKeyFile" | "regionKeyEnv"> & { readonly regionKey?: Secret };

/** Settings of the way to the cloud, with the password read. */
export type UplinkConfig = Omit<ParsedUplink, "passwordFile" | "passwordEnv"> & { readonly password?: Secret };

/** The effective configuration: checked, defaults filled in, secrets read, every path absolute. */
export type Config = Omit<ParsedConfig, "identity" | "uplink"> & {
  readonly identity: IdentityConfig;
  readonly uplink: UplinkConfig;
};

/** A lane with its devices. */
export type LaneConfig = Config["lanes"][number];

/** Any configured device; `type` tells which. */
export type DeviceConfig = LaneConfig["devices"][number];

/** A contactless reader. */
export type NfcConfig = Extract<DeviceConfig, { type: "nfc" }>;
