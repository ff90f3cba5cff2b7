/** One data object (BER-TLV, ISO/IEC 8825-1 as ISO/IEC 7816-4, 6.3 and EMV 4.3 Book 3, Annex B narrow it). */
export interface Tlv {
  /** The whole tag as a number, e.g. 0x84, 0xbf0c. */
  readonly tag: number;
  readonly value: Uint8Array;
  /** What a constructed object holds. */
  readonly children: readonly Tlv[];
}

/** A payment environment is five deep; no answer to SELECT is deeper than six or has more objects. Tags have at most 3 bytes, lengths at most 2 behind their first. */
const limits = { depth: 6, objects: 64, tagBytes: 3 } as const;

/**
 * Parses a sequence of data objects strictly: tags and lengths inside the bytes, definite lengths, nothing left over, within the limits of
 * an answer to SELECT. Filler bytes `00` between objects are skipped (EMV Book 3, Annex B.1). `undefined` for anything else. Never throws.
 */
export function parseTlv(bytes: Uint8Array): readonly Tlv[] | undefined {
  return parse(bytes, 1, { left: limits.objects });
}

/** All objects of a tag, wherever they stand. */
export function findTlv(objects: readonly Tlv[], tag: number): readonly Tlv[] {
  return objects.flatMap((object) => [...(object.tag === tag ? [object] : []), ...findTlv(object.children, tag)]);
}

function parse(bytes: Uint8Array, depth: number, budget: { left: number }): readonly Tlv[] | undefined {
  if (depth > limits.depth) return undefined;
  const objects: Tlv[] = [];
  let at = 0;
  while (at < bytes.length) {
    if (bytes[at] === 0x00) {
      at += 1;
      continue;
    }
    budget.left -= 1;
    const head = budget.left < 0 ? undefined : headAt(bytes, at);
    if (!head || head.end > bytes.length) return undefined;
    const value = bytes.subarray(head.start, head.end);
    const children = head.isConstructed ? parse(value, depth + 1, budget) : [];
    if (!children) return undefined;
    objects.push({ tag: head.tag, value, children });
    at = head.end;
  }
  return objects;
}

function headAt(
  bytes: Uint8Array,
  at: number,
): { tag: number; isConstructed: boolean; start: number; end: number } | undefined {
  const first = bytes[at] ?? 0;
  let tag = first;
  let next = at + 1;
  if ((first & 0x1f) === 0x1f) {
    for (let more = true; more; next++) {
      const byte = bytes[next];
      if (byte === undefined || next - at >= limits.tagBytes) return undefined;
      tag = tag * 256 + byte;
      more = (byte & 0x80) !== 0;
    }
  }
  const short = bytes[next];
  const lengthBytes = short === undefined || short < 0x80 ? 0 : short & 0x7f;
  if (short === undefined || short === 0x80 || lengthBytes > 2) return undefined;
  const start = next + 1 + lengthBytes;
  if (start > bytes.length) return undefined;
  const length = lengthBytes === 0 ? short : Buffer.from(bytes.subarray(next + 1, start)).readUIntBE(0, lengthBytes);
  return { tag, isConstructed: (first & 0x20) !== 0, start, end: start + length };
}
