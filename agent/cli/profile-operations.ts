import type { Locale } from "../core/errors.ts";
import type { FileFault } from "../core/file-fault.ts";
import type { ProfileTrial } from "../core/profile-trial.ts";

/** What came of reading all profiles and trying their samples. */
export interface CheckedProfiles {
  readonly names: readonly string[];
  readonly faults: readonly FileFault[];
}

/** A profile in a list. */
export interface ProfileSummary {
  readonly name: string;
  readonly about: string;
  readonly origin: "store" | "shipped";
  readonly file: string;
  readonly samples: number;
  /** Whether all its samples pass. */
  readonly passed: boolean;
}

/** A file of captured bytes. */
export interface Capture {
  /** As it is shown. */
  readonly name: string;
  readonly bytes: Uint8Array;
}

/** What is to be tried. */
export interface ProfileTestRequest {
  /** The name of a profile, or a file that is one; all profiles when absent. */
  readonly profile?: string;
  /** Slips to try instead of the samples. */
  readonly captures: readonly Capture[];
  /** Encoding of the captures until they select one. */
  readonly charset?: string;
  /** Folder of the store's own profiles. */
  readonly profilesDir?: string;
}

/** What came of it: faults of the files in the way of trying, and the trials. */
export interface ProfileTest {
  readonly faults: readonly FileFault[];
  readonly trials: readonly ProfileTrial[];
}

/** What a new profile is proposed from. */
export interface ProposalRequest {
  readonly captures: readonly Capture[];
  /** Name of the profile. */
  readonly name: string;
  /** Encoding of the captures until they select one. */
  readonly charset?: string;
  /** Folder of the store's own profiles. */
  readonly profilesDir?: string;
  /** Language of the comments in it. */
  readonly locale: Locale;
}

/** A proposed profile and how it does on the captures it was made from. */
export interface Proposal extends ProfileTest {
  /** The file, with comments that say what to check. */
  readonly yaml: string;
  /** Slips that were left out: cut off, or no receipts. */
  readonly leftOut: readonly string[];
  /** Another profile that reads the captures already. */
  readonly knownAs?: string;
}

/** What the command line does with profiles through others. Failures are thrown as storeloop errors. */
export interface ProfileOperations {
  /** Reads all profiles and tries their samples. Throws `FILE_UNREADABLE` for the store's folder. */
  check(profilesDir: string | undefined): Promise<CheckedProfiles>;
  /** All profiles, in the order in which they are asked, and what is wrong with the files of others. */
  list(profilesDir: string | undefined): Promise<{
    readonly profiles: readonly ProfileSummary[];
    readonly faults: readonly FileFault[];
  }>;
  /** The text of a profile. Throws `PROFILE_UNKNOWN`. */
  read(name: string, profilesDir: string | undefined): Promise<string>;
  /** Tries profiles on their samples or on captures. Throws `PROFILE_UNKNOWN`, `FILE_UNREADABLE`. */
  test(request: ProfileTestRequest): Promise<ProfileTest>;
  /** Proposes a profile that reads captures, and tries it on them. Throws `PROFILE_NOT_PROPOSED`. */
  propose(request: ProposalRequest): Promise<Proposal>;
}
