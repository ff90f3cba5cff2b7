/** A capability container: what a Type 2 tag says of itself in page 3 (NFC Forum Type 2 Tag 1.2, 6.1). */
export interface CapabilityContainer {
  /** Bytes of the data area, which begins at page 4. */
  readonly dataAreaBytes: number;
}

/** Where the NDEF message of a tag stands, as far as the bytes read so far tell. */
export type NdefPlace =
  /** At these offsets of the data area. */
  | { readonly state: "found"; readonly start: number; readonly end: number }
  /** The data area holds none, or its TLV blocks are broken. */
  | { readonly state: "none" }
  /** Not decided before this many bytes of the data area are at hand. */
  | { readonly state: "more"; readonly needed: number };

/** TLV block tags (Type 2 Tag 1.2, 2.3). Only NULL and Terminator come without a length. */
const tlv = { null: 0x00, ndef: 0x03, terminator: 0xfe } as const;

/** Reads the capability container; `undefined` when the tag is not formatted for NDEF or speaks another major version. */
export function parseCapabilityContainer(page3: Uint8Array): CapabilityContainer | undefined {
  const [magic, version, size] = page3;
  if (magic !== 0xe1 || version === undefined || version >> 4 !== 1 || size === undefined || size === 0)
    return undefined;
  return { dataAreaBytes: size * 8 };
}

/** Finds the first NDEF message TLV in the data area (Type 2 Tag 1.2, 2.3), given its first bytes. */
export function locateNdef(area: Uint8Array, dataAreaBytes: number): NdefPlace {
  let at = 0;
  while (at < dataAreaBytes) {
    const tag = area[at];
    if (tag === undefined) return { state: "more", needed: Math.min(at + 2, dataAreaBytes) };
    if (tag === tlv.terminator) return { state: "none" };
    if (tag === tlv.null) {
      at += 1;
      continue;
    }
    const value = valueOf(area, at);
    if (value === undefined) {
      // A length that the end of the area cuts off will not come.
      const needed = Math.min(at + 4, dataAreaBytes);
      return needed > area.length ? { state: "more", needed } : { state: "none" };
    }
    if (value.end > dataAreaBytes) return { state: "none" };
    if (tag === tlv.ndef) {
      return value.end <= area.length ? { state: "found", ...value } : { state: "more", needed: value.end };
    }
    at = value.end;
  }
  return { state: "none" };
}

/** The length field is one byte, or FF and two bytes (Type 2 Tag 1.2, 2.3). */
function valueOf(area: Uint8Array, at: number): { start: number; end: number } | undefined {
  const short = area[at + 1];
  if (short === undefined) return undefined;
  if (short !== 0xff) return { start: at + 2, end: at + 2 + short };
  const [high, low] = [area[at + 2], area[at + 3]];
  if (high === undefined || low === undefined) return undefined;
  return { start: at + 4, end: at + 4 + high * 256 + low };
}
