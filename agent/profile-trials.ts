import { existsSync, readFileSync } from "node:fs";
import { dirname } from "node:path";
import { StoreloopError } from "./core/errors.ts";
import type { FileFault } from "./core/file-fault.ts";
import type { ProfileTrial } from "./core/profile-trial.ts";
import { readProfileFile } from "./profile-file.ts";
import { readLibrary, sampleDecoders, type LibraryProfile, type ProfileLibrary } from "./profiles-on-disk.ts";
import { checkCharset } from "./receipt-reading.ts";
import { slipsOfCapture } from "./receipts/capture-slips.ts";
import { readable, selectProfile, type Profile } from "./receipts/profile.ts";
import { slipOfSample } from "./receipts/sample-slip.ts";
import { tryProfile } from "./receipts/try-profile.ts";

/** What is to be tried. */
export interface TrialRequest {
  /** The name of a profile, or a file that is one; all profiles when absent. */
  readonly profile?: string;
  /** Slips to try instead of the samples. */
  readonly captures: readonly { readonly name: string; readonly bytes: Uint8Array }[];
  /** Encoding of the captures until they select one. */
  readonly charset?: string;
  /** Folder of the store's own profiles. */
  readonly profilesDir?: string;
}

/** What came of it. */
export interface TrialResult {
  /** Why some file could not be tried. */
  readonly faults: readonly FileFault[];
  readonly trials: readonly ProfileTrial[];
}

/**
 * Tries one profile, or all, on their samples, or on the slips of captures. A file that is named is tried as if it lay in the store's
 * folder. Throws `PROFILE_UNKNOWN`, `FILE_UNREADABLE`.
 */
export function runTrials(request: TrialRequest): TrialResult {
  const library = withNamedFile(readLibrary(request.profilesDir), request.profile);
  const { wanted, faults } = library;
  if (request.captures.length > 0) return { faults, trials: captureTrials(library, request) };
  const newDecoder = sampleDecoders();
  const trials = library.profiles
    .filter(({ profile }) => wanted === undefined || profile === wanted)
    .flatMap(({ profile, origin, samples }) =>
      samples.flatMap((ready): readonly ProfileTrial[] => {
        const segment = slipOfSample(ready, profile, newDecoder);
        if (segment === undefined) return [];
        const slip = { name: ready.sample.name, segment, expect: ready.sample.expect };
        return [tryProfile(profile, rivalsOf(library.profiles, origin), slip)];
      }),
    );
  return { faults, trials };
}

/** A shipped profile is tried among those that ship: that a store's own takes its slips is what the store wants. */
function rivalsOf(all: readonly LibraryProfile[], origin: LibraryProfile["origin"]): readonly Profile[] {
  return all.filter((other) => origin === "store" || other.origin === "shipped").map(({ profile }) => profile);
}

interface Wanted extends ProfileLibrary {
  /** The profile asked for; all when absent. */
  readonly wanted?: Profile;
}

function withNamedFile(library: ProfileLibrary, named: string | undefined): Wanted {
  if (named === undefined) return library;
  const known = library.profiles.find(({ profile }) => profile.name === named);
  if (known !== undefined) return { ...library, faults: [], wanted: known.profile };
  if (!isProfileFile(named)) throw unknownProfile(named, library);
  const read = readProfileFile({ name: named, folder: dirname(named), text: readFileSync(named, "utf8") });
  if (!read.ok) return { profiles: [], faults: read.faults };
  const others = library.profiles.filter(({ profile }) => profile.name !== read.value.profile.name);
  return { profiles: [{ ...read.value, origin: "store" }, ...others], faults: [], wanted: read.value.profile };
}

const isProfileFile = (named: string): boolean => /\.ya?ml$/.test(named) && existsSync(named);

function unknownProfile(named: string, { profiles, faults }: ProfileLibrary): StoreloopError {
  const names = profiles.map(({ profile }) => profile.name).join(", ");
  const unread = faults.length > 0;
  return new StoreloopError("PROFILE_UNKNOWN", {
    "zh-CN": `没有名为“${named}”的版式或版式文件;现有:${names}${unread ? ";有的读不了,见 storeloop config validate" : ""}`,
    en: `there is no profile and no profile file '${named}'; there are: ${names}${unread ? "; some could not be read, see `storeloop config validate`" : ""}`,
  });
}

function captureTrials({ profiles, wanted }: Wanted, { captures, charset }: TrialRequest): readonly ProfileTrial[] {
  checkCharset(charset);
  const all = profiles.map(({ profile }) => profile);
  const newDecoder = sampleDecoders()(charset);
  return captures.flatMap(({ name, bytes }) => {
    const segments = slipsOfCapture(bytes, wanted === undefined ? all : [wanted], newDecoder);
    return segments.map((segment, index) => {
      const slip = { name: segments.length === 1 ? name : `${name} #${index + 1}`, segment };
      return tryProfile(wanted ?? selectProfile(all, segment.lines.map(readable)), all, slip);
    });
  });
}
