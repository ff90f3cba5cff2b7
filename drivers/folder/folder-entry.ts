import { lstat, readdir } from "node:fs/promises";
import { join } from "node:path";
import type { FileSign, JournalSign } from "./stream-name.ts";

/** A file in a folder, as the system knows it. */
export interface FolderEntry extends FileSign, JournalSign {}

/**
 * The regular files of a folder, oldest change first. Links and folders are passed over, and so is what goes away while it is looked at.
 * Rejects with the system's error when the folder cannot be read.
 */
export async function folderEntries(folder: string): Promise<readonly FolderEntry[]> {
  const entries: FolderEntry[] = [];
  for (const name of await readdir(folder)) {
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
