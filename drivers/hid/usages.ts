/** A usage with its page in the upper half, as HID writes an extended usage (Device Class Definition for HID 1.11, 6.2.2.8). */
export function usage(page: number, id: number): number {
  return page * 0x1_0000 + id;
}

/** The page of an extended usage. */
export function pageOf(extended: number): number {
  return Math.floor(extended / 0x1_0000);
}

/** The id of an extended usage on its page. */
export function idOf(extended: number): number {
  return extended % 0x1_0000;
}

/** Usage pages (HID Usage Tables 1.5, section 3; HID Point of Sale Usage Tables 1.02). */
export const pages = {
  genericDesktop: 0x01,
  keyboard: 0x07,
  auxiliaryDisplay: 0x14,
  scanner: 0x8c,
  magneticStripe: 0x8e,
  /** The first of those that makers use as they like. */
  vendorDefined: 0xff00,
} as const;

/** Usages that tell what a device is or what a field of its reports holds. */
export const usages = {
  keyboard: usage(pages.genericDesktop, 0x06),
  byteCount: usage(pages.genericDesktop, 0x3b),
  alphanumericDisplay: usage(pages.auxiliaryDisplay, 0x01),
  decodedData: usage(pages.scanner, 0xfe),
  decodedDataContinued: usage(pages.scanner, 0xff),
  /** The characters of the symbology identifier (ISO/IEC 15424), in order. */
  symbologyIdentifier: [usage(pages.scanner, 0xfb), usage(pages.scanner, 0xfc), usage(pages.scanner, 0xfd)],
} as const;
