import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** Where the published vectors are, when they are at hand. */
const folder = join(import.meta.dirname, "../../../../../../shared/vectors");

/** Whether the published vectors are at hand. */
export const vectorsAtHand = existsSync(folder);

/** To put after the name of a suite that needs them. */
export const withoutVectors = vectorsAtHand ? "" : " (skipped: no ../shared/vectors)";

/** A file of vectors; empty when they are not at hand. */
export function vectors(name: string): unknown {
  return JSON.parse(vectorsAtHand ? readFileSync(join(folder, name), "utf8") : "{}");
}

/** Bytes of hexadecimal text. */
export function hex(text: string): Buffer {
  return Buffer.from(text, "hex");
}
