import { digitForm, digitValue, mayBeginDigit, separatorAt, type DigitForm } from "./digit-forms.ts";
import { endsLine, GapReader, noGap, type DigitGroup } from "./digit-groups.ts";
import { maskPairs, withoutDigits } from "./pan-barcode.ts";
import { commandAt, isLead, isStarOnly, undecided } from "./pan-commands.ts";
import { endsLongCharacter, lookBack, TrackRest } from "./pan-context.ts";
import { PictureWatch } from "./pan-picture.ts";
import { DigitChain } from "./pan-windows.ts";

/** 1 for a byte that begins neither a digit nor a command. */
const inert = Uint8Array.from({ length: 256 }, (_, byte) => (isLead(byte) || mayBeginDigit(byte) ? 0 : 1));

/** Masks card numbers in bytes as they come, looking at each byte once. */
export class PanScan {
  /** Whether the bytes are text in ASCII and nothing else. */
  readonly #plain: boolean;
  readonly #chain = new DigitChain();
  readonly #gap = new GapReader();
  readonly #rest = new TrackRest();
  readonly #picture = new PictureWatch();
  /** What was given out and may be looked back at, what is held back, and what has just come. */
  #bytes: Uint8Array = new Uint8Array(0);
  #given = 0;
  #at = 0;
  /** The digits that end where scanning goes on, if any: the next digit belongs to them. */
  #run: DigitGroup | undefined;
  #runForm: DigitForm | undefined;
  /** How many digits the run or the one before the gap has, and whether the gap still holds. */
  #count = 0;
  #gapHolds = false;
  #star = false;

  constructor(plain = false) {
    this.#plain = plain;
  }

  /** Whether anything was masked. */
  get found(): boolean {
    return this.#chain.found;
  }

  /** Takes the next bytes and answers what is decided, masked. The bytes given are not changed. */
  push(chunk: Uint8Array): Uint8Array {
    this.#take(chunk);
    this.#scan();
    const open = this.#run === undefined ? "open" : "growing";
    const held = this.#chain.resolve(this.#bytes, open, this.#given);
    return this.#give(held < 0 ? this.#at : Math.min(held, this.#at));
  }

  /** Answers all that is held back: the line fell silent. What comes later is still read as its continuation. */
  flush(): Uint8Array {
    this.#chain.settle(this.#bytes, this.#given);
    this.#picture.end();
    return this.#give(this.#bytes.length);
  }

