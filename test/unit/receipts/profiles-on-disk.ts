import { readProfiles } from "../../../agent/profiles-on-disk.ts";
import type { Profile } from "../../../agent/receipts/profile.ts";

/** The profiles that ship. */
export function shippedProfiles(): readonly Profile[] {
  return readProfiles();
}
