/**
 * BER-TLV (ISO/IEC 8825-1) as ISO/IEC 7816-4, 5.2.2, narrows it: definite lengths. No answer that is understood here has more than 64 objects,
 * tags of more than three bytes or lengths of more than two behind their first, and no payment environment is deeper than six.
 */
const limits = { depth: 6, objects: 64, tagBytes: 3, lengthBytes: 2 } as const;

/** One data object with those inside it. */
export interface Tlv {
  /** The whole tag as a number, e.g. 0x84, 0xbf0c. */
  readonly tag: number;
  readonly value: Uint8Array;
  /** What a constructed object holds. */
  readonly children: readonly Tlv[];
}

/** Data objects of one level by tag. */
export type DataObjects = ReadonlyMap<number, Uint8Array>;

/**
 * Reads one level strictly: every tag, length and value inside the bytes, no tag twice, nothing between or behind the objects. `undefined`
 * for anything else, and beyond the limits. Never throws.
 */
export function parseTlv(bytes: Uint8Array): DataObjects | undefined {
  const objects = new Map<number, Uint8Array>();
  for (let at = 0; at < bytes.length;) {
    const object = objectAt(bytes, at);
    if (!object || object.tag === 0 || objects.has(object.tag) || objects.size === limits.objects) return undefined;
    objects.set(object.tag, object.value);
    at = object.end;
  }
  return objects;
}

/**
 * Reads all levels: as strict, but that a tag may come again, and that filler bytes `00` between objects are passed over (EMV 4.3 Book 3,
 * Annex B.1). The limit of objects holds for all levels together. `undefined` for anything else. Never throws.
 */
export function parseTlvTree(bytes: Uint8Array): readonly Tlv[] | undefined {
  return parseLevel(bytes, 1, { left: limits.objects });
}

/** All objects of a tag, wherever they stand. */
export function findTlv(objects: readonly Tlv[], tag: number): readonly Tlv[] {
  return objects.flatMap((object) => [...(object.tag === tag ? [object] : []), ...findTlv(object.children, tag)]);
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

function parseLevel(bytes: Uint8Array, depth: number, budget: { left: number }): readonly Tlv[] | undefined {
  if (depth > limits.depth) return undefined;
  const objects: Tlv[] = [];
  let at = 0;
  while (at < bytes.length) {
    if (bytes[at] === 0x00) {
      at += 1;
      continue;
    }
    budget.left -= 1;
    const object = budget.left < 0 ? undefined : objectAt(bytes, at);
    if (!object) return undefined;
    const { tag, value } = object;
    const children = object.isConstructed ? parseLevel(value, depth + 1, budget) : [];
    if (!children) return undefined;
    objects.push({ tag, value, children });
    at = object.end;
  }
  return objects;
}

interface Place {
  readonly number: number;
  readonly next: number;
}

function objectAt(
  bytes: Uint8Array,
  at: number,
): { tag: number; isConstructed: boolean; value: Uint8Array; end: number } | undefined {
  const tag = tagAt(bytes, at);
  const length = tag && lengthAt(bytes, tag.next);
  if (!tag || !length) return undefined;
  const end = length.next + length.number;
  if (end > bytes.length) return undefined;
  const isConstructed = ((bytes[at] ?? 0) & 0x20) !== 0;
  return { tag: tag.number, isConstructed, value: bytes.subarray(length.next, end), end };
}

/** Low five bits set in the first byte: more bytes follow, the last of them without its top bit (ISO/IEC 7816-4, 5.2.2.1). */
function tagAt(bytes: Uint8Array, at: number): Place | undefined {
  let tag = bytes[at] ?? 0;
  let next = at + 1;
  for (let isLast = (tag & 0x1f) !== 0x1f; !isLast; next++) {
    const byte = bytes[next];
    if (byte === undefined || next - at >= limits.tagBytes) return undefined;
    tag = tag * 0x100 + byte;
    isLast = (byte & 0x80) === 0;
  }
  return { number: tag, next };
}

/** One byte below 128, or `81` and one byte, or `82` and two (ISO/IEC 7816-4, 5.2.2.2). */
function lengthAt(bytes: Uint8Array, at: number): Place | undefined {
  const first = bytes[at];
  if (first === undefined) return undefined;
  if (first < 0x80) return { number: first, next: at + 1 };
  const count = first - 0x80;
  if (count < 1 || count > limits.lengthBytes || at + count >= bytes.length) return undefined;
  const length = Buffer.from(bytes.subarray(at + 1, at + 1 + count)).readUIntBE(0, count);
  return { number: length, next: at + 1 + count };
}