  /** Drops what is not needed any more and appends. */
  #take(chunk: Uint8Array): void {
    const first = this.#chain.groups[0]?.start ?? this.#at;
    const from = Math.max(0, Math.min(first, this.#given, this.#at) - lookBack);
    const kept = this.#bytes.length - from;
    const bytes = new Uint8Array(kept + chunk.length);
    bytes.set(this.#bytes.subarray(from));
    bytes.set(chunk, kept);
    this.#bytes = bytes;
    this.#given -= from;
    this.#at -= from;
    this.#chain.shift(from);
  }

  #give(upTo: number): Uint8Array {
    const decided = this.#bytes.slice(this.#given, Math.max(this.#given, upTo));
    this.#given = Math.max(this.#given, upTo);
    return decided;
  }

  #scan(): void {
    const { length } = this.#bytes;
    while (this.#at < length) {
      if (!this.#gapHolds && !this.#picture.open && !this.#rest.open) this.#passInert();
      if (this.#at === length) return;
      const used = this.#step();
      if (used === 0) return;
      this.#at += used;
    }
  }

  /** Passes over bytes that mean nothing where no number is under way. */
  #passInert(): void {
    const bytes = this.#bytes;
    let at = this.#at;
    while (at < bytes.length && inert[bytes[at] ?? 0] === 1) at += 1;
    this.#at = at;
  }

  /** Takes what stands next and answers how many bytes that was; 0 when more are needed. */
  #step(): number {
    if (this.#picture.open) return this.#picture.pass(this.#bytes, this.#at);
    const byte = this.#bytes[this.#at] ?? 0;
    if (this.#rest.open) {
      const masked = this.#rest.take(byte);
      if (masked >= 0) return this.#put(masked);
    }
    if (byte >= 0x30 && byte <= 0x39) return this.#digits(digitForm(this.#bytes, this.#at));
    if (!this.#plain && isLead(byte)) return this.#command();
    if (endsLine(byte)) return this.#between(this.#gap.lineEnd(byte), 1);
    if (!this.#plain && byte >= 0x80) {
      const form = digitForm(this.#bytes, this.#at);
      if (form !== undefined) return this.#digits(form);
    }
    return this.#other(byte);
  }

  #put(masked: number): number {
    if (this.#at >= this.#given) this.#bytes[this.#at] = masked;
    return 1;
  }

  #digits(form: DigitForm | "cut" | undefined): number {
    if (form === "cut" || form === undefined) return 0;
    if (this.#runForm === undefined && endsLongCharacter(this.#bytes, this.#at)) return this.#between(false, 1);
    if (this.#runForm !== form) this.#beginRun(form);
    const width = form.star.length;
    let to = this.#at;
    for (let value = digitValue(form, this.#bytes, to); value >= 0; value = digitValue(form, this.#bytes, to)) {
      const run = this.#run;
      if (run !== undefined && value === 0 && run.zeros === run.count) run.zeros += 1;
      if (run !== undefined) run.count += 1;
      this.#count += 1;
      to += width;
    }
    if (this.#run !== undefined) this.#run.end = to;
    return to - this.#at;
  }

  #beginRun(form: DigitForm): void {
    const joined = this.#runForm !== undefined || this.#gapHolds;
    const gap = joined ? this.#gap.gap() : undefined;
    if (gap === undefined) this.#chain.resolve(this.#bytes, false, this.#given);
    this.#run = this.#chain.add(this.#at, form, gap ?? noGap, gap === undefined ? 0 : this.#count);
    this.#runForm = form;
    this.#count = 0;
    this.#gap.clear();
    this.#gapHolds = true;
  }

  #other(byte: number): number {
    const separator = this.#gapHolds ? separatorAt(this.#bytes, this.#at) : undefined;
    if (separator === "cut") return 0;
    if (separator !== undefined)
      return this.#between(this.#gap.separator(separator.sort, separator.length), separator.length);
    const used = this.#between(false, 1);
    if (this.#chain.lastMasked === this.#at) this.#rest.begin(byte);
    return used;
  }

  /** Something that is no digit: the run is over, and so is the number unless the gap `holds`. */
  #between(holds: boolean, used: number): number {
    this.#run = undefined;
    this.#runForm = undefined;
    if (!holds) {
      this.#gapHolds = false;
      if (this.#chain.groups.length > 0) this.#chain.resolve(this.#bytes, false, this.#given);
    }
    return used;
  }

  #command(): number {
    const span = commandAt(this.#bytes, this.#at, this.#star);
    if (span === undecided) return 0;
    if (isStarOnly(this.#bytes, this.#at)) this.#star = true;
    else if (this.#bytes[this.#at] === 0x1d && span.length > 1) this.#star = false;
    if (span.effect === "style") return this.#between(this.#gapHolds && this.#gap.style(span.length), span.length);
    this.#between(false, 0);
    this.#rest.end();
    if (span.effect === "pairs") this.#maskPairs(this.#at + 4, this.#at + span.length);
    if (span.skip > 0) this.#picture.begin(span.skip);
    return span.length;
  }

  /** What was given out already stays; when that is a part of a card number, no digit of the rest is shown. */
  #maskPairs(from: number, to: number): void {
    const data = this.#bytes.subarray(from, to);
    const masked = maskPairs(data, maskAscii);
    const given = Math.max(0, Math.min(data.length, this.#given - from));
    const known = masked.subarray(0, given).some((byte, i) => byte !== data[i]);
    data.set(known ? masked.subarray(given).map(withoutDigits) : masked.subarray(given), given);
  }
}

/** Masks card numbers in ASCII text that is whole. */
export function maskAscii(text: Uint8Array): Uint8Array {
  const scan = new PanScan(true);
  const [head, tail] = [scan.push(text), scan.flush()];
  if (!scan.found) return text;
  const all = new Uint8Array(text.length);
  all.set(head);
  all.set(tail, head.length);
  return all;
}
