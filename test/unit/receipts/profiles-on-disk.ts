import { readdirSync, readFileSync } from "node:fs";
import { loadProfiles } from "../../../agent/receipts/load-profiles.ts";
import type { Profile } from "../../../agent/receipts/profile.ts";

const folder = new URL("../../../config/profiles/", import.meta.url);

/** The profiles that ship. */
export function shippedProfiles(): readonly Profile[] {
  const names = readdirSync(folder).filter((name) => name.endsWith(".yaml"));
  return loadProfiles(names.map((name) => ({ name, text: readFileSync(new URL(name, folder), "utf8") })));
}
