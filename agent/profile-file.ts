import { readFileSync } from "node:fs";
import { join } from "node:path";
import { checkYaml } from "../config/check-yaml.ts";
import type { ConfigFault } from "../config/fault.ts";
import type { SourceMap } from "../config/source-map.ts";
import type { FileFault } from "./core/file-fault.ts";
import { compileProfile, type Profile } from "./receipts/profile.ts";
import { profileSchema } from "./receipts/profile-schema.ts";
import type { Sample } from "./receipts/sample-schema.ts";
import type { ReadySample } from "./receipts/sample-slip.ts";

/** A profile file: its name for messages, its text, and the folder in which the captures it names lie. */
export interface ProfileText {
  readonly name: string;
  readonly text: string;
  readonly folder: string;
}

/** A profile with its samples, which have not been tried yet. */
export interface ProfileWithSamples {
  readonly file: string;
  readonly profile: Profile;
  readonly samples: readonly ReadySample[];
  /** A fault at a place of the file. */
  readonly fault: (...at: Parameters<SourceMap["fault"]>) => FileFault;
}

/** What came of reading a profile file. */
export type ProfileFileResult =
  | { readonly ok: true; readonly value: ProfileWithSamples }
  | { readonly ok: false; readonly faults: readonly FileFault[] };

/** Longer captures hold a day of slips and are no sample. */
const mostCaptureBytes = 1_048_576;

/** Reads a profile from YAML. Never throws: unknown keys, wrong values, patterns and captures that are no good come back as faults. */
export function readProfileFile({ name, text, folder }: ProfileText): ProfileFileResult {
  const checked = checkYaml(text, { schema: profileSchema, example: "docs/profiles.md" });
  const inFile = (fault: ConfigFault): FileFault => ({ file: name, ...fault });
  if (!checked.ok) return { ok: false, faults: checked.faults.map(inFile) };
  const { samples, ...source } = checked.value;
  const faults: FileFault[] = [];
  const ready = samples.map((sample, index): ReadySample => {
    const bytes = bytesOf(sample, folder);
    if (bytes === undefined || bytes instanceof Uint8Array) return { sample, ...(bytes && { bytes }) };
    faults.push(
      inFile(checked.map.fault("SAMPLE_UNREADABLE", ["samples", index, "capture"], "value", unreadable(bytes))),
    );
    return { sample };
  });
  if (faults.length > 0) return { ok: false, faults };
  const fault: ProfileWithSamples["fault"] = (...at) => inFile(checked.map.fault(...at));
  return { ok: true, value: { file: name, profile: compileProfile(source), samples: ready, fault } };
}

/** The captured bytes of a sample, or why there are none. */
function bytesOf({ capture, base64 }: Sample, folder: string): Uint8Array | Error | undefined {
  if (base64 !== undefined) return Buffer.from(base64, "base64");
  if (capture === undefined) return undefined;
  try {
    const bytes = readFileSync(join(folder, capture));
    return bytes.length <= mostCaptureBytes ? bytes : new Error("larger than 1 MiB");
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error));
  }
}

const unreadable = ({ message }: Error) => ({
  message: { "zh-CN": `读不到抓取文件:${message}`, en: `the capture cannot be read: ${message}` },
  hint: {
    "zh-CN": "把抓取文件放在版式文件旁边,并核对文件名。",
    en: "Put the capture beside the profile and check its name.",
  },
});
