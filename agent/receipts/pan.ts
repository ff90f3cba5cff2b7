import type { Redactor } from "../core/slip.ts";
import { PanScan, type ScanState } from "./pan-scan.ts";

/**
 * Masks card numbers (PANs) in a stream of print bytes before it is kept: 13 to 19 digits of a real issuer and length with a valid
 * check digit (ISO/IEC 7812-1), whole or in groups, with blanks, hyphens, style commands and a line end between. All digits but the
 * last four become `*`; nothing changes its length, so offsets and framing hold.
 *
 * What stays: runs of more than 19 digits (trade numbers of WeChat and Alipay have 28), article numbers with a valid GTIN check digit
 * (a bare card number of 13 or 14 digits that is also a valid GTIN is taken for one, and so are 12 to 14 digits at the start of a line
 * after a short number at the end of the line before), numbers of no issuer, masked numbers.
 *
 * The result depends on the bytes alone, not on how they were split. What may still be the start of a card number is held back (under
 * 2 KiB, mostly nothing) until the next bytes or `flush` decide. The caller must feed each byte of a stream once, in order, to one
 * redactor: bytes held back at a crash were never kept, and a stream does not go on after a crash.
 */
export class PanRedactor implements Redactor {
  #held: Uint8Array = new Uint8Array(0);
  #state: ScanState = start;

  /** Takes the next bytes and answers what is decided, masked. The bytes given are not changed. */
  push(bytes: Uint8Array): Uint8Array {
    const all = new Uint8Array(this.#held.length + bytes.length);
    all.set(this.#held);
    all.set(bytes, this.#held.length);
    return this.#decide(all, false);
  }

  /** Answers what is held back, taken as the end of the stream. */
  flush(): Uint8Array {
    const rest = this.#decide(this.#held, true);
    this.#state = start;
    return rest;
  }

  #decide(all: Uint8Array, final: boolean): Uint8Array {
    const scan = new PanScan(all, final, this.#state);
    const upTo = scan.run();
    this.#held = all.slice(upTo);
    this.#state = scan.stateAt(upTo);
    return scan.masked.subarray(0, upTo);
  }
}

const start: ScanState = { deadRun: false, before: 0, beforeThat: 0 };

/** Masks card numbers in text, as {@link PanRedactor} does in bytes; full-width digits count as digits. */
export function maskPans(text: string): string {
  const bytes = new Uint8Array(text.length);
  for (let i = 0; i < text.length; i += 1) bytes[i] = narrow(text.charCodeAt(i));
  const scan = new PanScan(bytes, true, start);
  scan.run();
  if (!scan.found) return text;
  return Array.from({ length: text.length }, (_, i) => (scan.masked[i] === bytes[i] ? text[i] : "*")).join("");
}

/** One byte for a UTF-16 unit; what is not in Latin 1 and no full-width digit is just something else. */
function narrow(unit: number): number {
  if (unit >= 0xff10 && unit <= 0xff19) return unit - 0xff10 + 0x30;
  return unit < 0x100 ? unit : 0xff;
}
