import { layouts, type LayoutName } from "../../drivers/hid/keyboard/layouts.ts";

function descriptor(hex: string): Uint8Array {
  return Uint8Array.from(Buffer.from(hex.replaceAll(/\s/g, ""), "hex"));
}

/** A boot keyboard (Device Class Definition for HID 1.11, appendix B.1) with all keys, as scanners have it. */
export const keyboardDescriptor = descriptor(
  `05 01 09 06 a1 01 05 07 19 e0 29 e7 15 00 25 01 75 01 95 08 81 02 95 01 75 08 81 01 95 05 75 01 05 08 19 01 29 05 91 02
   95 01 75 03 91 01 95 06 75 08 15 00 26 ff 00 05 07 19 00 2a ff 00 81 00 c0`,
);

/** A magnetic stripe reader by the usage tables (page 0x8E): lengths of the three tracks, then their data. */
export const stripeDescriptor = descriptor(
  `05 8e 09 01 a1 01 15 00 26 ff 00 75 08 95 01 09 11 81 02 09 12 81 02 09 13 81 02 95 4f 09 21 82 02 01 95 28 09 22 82 02 01
   95 6b 09 23 82 02 01 c0`,
);

/** MagTek's own page 0xFF00 (USB HID Swipe Reader, Technical Reference Manual 99875191, "Report descriptor"). */
export const magtekDescriptor = descriptor(
  `06 00 ff 09 01 a1 01 15 00 26 ff 00 75 08 09 20 09 21 09 22 09 28 09 29 09 2a 09 38 95 07 81 02 09 30 95 6e 82 02 01
   09 31 95 6e 82 02 01 09 32 95 6e 82 02 01 09 20 95 18 b2 02 01 c0`,
);

/** A customer display: one alphanumeric display (page 0x14, usage 1) that takes an output report. */
export const displayDescriptor = descriptor("05 14 09 01 a1 01 15 00 26 ff 00 75 08 95 28 09 2b 91 02 c0");

/** A scale (page 0x8D): nothing that storeloop reads. */
export const scaleDescriptor = descriptor("05 8d 09 20 a1 01 15 00 26 ff 00 75 08 95 06 09 40 81 02 c0");

/** The report of {@link stripeDescriptor} for one swipe. */
export function swipeReport(tracks: readonly [string, string, string]): Uint8Array {
  const sizes = [79, 40, 107];
  const lengths = Uint8Array.from(tracks.map((track) => track.length));
  return Buffer.concat([lengths, ...tracks.map((track, index) => padded(track, sizes[index] ?? 0))]);
}

/** The report of {@link magtekDescriptor} for one swipe; a track of `undefined` could not be decoded. */
export function magtekReport(tracks: readonly (string | undefined)[]): Uint8Array {
  const status = Uint8Array.from(tracks.map((track) => (track === undefined ? 1 : 0)));
  const lengths = Uint8Array.from(tracks.map((track) => track?.length ?? 0));
  return Buffer.concat([status, lengths, Uint8Array.of(0), ...tracks.map((track) => padded(track ?? "", 110))]);
}

function padded(text: string, size: number): Uint8Array {
  return Buffer.concat([Buffer.from(text, "latin1"), Buffer.alloc(size)]).subarray(0, size);
}

/** Boot keyboard reports for text in a layout, each key down and up, with enter behind it. Characters the layout lacks are left out. */
export function typedReports(text: string, layout: LayoutName, end: "enter" | "tab" | "none" = "enter"): Uint8Array[] {
  const reports: Uint8Array[] = [];
  const press = (modifiers: number, key: number): void => {
    reports.push(Uint8Array.of(modifiers, 0, key, 0, 0, 0, 0, 0), new Uint8Array(8));
  };
  for (const char of text) {
    if (char === "\u001D") press(0x01, 0x30);
    for (const [key, rows] of layouts[layout].keys) {
      const row = rows.indexOf(char);
      if (row === -1 || (key >= 0x54 && key <= 0x63)) continue;
      press([0, 0x02, 0x40][row] ?? 0, key);
      if (row < 2 && layouts[layout].dead.includes(char)) press(0, 0x2c);
      break;
    }
  }
  if (end !== "none") press(0, end === "enter" ? 0x28 : 0x2b);
  return reports;
}
