import type { LaneId } from "../core/ids.ts";
import type { NewPrintDecoder, PrintDecoder, PrintEvent } from "../core/print.ts";
import type { Slip, SlipReader } from "../core/slip.ts";
import { interpretSegment, isWhole } from "./interpret.ts";
import { headerTest, selectProfile, type Profile } from "./profile.ts";
import { slipsWithin } from "./slips-within.ts";
import { Splitter, type Segment } from "./splitter.ts";
import { transactionKey } from "./transaction-key.ts";

/** What reading slips needs. */
export interface SlipReaderParts {
  readonly newDecoder: NewPrintDecoder;
  readonly profiles: readonly Profile[];
  readonly laneId: LaneId;
  /** Stream position of the first byte. */
  readonly startOffset: number;
}

/** Makes a reader of slips: decoder, splitter and profiles in a row. It may be fed again after `end`. */
export function createSlipReader(parts: SlipReaderParts): SlipReader {
  return new ReceiptReader(parts);
}

class ReceiptReader implements SlipReader {
  readonly #parts: SlipReaderParts;
  readonly #splitter: Splitter;
  readonly #decoder: PrintDecoder;
  #offset: number;

  constructor(parts: SlipReaderParts) {
    this.#parts = parts;
    this.#offset = parts.startOffset;
    this.#decoder = parts.newDecoder(parts.startOffset);
    this.#splitter = new Splitter({ startOffset: parts.startOffset, isHeader: headerTest(parts.profiles) });
  }

  feed(bytes: Uint8Array): readonly Slip[] {
    this.#offset += bytes.length;
    return this.#slips(this.#decoder.feed(bytes));
  }

  idle(): readonly Slip[] {
    const { startOffset } = this.#splitter;
    if (this.#offset <= startOffset) return [];
    const open = this.#splitter.peek("idle", this.#offset);
    // Of several slips the last one tells whether more is to come.
    const last = slipsWithin(open, this.#parts.profiles).at(-1) ?? open;
    const profile = selectProfile(this.#parts.profiles, last.lines);
    return !open.blank && isWhole(last, profile) ? this.#finish("idle") : [];
  }

  end(how: "closed" | "lost" = "closed"): readonly Slip[] {
    return this.#finish(how);
  }

  #finish(end: "idle" | "closed" | "lost"): readonly Slip[] {
    const slips = this.#slips(this.#decoder.end());
    const last = this.#splitter.flush(end, this.#offset);
    return last === undefined ? slips : [...slips, ...this.#slipsOf(last)];
  }

  #slips(events: readonly PrintEvent[]): readonly Slip[] {
    return this.#splitter.feed(events).flatMap((segment) => this.#slipsOf(segment));
  }

  #slipsOf(segment: Segment): readonly Slip[] {
    return slipsWithin(segment, this.#parts.profiles).map((part) => this.#slip(part));
  }

  #slip(segment: Segment): Slip {
    const { startOffset, endOffset } = segment;
    if (segment.blank) return { startOffset, endOffset };
    const transaction = interpretSegment(segment, this.#parts.profiles);
    const contentKey = transactionKey(transaction, this.#parts.laneId);
    return { startOffset, endOffset, transaction, ...(contentKey === undefined ? {} : { contentKey }) };
  }
}
