import { constants } from "node:fs";
import { copyFile, mkdir, open, rename, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import type { DeviceId, StreamId } from "../../agent/core/ids.ts";
import type { Ledger } from "../../agent/core/ledger.ts";
import type { Ms } from "../../agent/core/time.ts";
import type { FileStream } from "./file-stream.ts";
import { DueFiles } from "./due-files.ts";
import { folderEntries, type FolderEntry, type FolderLook } from "./folder-entry.ts";
import { fileStream } from "./stream-name.ts";

/** What becomes of a file once everything in it is durable. */
export type Afterwards = "leave" | "delete" | "move";

/** What reading whole files needs. */
export interface WholeFilesParts {
  readonly folder: string;
  readonly deviceId: DeviceId;
  readonly ledger: Pick<Ledger, "received">;
  /** A file that did not change for so long is complete. */
  readonly settleMs: Ms;
  readonly afterwards: Afterwards;
  /** Where files are moved to. */
  readonly moveTo: string;
  readonly newStream: (streamId: StreamId) => FileStream;
}

interface Settling {
  readonly streamId: StreamId;
  readonly sinceMs: Ms;
}

/** Reads files that a program writes, closes and leaves alone: each is one stream, and read once. */
export class WholeFiles {
  readonly #parts: WholeFilesParts;
  readonly #settling = new Map<string, Settling>();
  readonly #read = new Map<string, StreamId>();
  readonly #due = new DueFiles();

  constructor(parts: WholeFilesParts) {
    this.#parts = parts;
  }

  /** Looks at the files there are at a moment, reads those that are complete and new. Answers whether some are not complete yet. */
  async look({ names, told, nowMs }: FolderLook, onFile: (name: string, error?: unknown) => void) {
    this.#forget(new Set(names));
    const isDone = (name: string): boolean => this.#read.has(name) && !this.#settling.has(name);
    const due = this.#due.among(names, told, isDone);
    let waits = false;
    for (const entry of await folderEntries(this.#parts.folder, due)) {
      const streamId = fileStream(this.#parts.deviceId, entry);
      if (entry.size === 0n || this.#read.get(entry.name) === streamId) continue;
      if (!this.#isSettled(entry.name, streamId, nowMs)) {
        waits = true;
        continue;
      }
      try {
        if (await this.#readOnce(entry, streamId)) this.#noteRead(entry.name, streamId);
        onFile(entry.name);
      } catch (error) {
        // It went away by itself, or this one cannot be read; the others can.
        onFile(entry.name, error);
      }
    }
    return waits;
  }

  #noteRead(name: string, streamId: StreamId): void {
    this.#read.set(name, streamId);
    this.#settling.delete(name);
    this.#due.noteRead(name);
  }

  #forget(there: ReadonlySet<string>): void {
    for (const name of this.#read.keys()) if (!there.has(name)) this.#read.delete(name);
    for (const name of this.#settling.keys()) if (!there.has(name)) this.#settling.delete(name);
  }

  #isSettled(name: string, streamId: StreamId, nowMs: Ms): boolean {
    const before = this.#settling.get(name);
    if (before?.streamId === streamId) return nowMs - before.sinceMs >= this.#parts.settleMs;
    this.#settling.set(name, { streamId, sinceMs: nowMs });
    return this.#parts.settleMs === 0;
  }

  /** Answers whether the file is done with; it is not when it changed while it was read. */
  async #readOnce({ name, size }: FolderEntry, streamId: StreamId): Promise<boolean> {
    const path = join(this.#parts.folder, name);
    const kept = this.#parts.ledger.received(streamId);
    const stream = this.#parts.newStream(streamId);
    if (kept < Number(size)) {
      await using file = await open(path);
      await stream.send(file, kept);
      const { size: sizeNow, mtimeNs } = await file.stat({ bigint: true });
      if (fileStream(this.#parts.deviceId, { name, size: sizeNow, mtimeNs }) !== streamId) {
        await stream.end("lost");
        return false;
      }
    }
    await stream.end("closed");
    await this.#putAway(path, name, streamId);
    return true;
  }

  async #putAway(path: string, name: string, streamId: StreamId): Promise<void> {
    const { afterwards, moveTo } = this.#parts;
    if (afterwards === "delete") await rm(path, { force: true });
    if (afterwards !== "move") return;
    await mkdir(moveTo, { recursive: true });
    const taken = await stat(join(moveTo, name)).then(
      () => true,
      () => false,
    );
    const target = join(moveTo, taken ? `${streamId}-${name}` : name);
    try {
      await rename(path, target);
    } catch (error) {
      if (!(error instanceof Error && "code" in error && error.code === "EXDEV")) throw error;
      await copyFile(path, target, constants.COPYFILE_EXCL);
      await rm(path);
    }
  }
}
