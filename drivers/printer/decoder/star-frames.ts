import { by, computed, fixed, impossible, word, type Frame } from "./frame.ts";
import { imageRecords } from "./special-frames.ts";

/** `ESC GS S m xL xH yL yH 0`: a raster of x bytes by y rows. */
export const starRaster: Frame = computed(9, (bytes, at) => 9 + word(bytes, at + 4) * word(bytes, at + 6));

/** `ESC p`: two-byte text on. A switch or pulse number behind it makes it the drawer kick of ESC/POS. */
export const kanjiMode: Frame = by(2, (n) => (n <= 1 ? () => impossible : fixed(2)));

/** `ESC FS q n [xL xH yL yH d...]...`: logos, one record each. */
export const starLogos: Frame = (bytes, at, end) => imageRecords(bytes, at, at + 3, end);

/** Total length of `ESC GS P n ...`, the page mode of StarPRNT, where it is not 4. */
const pageLengths: Readonly<Record<string, Frame>> = {
  "2": fixed(5),
  "3": fixed(12),
  "4": fixed(6),
  "5": fixed(6),
};

/** `ESC GS P n ...`: page mode. */
export const starPages: Frame = by(3, (n) => pageLengths[String.fromCharCode(n)] ?? fixed(4));
