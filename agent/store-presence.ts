import type { Config } from "../config/config.ts";
import { asZoneId } from "./core/ids.ts";
import type { Identification } from "./core/identification.ts";
import { defaultPresence, type PresenceOptions } from "./pipeline/presence/presence-options.ts";
import { PresenceRecorder, type PresenceRecorderParts } from "./pipeline/presence/presence-recorder.ts";

/** Makes what records the visits of a store's zones. Loaded only where there are any. */
export function storePresence(
  config: Config,
  identification: Identification,
  parts: Omit<PresenceRecorderParts, "options" | "evidenceOf">,
): PresenceRecorder {
  const evidenceOf: PresenceRecorderParts["evidenceOf"] = (sighting) => identification.sighting(sighting);
  return new PresenceRecorder({ ...parts, options: presenceOptions(config), evidenceOf });
}

function presenceOptions({ presence, zones }: Config): PresenceOptions {
  const own = zones.map(({ id, enterDbm = presence.enterDbm, exitDbm = presence.exitDbm }) => {
    return [asZoneId(id), { enterDbm, exitDbm }] as const;
  });
  return { ...defaultPresence, ...presence, zones: new Map(own) };
}
