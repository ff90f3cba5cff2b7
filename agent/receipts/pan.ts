import type { Redactor } from "../core/slip.ts";
import { cardSign } from "./pan-context.ts";
import { maskAscii, PanScan } from "./pan-scan.ts";

/**
 * Masks card numbers (PANs) in a stream of print bytes before it is kept; docs/privacy.md says which, and which numbers stay. All
 * digits but the last four become stars; nothing changes its length, so offsets and framing hold, and pictures stay as they are.
 *
 * The result depends on the bytes and on where `flush` was called, not on how the bytes were split. What may still be the start of a
 * card number is held back (under 2 KiB, mostly nothing) until the next bytes or `flush` decide. The caller must feed each byte of a
 * stream once, in order, to one redactor: bytes held back at a crash were never kept, and a stream does not go on after a crash.
 */
export class PanRedactor implements Redactor {
  readonly #scan = new PanScan();

  /** Takes the next bytes and answers what is decided, masked. The bytes given are not changed. */
  push(bytes: Uint8Array): Uint8Array {
    return this.#scan.push(bytes);
  }

  /** Answers what is held back, as it is if it is no whole card number; the rest of one is still masked when it comes. */
  flush(): Uint8Array {
    return this.#scan.flush();
  }
}

/** Masks card numbers in the bytes of a whole stream, as {@link PanRedactor} does. */
export function redactPans(bytes: Uint8Array): Uint8Array {
  const scan = new PanScan();
  const [head, tail] = [scan.push(bytes), scan.flush()];
  const all = new Uint8Array(head.length + tail.length);
  all.set(head);
  all.set(tail, head.length);
  return all;
}

/** Masks card numbers in text, as {@link PanRedactor} does in bytes. */
export function maskPans(text: string): string {
  const bytes = new Uint8Array(text.length);
  for (let i = 0; i < text.length; i += 1) bytes[i] = narrow(text.charCodeAt(i));
  const masked = maskAscii(bytes);
  if (masked === bytes) return text;
  return Array.from({ length: text.length }, (_, i) => (masked[i] === bytes[i] ? text[i] : "*")).join("");
}

/** One ASCII byte for a UTF-16 unit: digits, blanks and dashes of any width as such, the rest as something else. */
function narrow(unit: number): number {
  if (unit < 0x7f) return unit;
  if (unit >= 0xff01 && unit <= 0xff5e) return unit - 0xfee0;
  if (unit === 0xa0 || unit === 0x3000 || unit === 0x202f || (unit >= 0x2000 && unit <= 0x200b)) return 0x20;
  if (unit === 0xad || unit === 0x2212 || (unit >= 0x2010 && unit <= 0x2015)) return 0x2d;
  if (unit === 0xb7 || unit === 0x30fb) return 0x2e;
  return unit === 0x5361 ? cardSign : 0x7f;
}
