import { doubled, readImage, storedImagesOf, type RasterImage } from "../raster.ts";

/** What a command put on the paper: a picture, or the name of one the printer has and the stream does not. */
export type PrintedImage = RasterImage | { readonly name: string };

const ESC = 0x1b;
const FS = 0x1c;
const GS = 0x1d;

/** More pictures than any printer keeps. */
const maxStored = 256;

/** The printer's memory for pictures: some commands print one, some keep it, some print what was kept. */
export class ImageMemory {
  /** By where the printer keeps it: `GS *`, the print buffer, or a name. */
  readonly #stored = new Map<string, RasterImage>();

  /** Takes one command in full; answers what it printed. */
  take(command: Uint8Array): PrintedImage | undefined {
    const [first = 0, second = 0, third = 0] = command;
    if (first === GS && second === 0x2a) return this.#keep("GS *", readImage(command));
    if (first === GS && second === 0x2f && command.length === 3) return this.#printed("GS *", third);
    if (first === GS && second === 0x28 && third === 0x4c) return this.#graphics(command, command.subarray(5));
    if (first === GS && second === 0x38 && third === 0x4c) return this.#graphics(command, command.subarray(7));
    if (first === FS) return this.#numbered(second, command, 2);
    if (first === ESC && second === FS) return this.#numbered(third, command, 3);
    return readImage(command);
  }

  /** `FS q` and `FS p`, and the same of Star behind an ESC; `at` is where the parameters begin. */
  #numbered(code: number, command: Uint8Array, at: number): PrintedImage | undefined {
    if (code === 0x71) storedImagesOf(command, at).forEach((image, n) => this.#keep(`FS ${n + 1}`, image));
    return code === 0x70 ? this.#printed(`FS ${command[at] ?? 0}`, command[at + 1] ?? 0) : undefined;
  }

  /** `GS ( L` from `m` on. Pictures in non-volatile memory and downloaded ones have a name of two characters. */
  #graphics(command: Uint8Array, body: Uint8Array): PrintedImage | undefined {
    const fn = body[1] ?? 0;
    if (fn === 2 || fn === 50) return this.#stored.get("buffer");
    if (fn === 69 || fn === 85) return this.#named(`${fn === 69 ? "NV" : "RAM"} ${nameIn(body, 2)}`, body);
    if (fn === 112 || fn === 113) return this.#keep("buffer", readImage(command));
    if (fn === 67 || fn === 68) return this.#keep(`NV ${nameIn(body, 3)}`, readImage(command));
    if (fn === 83 || fn === 84) return this.#keep(`RAM ${nameIn(body, 3)}`, readImage(command));
    return undefined;
  }

  #named(name: string, body: Uint8Array): PrintedImage {
    const image = this.#stored.get(name);
    if (image === undefined) return { name };
    return { ...image, scaleX: body[4] === 2 ? 2 : 1, scaleY: body[5] === 2 ? 2 : 1 };
  }

  #printed(name: string, mode: number): PrintedImage {
    const image = this.#stored.get(name);
    return image === undefined ? { name } : doubled(image.bitmap, mode);
  }

  #keep(name: string, image: RasterImage | undefined): undefined {
    if (image !== undefined && (this.#stored.size < maxStored || this.#stored.has(name))) this.#stored.set(name, image);
  }
}

/** Two key codes, as text where they are that. */
function nameIn(body: Uint8Array, at: number): string {
  return [body[at] ?? 0, body[at + 1] ?? 0]
    .map((code) => (code > 0x20 && code < 0x7f ? String.fromCharCode(code) : `#${code}`))
    .join("");
}
