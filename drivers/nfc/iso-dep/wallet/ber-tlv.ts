/** Data objects by tag: tag bytes read as one number, e.g. `0x9f27`. */
export type DataObjects = ReadonlyMap<number, Uint8Array>;

/** More than any answer of 256 bytes of which we understand anything. */
const maxObjects = 64;

interface Place {
  readonly value: number;
  readonly next: number;
}

/**
 * Reads one level of BER-TLV (ISO/IEC 7816-4, 5.2.2) strictly: tags of up to three bytes, definite lengths of up to two bytes, each
 * value inside the bytes, no tag twice, nothing left over, at most 64 objects. `undefined` for anything else; never throws.
 */
export function parseTlv(bytes: Uint8Array): DataObjects | undefined {
  const objects = new Map<number, Uint8Array>();
  for (let at = 0; at < bytes.length;) {
    const tag = readTag(bytes, at);
    const length = tag && readLength(bytes, tag.next);
    if (!tag || !length || objects.has(tag.value) || objects.size === maxObjects) return undefined;
    const end = length.next + length.value;
    if (end > bytes.length) return undefined;
    objects.set(tag.value, bytes.subarray(length.next, end));
    at = end;
  }
  return objects;
}

/** Encodes one data object with the shortest length. Throws a RangeError beyond 65535 bytes. */
export function encodeTlv(tag: number, value: Uint8Array): Uint8Array {
  const digits = tag.toString(16);
  const { length } = value;
  if (length > 0xffff) throw new RangeError("a data object holds 65535 bytes");
  const prefix = length < 0x80 ? [length] : length < 0x100 ? [0x81, length] : [0x82, length >> 8, length & 0xff];
  return Buffer.concat([
    Buffer.from(digits.padStart(digits.length + (digits.length % 2), "0"), "hex"),
    Buffer.of(...prefix),
    value,
  ]);
}

/** Low five bits set in the first byte: more bytes follow, the last of them without its top bit (ISO/IEC 7816-4, 5.2.2.1). */
function readTag(bytes: Uint8Array, at: number): Place | undefined {
  let value = bytes[at] ?? 0;
  if (value === 0) return undefined;
  let next = at + 1;
  for (let isLast = (value & 0x1f) !== 0x1f; !isLast; next++) {
    const byte = bytes[next];
    if (byte === undefined || next - at > 2) return undefined;
    value = value * 0x100 + byte;
    isLast = (byte & 0x80) === 0;
  }
  return { value, next };
}

/** One byte below 128, or `81` and one byte, or `82` and two (ISO/IEC 7816-4, 5.2.2.2). */
function readLength(bytes: Uint8Array, at: number): Place | undefined {
  const first = bytes[at];
  if (first === undefined) return undefined;
  if (first < 0x80) return { value: first, next: at + 1 };
  const count = first - 0x80;
  if (count < 1 || count > 2 || at + count >= bytes.length) return undefined;
  const value = Buffer.from(bytes.subarray(at + 1, at + 1 + count)).readUIntBE(0, count);
  return { value, next: at + 1 + count };
}
