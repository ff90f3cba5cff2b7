import { createRequire } from "node:module";
import type { Transaction } from "../core/transaction.ts";
import type * as Profile from "./generic/generic-profile.ts";
import type * as Headings from "./generic/split-at-headings.ts";
import type { Segment } from "./splitter.ts";

const load = createRequire(import.meta.url);

/** Loaded when the first slip needs it: the vocabulary takes several megabytes, which a store whose profiles fit never pays (ADR 0006). */
function profile(): typeof Profile {
  return load("./generic/generic-profile.ts") as typeof Profile;
}

function headings(): typeof Headings {
  return load("./generic/split-at-headings.ts") as typeof Headings;
}

/** Reads a slip that no profile fits. See `generic/generic-profile.ts`. */
export function readUnprofiled(segment: Segment, options: Profile.GenericOptions): Transaction {
  return profile().readGeneric(segment, options);
}

/** Whether such a slip is all there, as far as its own words and figures tell. */
export function isWholeUnprofiled(segment: Segment): boolean {
  return profile().isWholeGeneric(segment);
}

/** Parts slips that no cut separates. See `generic/split-at-headings.ts`. */
export function splitUnprofiled(segment: Segment): readonly Segment[] {
  return headings().splitAtHeadings(segment);
}
