import { randomBytes } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** Name of the file with the key, beside the stage's configuration, which names it. */
export const tagKeyFile = "ntag424.key";

/** The key that the virtual store's NTAG 424 tags hold: made once in the state folder (mode 0600), as a retailer's would never be. */
export function tagKey(state: string): Uint8Array {
  const path = join(state, tagKeyFile);
  try {
    return Buffer.from(readFileSync(path, "utf8").trim(), "hex");
  } catch (error) {
    if (!(error instanceof Error && "code" in error && error.code === "ENOENT")) throw error;
  }
  const key = randomBytes(16);
  writeFileSync(path, `${key.toString("hex")}\n`, { mode: 0o600 });
  return key;
}
