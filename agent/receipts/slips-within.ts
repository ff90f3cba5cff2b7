import { hasFeeds, splitAtHeadings } from "./generic/split-at-headings.ts";
import { selectProfile, type Profile } from "./profile.ts";
import type { Segment } from "./splitter.ts";

/**
 * The slips in a segment: profiles name the heading at which the splitter parts them; where no profile reads a segment, its structure
 * tells. What belongs to one slip is answered as it is.
 */
export function slipsWithin(segment: Segment, profiles: readonly Profile[]): readonly Segment[] {
  // Most segments have no feed within and need no look at the profiles.
  if (segment.blank || !hasFeeds(segment) || selectProfile(profiles, segment.lines) !== undefined) return [segment];
  return splitAtHeadings(segment);
}
