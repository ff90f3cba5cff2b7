import { existsSync, readFileSync } from "node:fs";
import { dirname } from "node:path";
import { FilesRefused } from "./core/file-fault.ts";
import { readProfileFile } from "./profile-file.ts";
import { readProfiles, sampleFaults } from "./profiles-on-disk.ts";
import { chosenProfiles } from "./receipt-reading.ts";
import type { ProfileSource } from "./receipts/profile-schema.ts";

/** The profiles a replay reads with; `profile` is the one that was asked for. */
export interface ReplayProfiles {
  readonly profiles: readonly ProfileSource[];
  readonly profile?: string;
}

/**
 * The profiles of today, or the one that is named, by its name or as a file, or none of them. Throws `PROFILE_UNKNOWN`, `PROFILE_INVALID`,
 * `PROFILE_SAMPLE_FAILED`: what fails on its own samples is let near no receipt of the past either.
 */
export function replayProfiles(wanted: string | undefined, profilesDir: string | undefined): ReplayProfiles {
  if (wanted !== undefined && /\.ya?ml$/.test(wanted) && existsSync(wanted)) return fromFile(wanted);
  const all = readProfiles(profilesDir);
  if (wanted === undefined || wanted === "auto") return { profiles: all.map(({ source }) => source) };
  // Without profiles structure and arithmetic decide.
  if (wanted === "none" || wanted === "generic") return { profiles: [], profile: "generic" };
  return { profiles: chosenProfiles(all, wanted).map(({ source }) => source), profile: wanted };
}

function fromFile(name: string): ReplayProfiles {
  const read = readProfileFile({ name, text: readFileSync(name, "utf8"), folder: dirname(name) });
  if (!read.ok) throw new FilesRefused("PROFILE_INVALID", read.faults);
  const failed = sampleFaults([{ ...read.value, origin: "store" }]);
  if (failed.length > 0) throw new FilesRefused("PROFILE_SAMPLE_FAILED", failed);
  const { source } = read.value.profile;
  return { profiles: [source], profile: source.profile };
}
