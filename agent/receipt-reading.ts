import { carriesPrint, type DeviceConfig, type LaneConfig } from "../config/config.ts";
import { charsetNamed } from "../drivers/printer/decoder/charset-names.ts";
import { CharsetCache } from "../drivers/printer/decoder/charset-cache.ts";
import { createPrintDecoder } from "../drivers/printer/decoder/print-decoder.ts";
import { StoreloopError } from "./core/errors.ts";
import { asDeviceId, asLaneId } from "./core/ids.ts";
import type { NewSlipReader } from "./core/slip.ts";
import type { Profile } from "./receipts/profile.ts";
import { createSlipReader } from "./receipts/slip-reader.ts";

/**
 * The profiles a device is read with: all of them for `auto`, none for `none`, else the one of that name.
 *
 * @throws StoreloopError PROFILE_UNKNOWN when there is none of that name.
 */
export function chosenProfiles(all: readonly Profile[], choice: string): readonly Profile[] {
  if (choice === "auto") return all;
  if (choice === "none") return [];
  const chosen = all.filter((profile) => profile.name === choice);
  if (chosen.length > 0) return chosen;
  const names = all.map((profile) => profile.name).join(", ");
  throw new StoreloopError("PROFILE_UNKNOWN", {
    "zh-CN": `没有版式“${choice}”;现有:auto、none、${names}`,
    en: `there is no profile '${choice}'; there are: auto, none, ${names}`,
  });
}

/** Throws `CHARSET_UNKNOWN` for a name that means no charset. */
export function checkCharset(name: string | undefined): void {
  if (name === undefined || charsetNamed(name) !== undefined) return;
  throw new StoreloopError("CHARSET_UNKNOWN", {
    "zh-CN": `没有字符集“${name}”`,
    en: `there is no charset '${name}'`,
  });
}

/** Slip readers for the configured print devices, each with its own profiles and charset. */
export function slipReaders(lanes: readonly LaneConfig[], all: readonly Profile[]): NewSlipReader {
  const settings = new Map(
    lanes
      .flatMap((lane): readonly DeviceConfig[] => lane.devices)
      .flatMap((device) => (carriesPrint(device) ? [[device.id, device] as const] : []))
      .map(([id, device]) => {
        const { profile, charset, dialect, codePages } = device;
        checkCharset(charset);
        const printer = { charset, codePages, dialect: dialect === "auto" ? undefined : dialect };
        return [id, { profiles: chosenProfiles(all, profile), printer }] as const;
      }),
  );
  const charsets = new CharsetCache();
  return ({ deviceId, laneId, startOffset: first }) => {
    // Bytes of a device that is no longer configured are still read at the next start, by whatever profile fits.
    const { profiles, printer } = settings.get(deviceId) ?? { profiles: all, printer: undefined };
    const { charset, ...rest } = printer ?? {};
    const newDecoder = (startOffset: number) =>
      createPrintDecoder({ startOffset, charsets, ...rest, ...(charset !== undefined && { defaultCharset: charset }) });
    return createSlipReader({ newDecoder, profiles, laneId, startOffset: first });
  };
}

/**
 * Begins a slip on every print device and forgets it. What is slow the first time (character tables, headings of the profiles, code
 * not yet compiled) is done before the first shopper. The slip is not ended: reading one that no profile fits would load the vocabulary
 * for unknown layouts, which a store may never need.
 */
export function warmUp(lanes: readonly LaneConfig[], newSlipReader: NewSlipReader): void {
  for (const lane of lanes) {
    for (const device of lane.devices) {
      if (!carriesPrint(device)) continue;
      const source = { deviceId: asDeviceId(device.id), laneId: asLaneId(lane.id), startOffset: 0 };
      newSlipReader(source).feed(Buffer.from("1b401c26b5eacbf93a300a0a", "hex"));
    }
  }
}
