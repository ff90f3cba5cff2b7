import { endsLine } from "./digit-groups.ts";

/** So many bytes of text with a line end among them are no pixels. */
const minText = 20;

const pixel = 0;
const lineEnd = 2;
/** 1 for a byte of text, 2 for a line end, 0 for what no text has. */
const sorts = Uint8Array.from({ length: 256 }, (_, byte) =>
  endsLine(byte) ? lineEnd : byte >= 0x20 && byte < 0x7f ? 1 : pixel,
);

/**
 * Passes over the pixels of a picture, which are never changed. A picture may have been cut short, and what follows is text again:
 * when the bytes read like lines, the picture is over.
 */
export class PictureWatch {
  #left = 0;
  /** Bytes of text up to here, and whether a line ended among them. */
  #text = 0;
  #lines = false;

  /** Whether pixels are expected. */
  get open(): boolean {
    return this.#left > 0;
  }

  /** `count` bytes of pixels follow. */
  begin(count: number): void {
    this.#left = count;
    this.#text = 0;
    this.#lines = false;
  }

  /** No pixels are expected any more. */
  end(): void {
    this.#left = 0;
  }

  /** Passes over pixels from `at` on and answers how many bytes. */
  pass(bytes: Uint8Array, at: number): number {
    const to = Math.min(bytes.length, at + this.#left);
    let [text, lines] = [this.#text, this.#lines];
    for (let i = at; i < to; i += 1) {
      const sort = sorts[bytes[i] ?? 0] ?? pixel;
      if (sort === pixel) {
        text = 0;
        lines = false;
        continue;
      }
      if (sort === lineEnd) lines = text > 0;
      text += 1;
      if (lines && text >= minText) {
        this.#left = 0;
        return i + 1 - at;
      }
    }
    this.#text = text;
    this.#lines = lines;
    this.#left -= to - at;
    return to - at;
  }
}
