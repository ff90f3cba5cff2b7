import { randomBytes } from "node:crypto";
import { closeSync, fsyncSync, openSync, readFileSync, renameSync, writeSync } from "node:fs";
import { join } from "node:path";
import { StoreloopError } from "./core/errors.ts";
import type { RegionKey } from "./identity/tokens.ts";

/** Length of a region key in bytes: that of the hash it keys. */
const keyLength = 32;

/**
 * The key that tokens are made with: the configured one, or one made once in the data folder (mode 0600), which is enough for a store
 * that shares its tokens with nobody.
 *
 * @throws StoreloopError REGION_KEY_INVALID when the key is not 64 hexadecimal characters.
 */
export function regionKey(configured: string | undefined, version: number, dataDir: string): RegionKey {
  const text = configured ?? localKey(join(dataDir, "region.key"));
  const digits = text.trim();
  // Node.js reads as far as it understands: a key with a typing error would silently be another one.
  if (digits.length !== keyLength * 2 || !/^[\da-f]*$/i.test(digits)) {
    throw new StoreloopError("REGION_KEY_INVALID", `the region key is not ${keyLength * 2} hexadecimal characters`);
  }
  return { secret: Buffer.from(digits, "hex"), version };
}

function localKey(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
  }
  const text = `${randomBytes(keyLength).toString("hex")}\n`;
  // Whole or not at all: a key lost in a power cut would make yesterday's tokens meaningless.
  const partial = `${file}.partial`;
  const handle = openSync(partial, "w", 0o600);
  try {
    writeSync(handle, text);
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
  renameSync(partial, file);
  return text;
}
