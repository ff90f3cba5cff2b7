import { isAbsolute, resolve } from "node:path";
import { authorityFaults } from "./authority.ts";
import { checkYaml } from "./check-yaml.ts";
import type { Config, DeviceConfig } from "./config.ts";
import { crossChecks } from "./cross-checks.ts";
import type { ConfigFault, Path } from "./fault.ts";
import { schema, type ParsedConfig } from "./schema.ts";
import { readSecrets, type SecretAccess, type Secrets } from "./secrets.ts";
import { wideMarks } from "./wide-marks.ts";
import { withSecrets } from "./with-secrets.ts";

/** The line and column of the value at a path, counted from 1. */
export type PlaceOf = (path: Path) => { readonly line: number; readonly column: number };

/** A checked configuration, or everything that is wrong with it, in the order of the file. */
export type ConfigResult =
  | {
      readonly ok: true;
      readonly config: Config;
      /** The value as it stood in the file, before defaults. */
      readonly given: unknown;
      /** Where in the file a value stands, for what can be told only later. */
      readonly placeOf: PlaceOf;
    }
  | { readonly ok: false; readonly faults: readonly ConfigFault[] };

/**
 * Checks the text of a configuration file (YAML 1.2, one document) and makes the effective configuration of it. Reports all faults
 * at once; only broken YAML hides what is behind it. Never throws, whatever the text. Relative paths start from `access.base`.
 */
export function loadConfig(text: string, access: SecretAccess): ConfigResult {
  let secrets: Secrets | undefined;
  const result = checkYaml(text, {
    schema,
    example: "config/example.yaml",
    more: (given, map) => {
      secrets = readSecrets(given, map, access);
      return [...crossChecks(given, map), ...authorityFaults(given, map, access), ...secrets.faults];
    },
  });
  if (!result.ok) {
    const typed = wideMarks(text);
    return { ok: false, faults: typed.length > 0 ? typed : result.faults };
  }
  if (secrets === undefined) return { ok: false, faults: [] };
  return {
    ok: true,
    config: settle(result.value, secrets, access.base),
    given: result.given,
    placeOf: (path) => result.map.placeOf(path),
  };
}

/** Puts secrets in the place of their names and makes every path absolute. */
function settle(parsed: ParsedConfig, secrets: Secrets, base: string): Config {
  const absolute = (path: string): string => (isAbsolute(path) ? path : resolve(base, path));
  const config = withSecrets(parsed, secrets.found);
  const { profilesDir, dataDir } = config.agent;
  const { caFile } = config.uplink;
  return {
    ...config,
    agent: {
      ...config.agent,
      dataDir: absolute(dataDir),
      ...(profilesDir !== undefined && { profilesDir: absolute(profilesDir) }),
    },
    lanes: config.lanes.map((lane) => ({ ...lane, devices: lane.devices.map((device) => placed(device, absolute)) })),
    zones: config.zones.map((zone) => ({
      ...zone,
      devices: zone.devices.map((radio) => ({ ...radio, ...(radio.path && { path: absolute(radio.path) }) })),
    })),
    uplink: { ...config.uplink, ...(caFile !== undefined && { caFile: absolute(caFile) }) },
  };
}

/** The path of a scanner is left as it is: it may be a socket, as the kernel names it. */
function placed(device: DeviceConfig, absolute: (path: string) => string): DeviceConfig {
  if (device.type === "printer-serial") {
    const { path, forwardTo } = device;
    return { ...device, path: absolute(path), ...(forwardTo && { forwardTo: absolute(forwardTo) }) };
  }
  if (device.type !== "print-folder") return device;
  const { path, moveTo } = device;
  return { ...device, path: absolute(path), ...(moveTo && { moveTo: absolute(moveTo) }) };
}
