import { lstat } from "node:fs/promises";
import { join } from "node:path";
import type { Ms } from "../../agent/core/time.ts";
import type { FileSign, JournalSign } from "./stream-name.ts";

/** A file in a folder, as the system knows it. */
export interface FolderEntry extends FileSign, JournalSign {}

/** What a folder holds when it is looked at. */
export interface FolderLook {
  /** Names of what is in it. */
  readonly names: readonly string[];
  /** Those of which the system has told since the last look that something happened to them. */
  readonly told: ReadonlySet<string>;
  /** When, by the monotonic clock. */
  readonly nowMs: Ms;
}

/** Those of the names in a folder that are regular files, oldest change first. Links, folders and what is gone again are passed over. */
export async function folderEntries(folder: string, names: readonly string[]): Promise<readonly FolderEntry[]> {
  const entries: FolderEntry[] = [];
  for (const name of names) {
    try {
      const found = await lstat(join(folder, name), { bigint: true });
      const { size, mtimeNs, dev, ino, birthtimeNs } = found;
      if (found.isFile()) entries.push({ name, size, mtimeNs, dev, ino, birthtimeNs });
    } catch {
      // It was there a moment ago.
    }
  }
  return entries.sort((a, b) => Number(a.mtimeNs - b.mtimeNs) || (a.name < b.name ? -1 : 1));
}
