import { readFile } from "node:fs/promises";
import { StoreloopError } from "../core/errors.ts";

/**
 * The bytes of a capture that a person named; `-` is the standard input.
 *
 * @throws StoreloopError FILE_UNREADABLE.
 */
export async function readCapture(file: string, signal: AbortSignal): Promise<Uint8Array> {
  try {
    return await readFile(file === "-" ? "/dev/stdin" : file, { signal });
  } catch (error) {
    throw new StoreloopError(
      "FILE_UNREADABLE",
      { "zh-CN": `读不到 ${file}`, en: `cannot read ${file}` },
      { cause: error },
    );
  }
}
