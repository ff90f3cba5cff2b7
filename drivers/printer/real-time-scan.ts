import type { StatusRequest } from "../print-line.ts";

const DLE = 0x10;

/** Real-time status: online, nothing wrong, paper there. Bits 1 and 4 are fixed to 1, bits 0 and 7 to 0 (ESC/POS, DLE EOT n). */
const healthy = Uint8Array.of(0x12);

/** Answer to the real-time request to clear the buffer (ESC/POS, DLE DC4, fn = 8). */
const bufferCleared = Uint8Array.of(0x37, 0x25, 0x00);

/** What follows DLE, and what is answered. */
interface Form {
  readonly code: readonly number[];
  readonly reply: Uint8Array;
}

/**
 * DLE EOT 1 to 4: printer, off-line cause, error cause, paper. 7, 8 and 18 take one byte more: ink, slip reader, interface. DLE DC4 8
 * carries a fixed sequence, so that nothing clears the buffer by chance.
 */
const forms: readonly Form[] = [
  ...[1, 2, 3, 4].map((n) => ({ code: [0x04, n], reply: healthy })),
  ...[1, 2].map((a) => ({ code: [0x04, 7, a], reply: healthy })),
  { code: [0x04, 8, 3], reply: healthy },
  ...[1, 2].map((a) => ({ code: [0x04, 18, a], reply: healthy })),
  { code: [0x14, 8, 1, 3, 20, 1, 6, 2, 8], reply: bufferCleared },
];

/**
 * Finds real-time requests between any two bytes, in the middle of other commands and of images too, as a printer does: it looks at each
 * byte as it arrives, before it knows what the byte belongs to (ESC/POS, notes on DLE EOT). Any split into chunks gives the same requests.
 */
export class RealTimeScan {
  /** Bytes after the last DLE, while they may still become a request. */
  #after: number[] | undefined;
  #offset = 0;

  /** Takes the next bytes and answers the requests that end in them. */
  feed(bytes: Uint8Array): readonly StatusRequest[] {
    const found: StatusRequest[] = [];
    for (let at = this.#after === undefined ? next(bytes, 0) : 0; at < bytes.length; at += 1) {
      const form = this.#take(bytes[at] ?? 0);
      if (form !== undefined) found.push({ when: "at-once", endOffset: this.#offset + at + 1, reply: form.reply });
      if (this.#after === undefined) at = next(bytes, at + 1) - 1;
    }
    this.#offset += bytes.length;
    return found;
  }

  #take(byte: number): Form | undefined {
    const after = this.#after;
    after?.push(byte);
    const possible = after === undefined ? [] : forms.filter(({ code }) => after.every((one, i) => code[i] === one));
    const whole = possible.find(({ code }) => code.length === after?.length);
    if (whole !== undefined || possible.length === 0) this.#after = byte === DLE ? [] : undefined;
    return whole;
  }
}

/** Where the next DLE is, or the end. */
function next(bytes: Uint8Array, from: number): number {
  const at = bytes.indexOf(DLE, from);
  return at < 0 ? bytes.length : at;
}
