import { blockStarts } from "./blocks.ts";
import { selectProfile, type Profile } from "./profile.ts";
import type { Segment } from "./splitter.ts";
import { splitUnprofiled } from "./unprofiled.ts";

/**
 * The slips in a segment: profiles name the heading at which the splitter parts them; where no profile reads a segment, its structure
 * tells. What belongs to one slip is answered as it is.
 */
export function slipsWithin(segment: Segment, profiles: readonly Profile[]): readonly Segment[] {
  // Most segments have no feed within and need no look at the profiles.
  if (segment.blank || !hasBlocks(segment) || selectProfile(profiles, segment.lines) !== undefined) return [segment];
  return splitUnprofiled(segment);
}

/** Whether a segment has a feed with print on both sides, so that more than one slip may be in it. */
function hasBlocks({ events }: Segment): boolean {
  return blockStarts(events).length > 1;
}
