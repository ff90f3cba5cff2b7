import { readFileSync } from "node:fs";
import type { ProfileOperations } from "./cli/profile-operations.ts";
import { StoreloopError } from "./core/errors.ts";
import { proposeFromCaptures } from "./profile-proposal.ts";
import { runTrials } from "./profile-trials.ts";
import { checkProfiles, readLibrary, sampleFaults } from "./profiles-on-disk.ts";

/** What the command line does with profiles, over the files of the store and those that ship. */
export const profileDesk: ProfileOperations = {
  check: async (profilesDir) => checkProfiles(profilesDir),
  list: async (profilesDir) => {
    const { profiles, faults } = readLibrary(profilesDir);
    const failed = new Set(sampleFaults(profiles).map(({ file }) => file));
    return {
      faults,
      profiles: profiles.map(({ profile, origin, file, samples }) => ({
        name: profile.name,
        about: profile.source.about,
        origin,
        file,
        samples: samples.length,
        passed: !failed.has(file),
      })),
    };
  },
  read: async (name, profilesDir) => {
    const { profiles } = readLibrary(profilesDir);
    const found = profiles.find(({ profile }) => profile.name === name);
    if (found !== undefined) return readFileSync(found.file, "utf8");
    const names = profiles.map(({ profile }) => profile.name).join(", ");
    throw new StoreloopError("PROFILE_UNKNOWN", {
      "zh-CN": `没有版式“${name}”;现有:${names}`,
      en: `there is no profile '${name}'; there are: ${names}`,
    });
  },
  test: async (request) => runTrials(request),
  propose: async (request) => proposeFromCaptures(request),
};
