import { existsSync, readFileSync } from "node:fs";

const folder = new URL("../../../../shared/vectors/", import.meta.url);

/** Published vectors that do not come with the source: one JSON file, or why its tests are skipped. */
export function publishedVectors(file: string): { readonly vectors: unknown; readonly skipped: string } {
  const url = new URL(file, folder);
  if (!existsSync(url)) return { vectors: undefined, skipped: ` (skipped: ../shared/vectors/${file} is absent)` };
  return { vectors: JSON.parse(readFileSync(url, "utf8")) as unknown, skipped: "" };
}

/** Bytes written in hexadecimal. */
export function hex(digits: string): Buffer {
  return Buffer.from(digits, "hex");
}
