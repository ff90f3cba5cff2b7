import { catalogue } from "../core/error-catalogue.ts";
import type { CliConfig, CliConfigFault, LoadedConfig, Operations } from "./operations.ts";
import { text, type Text } from "./text.ts";

/** What of the print lines only those tell who read receipts: profiles and charsets that do not exist. The daemon does not start with them. */
export async function printLineFaults<C extends CliConfig>(
  { config, placeOf }: Extract<LoadedConfig<C>, { state: "ok" }>,
  profiles: readonly string[],
  operations: Pick<Operations<C>, "isCharset">,
): Promise<readonly CliConfigFault[]> {
  const known = new Set(["auto", "none", ...profiles]);
  const faults: CliConfigFault[] = [];
  const note = (at: readonly [number, number, string], message: Text, hint: Text): void => {
    const [lane, device, key] = at;
    const place = placeOf(["lanes", lane, "devices", device, key]);
    faults.push({ code: "NOT_ALLOWED", ...place, path: `lanes[${lane}].devices[${device}].${key}`, message, hint });
  };
  for (const [lane, { devices }] of config.lanes.entries())
    for (const [index, device] of devices.entries()) {
      if (!("profile" in device)) continue;
      const { profile, charset } = device;
      if (!known.has(profile)) note([lane, index, "profile"], noProfile(profile), thereAre([...known]));
      if (charset !== undefined && !(await operations.isCharset(charset)))
        note([lane, index, "charset"], noCharset(charset), catalogue.CHARSET_UNKNOWN);
    }
  return faults;
}

const noProfile = (name: string): Text => text(`没有版式“${name}”`, `there is no receipt profile '${name}'`);
const noCharset = (name: string): Text => text(`没有字符集“${name}”`, `there is no charset '${name}'`);
const thereAre = (names: readonly string[]): Text =>
  text(`取值之一:${names.join("、")}。`, `One of: ${names.join(", ")}.`);
