import { usage } from "./usages.ts";

/** Where the tracks of a stripe reader are, by extended usages. */
export interface TrackUsages {
  readonly track: 1 | 2 | 3;
  readonly length: number;
  readonly data: number;
  /** Bit 0 set: the track could not be decoded. */
  readonly status?: number;
}

/** What is peculiar to one maker's devices. */
export interface VendorLayout {
  readonly vendor: string;
  /** USB vendor ids. */
  readonly vendorIds: readonly number[];
  /** A feature report without which some models stay silent in HID-POS mode: id, then payload. Sent only where the descriptor has it. */
  readonly wake?: { readonly reportId: number; readonly payload: readonly number[] };
  /** A field that names the symbology in the maker's own letters, for when there is no AIM identifier. */
  readonly symbology?: { readonly field: number; readonly identifiers: Readonly<Record<string, string>> };
  /** Stripe readers on a page of the maker's own. */
  readonly tracks?: readonly TrackUsages[];
}

const honeywellPage = 0xff66;
const magtekPage = 0xff00;

/** Code identifiers of Honeywell (user guides, "Symbology Charts") as symbology identifiers of ISO/IEC 15424. */
const honeywellIdentifiers: Readonly<Record<string, string>> = {
  a: "]F0", // Codabar
  b: "]A0", // Code 39
  c: "]E0", // UPC-A
  d: "]E0", // EAN-13
  D: "]E4", // EAN-8
  e: "]I0", // Interleaved 2 of 5
  E: "]E0", // UPC-E
  i: "]G0", // Code 93
  I: "]C1", // GS1-128
  j: "]C0", // Code 128
  r: "]L0", // PDF417
  s: "]Q0", // QR Code
  w: "]d0", // Data Matrix
  y: "]e0", // GS1 DataBar
  "{": "]e0", // GS1 DataBar Limited
  "}": "]e0", // GS1 DataBar Expanded
  z: "]z0", // Aztec Code
};

/**
 * What makers do differently, as data. Zebra (0x05e0), Datalogic (0x05f9) and others keep to the usage tables in HID-POS mode and need
 * no row; where the usages are missing, the common form of the reports is tried (`plainLayout` in scanner-layout.ts).
 */
const vendorLayouts: readonly VendorLayout[] = [
  {
    vendor: "Honeywell",
    vendorIds: [0x0c2e, 0x23d0, 0x0536],
    wake: { reportId: 254, payload: [1] },
    symbology: { field: usage(honeywellPage, 0x04), identifiers: honeywellIdentifiers },
  },
  {
    // USB HID Swipe Reader, Technical Reference Manual 99875191, section 4.
    vendor: "MagTek",
    vendorIds: [0x0801],
    tracks: [1, 2, 3].map((track) => ({
      track: track as 1 | 2 | 3,
      length: usage(magtekPage, 0x27 + track),
      data: usage(magtekPage, 0x2f + track),
      status: usage(magtekPage, 0x1f + track),
    })),
  },
];

/** The row of a maker, if it has one. */
export function vendorLayout(vendorId: number): VendorLayout | undefined {
  return vendorLayouts.find(({ vendorIds }) => vendorIds.includes(vendorId));
}

/** The stripe reader usages of the tables themselves (HID Point of Sale Usage Tables 1.02, magnetic stripe reader page). */
export const standardTracks: readonly TrackUsages[] = [1, 2, 3].map((track) => ({
  track: track as 1 | 2 | 3,
  length: usage(0x8e, 0x10 + track),
  data: usage(0x8e, 0x20 + track),
}));
