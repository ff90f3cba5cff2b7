import { inflateSync } from "node:zlib";
import type { Bitmap } from "../../agent/core/paper.ts";

/** Reads a PNG of one bit a dot whose rows are not filtered (ISO/IEC 15948); throws on any other. */
export function readPng(png: Buffer): Bitmap {
  if (png.subarray(0, 8).toString("hex") !== "89504e470d0a1a0a") throw new Error("no PNG");
  const chunks = new Map<string, Buffer>();
  for (let at = 8; at < png.length; at += 12 + png.readUInt32BE(at)) {
    chunks.set(png.toString("latin1", at + 4, at + 8), png.subarray(at + 8, at + 8 + png.readUInt32BE(at)));
  }
  const header = chunks.get("IHDR");
  const data = chunks.get("IDAT");
  if (header === undefined || data === undefined || !chunks.has("IEND")) throw new Error("a chunk is missing");
  if (header.subarray(8).toString("hex") !== "0100000000") throw new Error("not one bit of grey a dot");
  const width = header.readUInt32BE(0);
  const height = header.readUInt32BE(4);
  const stride = Math.ceil(width / 8);
  const rows = inflateSync(data);
  const bits = new Uint8Array(stride * height);
  for (let y = 0; y < height; y += 1) {
    if (rows[y * (stride + 1)] !== 0) throw new Error("a row is filtered");
    for (let x = 0; x < stride; x += 1) bits[y * stride + x] = ~(rows[y * (stride + 1) + 1 + x] ?? 0) & 0xff;
  }
  return { width, height, bits };
}
