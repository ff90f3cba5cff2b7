import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { isBlack, type Bitmap } from "../../../../agent/core/paper.ts";
import { readImage, storedImagesOf } from "../../../../drivers/printer/raster.ts";
import { bitmapOf, columnBytes, drawn, rowBytes } from "../../../support/bitmaps.ts";

/** An arrow that points up and right: no turn and no mirror of it is itself. */
const arrow = bitmapOf([
  "..######",
  "...#####",
  "....####",
  "...#####",
  "..###.##",
  ".###...#",
  "###.....",
  "##......",
]);

const words = (...values: readonly number[]): number[] => values.flatMap((value) => [value & 0xff, value >> 8]);

/** The same picture in each command that prints or stores one. */
const commands: Readonly<Record<string, (bitmap: Bitmap) => readonly number[]>> = {
  "GS v 0": (b) => [0x1d, 0x76, 0x30, 0, ...words(b.width / 8, b.height), ...rowBytes(b)],
  "GS Q 0": (b) => [0x1d, 0x51, 0x30, 0, ...words(b.width, b.height / 8), ...columnBytes(b)],
  "GS *": (b) => [0x1d, 0x2a, b.width / 8, b.height / 8, ...columnBytes(b)],
  "GS ( L fn 112": (b) => graphics([0x30, 112, 48, 1, 1, 49, ...words(b.width, b.height), ...rowBytes(b)]),
  "GS ( L fn 113": (b) => graphics([0x30, 113, 48, 1, 1, 49, ...words(b.width, b.height), ...columnBytes(b)]),
  "GS ( L fn 67": (b) => graphics([0x30, 67, 48, 65, 66, 1, ...words(b.width, b.height), 49, ...rowBytes(b)]),
  "GS ( L fn 84": (b) => graphics([0x30, 84, 48, 65, 66, 1, ...words(b.width, b.height), 49, ...columnBytes(b)]),
  "GS 8 L fn 112": (b) => {
    const body = [0x30, 112, 48, 1, 1, 49, ...words(b.width, b.height), ...rowBytes(b)];
    return [0x1d, 0x38, 0x4c, ...words(body.length, 0), ...body];
  },
  "ESC GS S": (b) => [0x1b, 0x1d, 0x53, 1, ...words(b.width / 8, b.height), 0, ...rowBytes(b)],
};

function graphics(body: readonly number[]): number[] {
  return [0x1d, 0x28, 0x4c, ...words(body.length), ...body];
}

describe("readImage", () => {
  test.each(Object.entries(commands))("reads the dots of %s as they were sent", (_name, command) => {
    const image = readImage(Uint8Array.from(command(arrow)));
    expect(drawn(image!.bitmap)).toEqual(drawn(arrow));
    expect(image).toMatchObject({ scaleX: 1, scaleY: 1 });
  });

  test.each(Object.entries(commands))("reads any picture back from %s", (_name, command) => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 12 }),
        fc.integer({ min: 1, max: 6 }),
        fc.infiniteStream(fc.boolean()),
        (x, y, dots) => {
          const rows = Array.from({ length: y * 8 }, () =>
            Array.from({ length: x * 8 }, () => (dots.next().value ? "#" : ".")).join(""),
          );
          expect(drawn(readImage(Uint8Array.from(command(bitmapOf(rows))))!.bitmap)).toEqual(rows);
        },
      ),
      { numRuns: 30 },
    );
  });

  test.each([
    [0, 1, 2, 3],
    [1, 1, 1, 3],
    [32, 3, 2, 1],
    [33, 3, 1, 1],
  ])("ESC * mode %i has %i bytes a column and dots of %i by %i", (mode, bytes, scaleX, scaleY) => {
    const image = readImage(
      Uint8Array.from([0x1b, 0x2a, mode, 2, 0, ...Array.from({ length: 2 * bytes }, () => 0x80)]),
    );
    expect(image).toMatchObject({ scaleX, scaleY, bitmap: { width: 2, height: bytes * 8 } });
    expect(drawn(image!.bitmap).slice(0, 2)).toEqual(["##", ".."]);
  });

  test("bits of the mode of GS v 0 double width and height", () => {
    const scales = [0, 1, 2, 3, 48, 51].map((mode) =>
      readImage(Uint8Array.from([0x1d, 0x76, 0x30, mode, 1, 0, 1, 0, 0xff])),
    );
    expect(scales.map((image) => [image?.scaleX, image?.scaleY])).toEqual([
      [1, 1],
      [2, 1],
      [1, 2],
      [2, 2],
      [1, 1],
      [2, 2],
    ]);
  });

  test("finds each of several stored pictures", () => {
    const one = [...words(1, 1), ...columnBytes(arrow)];
    const images = storedImagesOf(Uint8Array.from([0x1c, 0x71, 2, ...one, ...one]), 2);
    expect(images.map(({ bitmap }) => drawn(bitmap))).toEqual([drawn(arrow), drawn(arrow)]);
  });

  test("a picture that broke off is as tall as what came of it", () => {
    const image = readImage(Uint8Array.from([0x1d, 0x76, 0x30, 0, ...words(2, 1000), 0xff, 0x00, 0x80]));
    expect(drawn(image!.bitmap)).toEqual(["########........", "#..............."]);
  });

  test("ESC * r is Star's raster mode and no picture", () => {
    expect(readImage(Uint8Array.from([0x1b, 0x2a, 0x72, 0x50, 0x30, 0]))).toBeUndefined();
  });

  test("never throws, and takes memory for the data there is, not for what is announced", () => {
    const leads = fc.constantFrom(
      [0x1b, 0x2a],
      [0x1d, 0x76, 0x30],
      [0x1d, 0x28, 0x4c],
      [0x1d, 0x38, 0x4c],
      [0x1d, 0x2a],
      [0x1d, 0x51],
      [0x1b, 0x58],
      [0x1b, 0x6b],
      [0x1b, 0x1d, 0x53],
    );
    fc.assert(
      fc.property(leads, fc.uint8Array({ maxLength: 300 }), (lead, rest) => {
        const command = Uint8Array.from([...lead, ...rest]);
        const images = [readImage(command), ...storedImagesOf(command, 2)].filter((image) => image !== undefined);
        for (const { bitmap } of images) {
          expect(bitmap.bits.length).toBe(Math.ceil(bitmap.width / 8) * bitmap.height);
          // A column image is padded to whole bytes across: at most seven columns more than there are.
          expect(bitmap.bits.length).toBeLessThanOrEqual(8 * Math.max(command.length, 64 * 8 * 255));
        }
      }),
    );
  });

  test("outside of a bitmap nothing is black", () => {
    const full = bitmapOf(["###"]);
    expect([isBlack(full, -1, 0), isBlack(full, 3, 0), isBlack(full, 0, 1), isBlack(full, 2, 0)]).toEqual([
      false,
      false,
      false,
      true,
    ]);
  });
});
