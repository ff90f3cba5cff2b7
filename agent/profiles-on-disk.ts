import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { loadProfiles } from "./receipts/load-profiles.ts";
import type { Profile } from "./receipts/profile.ts";

const shippedProfiles = fileURLToPath(new URL("../config/profiles/", import.meta.url));

/** Reads the POS profiles that ship with the program. Throws `PROFILE_INVALID`. */
export function readProfiles(folder: string = shippedProfiles): readonly Profile[] {
  const names = readdirSync(folder).filter((name) => name.endsWith(".yaml"));
  return loadProfiles(names.toSorted().map((name) => ({ name, text: readFileSync(folder + name, "utf8") })));
}
