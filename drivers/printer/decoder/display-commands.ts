import { row, rows, type CommandRow } from "./command-row.ts";
import { count16, fixed } from "./frame.ts";
import { displayWindow, userCharacters } from "./special-frames.ts";

const ESC = 0x1b;
const US = 0x1f;

/**
 * The commands of a line display on the same line (`ESC =`), which mean something only while the display is selected. What is not
 * here is text for the display.
 */
export const displayCommands: readonly CommandRow[] = [
  row(ESC, "=", fixed(3), "peripheral"),
  row(ESC, "@", fixed(2), "reset"),
  row(ESC, "t", fixed(3), "code-page"),
  row(ESC, "R", fixed(3), "international"),
  ...rows(ESC, "%?", fixed(3)),
  row(ESC, "&", userCharacters),
  row(ESC, "W", displayWindow),
  ...rows(US, [0x01, 0x02, 0x03, 0x0a, 0x0d, 0x3a, 0x40, 0x42, 0x55], fixed(2)),
  ...rows(US, ",.;CEXrv", fixed(3)),
  row(US, "$", fixed(4), "absolute-position"),
  ...rows(US, "#T^=", fixed(4)),
  row(US, "(", count16(5)),
];
