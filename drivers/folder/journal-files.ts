import { open, type FileHandle } from "node:fs/promises";
import { join } from "node:path";
import type { DeviceId, StreamId } from "../../agent/core/ids.ts";
import type { Ledger } from "../../agent/core/ledger.ts";
import type { FileStream } from "./file-stream.ts";
import { folderEntries, type FolderEntry, type FolderLook } from "./folder-entry.ts";
import { journalStream, type JournalSign } from "./stream-name.ts";

/** What reading journals needs. */
export interface JournalFilesParts {
  readonly folder: string;
  readonly deviceId: DeviceId;
  readonly ledger: Pick<Ledger, "received" | "captured">;
  /** Whether a name is that of a journal in use. */
  readonly isJournal: (name: string) => boolean;
  readonly newStream: (streamId: StreamId) => FileStream;
}

/** A journal that is read. It is held open, so that what is written to it just before it is put aside is not missed. */
interface OpenJournal {
  readonly file: FileHandle;
  stream: FileStream;
  generation: number;
  offset: number;
  /** The last bytes read, to tell whether the file is still the same one. */
  last: Buffer;
}

/** Bytes before a position that are compared. */
const lastBytes = 64;

/**
 * Reads files that grow (electronic journals), from where the ledger says that reading stopped. A journal that is put aside under
 * another name is read to its end; one that is emptied, or was emptied and filled anew, is begun again.
 */
export class JournalFiles {
  readonly #parts: JournalFilesParts;
  readonly #open = new Map<string, OpenJournal>();
  #lookedBefore = false;

  constructor(parts: JournalFilesParts) {
    this.#parts = parts;
  }

  /** Reads what has come to the journals there are. */
  async look({ names }: FolderLook, onFile: (name: string, error?: unknown) => void) {
    const entries = await folderEntries(this.#parts.folder, names);
    for (const entry of entries) {
      const wanted = this.#parts.isJournal(entry.name) || (!this.#lookedBefore && this.#wasRead(entry));
      if (!wanted && !this.#open.has(keyOf(entry))) continue;
      try {
        await this.#read(entry);
        if (!this.#parts.isJournal(entry.name)) await this.#finish(keyOf(entry));
        onFile(entry.name);
      } catch (error) {
        onFile(entry.name, error);
      }
    }
    this.#lookedBefore = true;
    const there = new Set(entries.map(keyOf));
    for (const key of this.#open.keys()) if (!there.has(key)) await this.#finish(key);
    return false;
  }

  /** Lets go of all files; their streams stay open. */
  async close(): Promise<void> {
    for (const { file } of this.#open.values()) await file.close();
    this.#open.clear();
  }

  /** Whether a file was a journal while somebody looked: it was put aside while nobody did. */
  #wasRead(entry: FolderEntry): boolean {
    return this.#parts.ledger.received(journalStream(this.#parts.deviceId, entry, 0)) > 0;
  }

  async #read(entry: FolderEntry): Promise<void> {
    const journal = this.#open.get(keyOf(entry)) ?? (await this.#begin(entry));
    if (!(await this.#isSame(journal))) await this.#beginAnew(journal, entry);
    journal.offset = await journal.stream.send(journal.file, journal.offset, (bytes) => {
      journal.last = Buffer.concat([journal.last, bytes]).subarray(-lastBytes);
    });
  }

  /** Opens a journal where the ledger says that it was left. */
  async #begin(entry: FolderEntry): Promise<OpenJournal> {
    const { deviceId, ledger, folder, newStream } = this.#parts;
    let generation = 0;
    while (ledger.received(journalStream(deviceId, entry, generation + 1)) > 0) generation += 1;
    const streamId = journalStream(deviceId, entry, generation);
    const offset = ledger.received(streamId);
    const last = Buffer.from(ledger.captured(streamId, Math.max(0, offset - lastBytes), offset));
    const file = await open(join(folder, entry.name));
    const journal = { file, stream: newStream(streamId), generation, offset, last };
    this.#open.set(keyOf(entry), journal);
    return journal;
  }

  async #beginAnew(journal: OpenJournal, entry: JournalSign): Promise<void> {
    await journal.stream.end("lost");
    journal.generation += 1;
    journal.stream = this.#parts.newStream(journalStream(this.#parts.deviceId, entry, journal.generation));
    journal.offset = 0;
    journal.last = Buffer.alloc(0);
  }

  /** Whether the bytes before the position are those that were read; masked digits stand for any (a card number never reaches the disk). */
  async #isSame({ file, offset, last }: OpenJournal): Promise<boolean> {
    const found = Buffer.alloc(last.length);
    const { bytesRead } = await file.read(found, 0, last.length, offset - last.length);
    return bytesRead === last.length && last.every((byte, index) => byte === mask || byte === found[index]);
  }

  /** A journal that is no longer one, or is gone: nothing will follow what was read to its end. */
  async #finish(key: string): Promise<void> {
    const journal = this.#open.get(key);
    if (journal === undefined) return;
    this.#open.delete(key);
    await journal.stream.send(journal.file, journal.offset).catch(() => undefined);
    await journal.stream.end("closed");
    await journal.file.close();
  }
}

const mask = "*".charCodeAt(0);

const keyOf = ({ dev, ino, birthtimeNs }: JournalSign): string => `${dev}:${ino}:${birthtimeNs}`;
