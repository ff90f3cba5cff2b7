import type { Evidence } from "./entry.ts";
import type { BleSighting, NfcTap, Scan } from "./observation.ts";
import type { ScannedCode } from "./scanned-code.ts";

/** Turns what devices read into evidence: tokens with their tier. Raw identifiers end here. Pure but for what it remembers of proofs. */
export interface Identification {
  /** The strongest first. A proof counts once: the same tap asked about twice is a replay the second time. */
  tap(tap: NfcTap): readonly Evidence[];
  /** Empty for codes that name nothing a store could know again: articles, payments, invoices. */
  scan(code: ScannedCode, via: Scan["via"]): readonly Evidence[];
  sighting(sighting: BleSighting): readonly Evidence[];
}
