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
}
