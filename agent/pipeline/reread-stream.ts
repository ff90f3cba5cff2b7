import type { TransactionEntry } from "../core/entry.ts";
import type { EntryId } from "../core/ids.ts";
import type { Ledger } from "../core/ledger.ts";
import type { NewSlipReader, Slip, SlipReader } from "../core/slip.ts";

/** A recorded slip whose bytes are to be read again. */
export interface Region {
  readonly entryId: EntryId;
  /** Its current reading: where its bytes stand, and how it ended. */
  readonly reading: TransactionEntry;
}

/** What its bytes say now; nothing when they are no longer kept. */
export interface Reread {
  readonly region: Region;
  readonly slips: readonly Slip[] | undefined;
}

/** Bytes fed in one go, so that other work gets its turn. */
const piece = 65_536;

/**
 * Reads one stream again from its first byte, slip by slip in the order of their bytes. The settings that earlier bytes made (character
 * tables) hold as they did on the paper. A slip that ended with the heading of the next one, and not with a cut, is known only when that
 * one is read: each call may answer for slips before.
 */
export class RereadStream {
  readonly #ledger: Pick<Ledger, "captured">;
  readonly #newReader: NewSlipReader;
  #reader: SlipReader | undefined;
  #offset = 0;
  #open: { readonly region: Region; readonly slips: readonly Slip[] } | undefined;

  constructor(ledger: Pick<Ledger, "captured">, newReader: NewSlipReader) {
    this.#ledger = ledger;
    this.#newReader = newReader;
  }

  /** Reads the next region. `turn` is awaited between pieces of a long stretch. */
  async read(region: Region, turn: () => Promise<void>): Promise<readonly Reread[]> {
    const { streamId, startOffset, endOffset } = region.reading;
    const done = startOffset < this.#offset ? this.end() : [];
    if (this.#ledger.captured(streamId, startOffset, endOffset).length < endOffset - startOffset) {
      return [...done, ...this.end(), { region, slips: undefined }];
    }
    if (this.#reader === undefined || startOffset < this.#offset) this.#restart(region.reading, 0);
    const slips = [...(await this.#feed(region, startOffset, turn)), ...(await this.#feed(region, endOffset, turn))];
    const before = this.#open?.region;
    const answered = [...done, ...this.#settle(slips)];
    const rest = before === undefined ? slips : slips.filter((slip) => !overlaps(slip, before));
    this.#open = { region, slips: within(region, [...rest, ...(this.#reader?.idle() ?? [])]) };
    return region.reading.status === "truncated" ? [...answered, ...this.end()] : answered;
  }

  /** Nothing follows: answers for the slip that is open. */
  end(): readonly Reread[] {
    return this.#settle(this.#reader?.end() ?? []);
  }

  /** Answers for the open region, to which some of these slips may belong. */
  #settle(slips: readonly Slip[]): readonly Reread[] {
    const open = this.#open;
    this.#open = undefined;
    if (open === undefined) return [];
    return [{ region: open.region, slips: [...open.slips, ...within(open.region, slips)] }];
  }

  /** Goes on at a later byte, with what the printer had been told before unknown. */
  #restart({ deviceId, laneId }: TransactionEntry, startOffset: number): void {
    this.#offset = startOffset;
    this.#reader = this.#newReader({ deviceId, laneId, startOffset });
  }

  async #feed({ reading }: Region, upTo: number, turn: () => Promise<void>): Promise<readonly Slip[]> {
    const slips: Slip[] = [];
    while (this.#offset < upTo) {
      const to = Math.min(upTo, this.#offset + piece);
      const bytes = this.#ledger.captured(reading.streamId, this.#offset, to);
      if (bytes.length < to - this.#offset) {
        this.#restart(reading, upTo);
        return slips;
      }
      slips.push(...(this.#reader?.feed(bytes) ?? []));
      this.#offset = to;
      await turn();
    }
    return slips;
  }
}

/** The slips with something on them that stand in a region. */
function within(region: Region, slips: readonly Slip[]): readonly Slip[] {
  return slips.filter((slip) => slip.transaction !== undefined && overlaps(slip, region));
}

function overlaps({ startOffset, endOffset }: Slip, { reading }: Region): boolean {
  return startOffset < reading.endOffset && endOffset > reading.startOffset;
}
