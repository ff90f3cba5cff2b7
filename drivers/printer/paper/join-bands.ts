import type { Bitmap, PaperImage, PaperItem } from "../../../agent/core/paper.ts";

/** A picture sent in bands of 8 or 24 dots height, a command each, with a line feed between. */
export type Band = Omit<PaperImage, "type"> & { readonly type: "band" };

/** Puts the bands of one picture together again: those of the same width that follow each other. */
export function joinBands(items: readonly (PaperItem | Band)[]): readonly PaperItem[] {
  const joined: PaperItem[] = [];
  let open: Band[] = [];
  const close = (): void => {
    const [first] = open;
    if (first !== undefined)
      joined.push({ ...first, type: "image", bitmap: stacked(open.map(({ bitmap }) => bitmap)) });
    open = [];
  };
  for (const item of items) {
    const last = open.at(-1);
    if (last !== undefined && !(item.type === "band" && fits(last, item))) close();
    if (item.type === "band") open.push(item);
    else joined.push(item);
  }
  close();
  return joined;
}

function fits(above: Band, below: Band): boolean {
  const sameScale = above.scaleX === below.scaleX && above.scaleY === below.scaleY;
  return sameScale && above.align === below.align && above.bitmap.width === below.bitmap.width;
}

function stacked(bitmaps: readonly Bitmap[]): Bitmap {
  const width = bitmaps[0]?.width ?? 0;
  const height = bitmaps.reduce((sum, bitmap) => sum + bitmap.height, 0);
  return { width, height, bits: Buffer.concat(bitmaps.map(({ bits }) => bits)) };
}
