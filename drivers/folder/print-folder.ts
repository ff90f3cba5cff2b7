import { watch } from "node:fs";
import { readdir } from "node:fs/promises";
import type { DeviceState, Driver } from "../../agent/core/driver.ts";
import type { ErrorCode } from "../../agent/core/error-catalogue.ts";
import type { DeviceId, LaneId, StreamId } from "../../agent/core/ids.ts";
import type { Ledger } from "../../agent/core/ledger.ts";
import type { Logger } from "../../agent/core/logger.ts";
import type { Offer } from "../../agent/core/observation.ts";
import type { Clock, Ms } from "../../agent/core/time.ts";
import { LineHealth } from "../line-health.ts";
import { withGrace } from "../with-grace.ts";
import { FileStream } from "./file-stream.ts";
import type { FolderLook } from "./folder-entry.ts";
import { JournalFiles } from "./journal-files.ts";
import { namePattern } from "./name-pattern.ts";
import { WholeFiles, type Afterwards } from "./whole-files.ts";

/** Options of {@link createPrintFolder}. */
export interface PrintFolderOptions {
  readonly deviceId: DeviceId;
  readonly laneId: LaneId;
  readonly folder: string;
  /** Which names, e.g. `*.prn`. */
  readonly names: string;
  /** `files`: each is complete once it is left alone; `journal`: they grow. */
  readonly content: "files" | "journal";
  /** A file that did not change for so long is complete. */
  readonly settleMs: Ms;
  readonly afterwards: Afterwards;
  readonly moveTo: string;
  /** How often the folder is looked at where the system does not tell of changes (network shares); 2000 when absent. */
  readonly scanMs?: Ms;
}

/** What the driver works with. */
export interface PrintFolderParts {
  readonly clock: Clock;
  readonly logger: Logger;
  /** What was kept of each file is asked here, so that a restart reads nothing twice. */
  readonly ledger: Pick<Ledger, "received" | "captured">;
}

const defaultScanMs: Ms = 2_000;

/** How the files of a folder are read. */
interface Reader {
  look(look: FolderLook, onFile: (name: string, error?: unknown) => void): Promise<boolean>;
  /** Lets go of the files that are held open. */
  close?(): Promise<void>;
}

/**
 * Takes what a POS prints to files in a folder, or writes to an electronic journal. What was read is known by the ledger, file by file;
 * nothing else is remembered. The system's word that something changed only makes it look sooner.
 */
export class PrintFolder implements Driver {
  readonly name: string;
  readonly #options: PrintFolderOptions;
  readonly #parts: PrintFolderParts;
  readonly #health: LineHealth;
  /** Names of files that something is wrong with. */
  readonly #troubled = new Set<string>();
  #changed = Promise.withResolvers<void>();
  /** Names of which the system has told that something happened to them. */
  #told = new Set<string>();

  constructor(options: PrintFolderOptions, parts: PrintFolderParts) {
    this.name = options.deviceId;
    this.#options = options;
    this.#parts = parts;
    this.#health = new LineHealth(parts.clock);
  }

  devices(): readonly DeviceState[] {
    const { deviceId, laneId } = this.#options;
    return [{ deviceId, laneId, type: "print-folder", health: this.#health.current }];
  }

  async run(offer: Offer, signal: AbortSignal): Promise<void> {
    await withGrace(signal, this.#parts.clock, async (giveUp) => {
      const reader = this.#newReader(offer, giveUp);
      while (!signal.aborted) {
        // Before the look: what changes during it is looked at again.
        this.#changed = Promise.withResolvers();
        const stopWatching = this.#watch();
        const waits = await this.#look(reader, giveUp);
        await this.#pause(waits, signal);
        stopWatching();
      }
      await reader.close?.();
    });
  }

  #newReader(offer: Offer, giveUp: AbortSignal): Reader {
    const { deviceId, names, content } = this.#options;
    const { ledger } = this.#parts;
    const newStream = (streamId: StreamId): FileStream => this.#newStream(streamId, offer, giveUp);
    return content === "journal"
      ? new JournalFiles({ ...this.#options, ledger, newStream, isJournal: namePattern(names) })
      : new WholeFiles({ ...this.#options, deviceId, ledger, newStream });
  }

  #newStream(streamId: StreamId, offer: Offer, giveUp: AbortSignal): FileStream {
    const { deviceId, laneId } = this.#options;
    const { clock, logger } = this.#parts;
    return new FileStream({
      streamId,
      deviceId,
      laneId,
      offer,
      clock,
      signal: giveUp,
      onRefused: (code) => {
        const news = this.#health.trouble(
          streamId,
          "PRINT_NOT_RECORDED",
          `a file waits: the ledger refuses it (${code})`,
        );
        if (news) logger.error({ streamId, code }, "print bytes refused, retrying");
      },
      onRecovered: () => this.#health.relieved(streamId),
    });
  }

  /** Looks through the folder once. Answers whether something is to be looked at again soon. */
  async #look(reader: Reader, giveUp: AbortSignal): Promise<boolean> {
    const { folder, names, content } = this.#options;
    const fits = content === "journal" ? () => true : namePattern(names);
    try {
      const names = (await readdir(folder)).filter(fits);
      this.#health.up(`watching ${folder}`);
      this.#forgetGone(new Set(names));
      const told = this.#told;
      this.#told = new Set();
      const look = { names, told, nowMs: this.#parts.clock.monotonic() };
      return await reader.look(look, (name, error) => this.#onFile(name, error, giveUp));
    } catch (error) {
      if (giveUp.aborted) return false;
      const code = codeOf(error);
      const news = this.#health.down(code, `${folder}: ${messageOf(error)}`);
      if (news) this.#parts.logger.warn({ code, folder, err: error }, "print folder not readable");
      return false;
    }
  }

  #onFile(name: string, error: unknown, giveUp: AbortSignal): void {
    if (giveUp.aborted) return;
    if (error === undefined || errnoOf(error) === "ENOENT") return this.#relieved(name);
    this.#troubled.add(name);
    const code = codeOf(error);
    const news = this.#health.trouble(name, code, `${name}: ${messageOf(error)}`);
    if (news)
      this.#parts.logger.error({ code, name, err: error }, "a file of the print folder cannot be read or put away");
  }

  /** What was wrong with a file that a person took away is no trouble any more. */
  #forgetGone(there: ReadonlySet<string>): void {
    for (const name of this.#troubled) if (!there.has(name)) this.#relieved(name);
  }

  #relieved(name: string): void {
    this.#troubled.delete(name);
    this.#health.relieved(name);
  }

  /** Waits until something changes or it is time to look anyway. */
  async #pause(waits: boolean, signal: AbortSignal): Promise<void> {
    const { settleMs, scanMs = defaultScanMs } = this.#options;
    const over = new AbortController();
    const time = this.#parts.clock.sleep(
      waits ? Math.min(settleMs, scanMs) : scanMs,
      AbortSignal.any([signal, over.signal]),
    );
    // A file that is being written changes all the time; it is looked at when it may be complete.
    await Promise.race([time.catch(() => undefined), ...(waits ? [] : [this.#changed.promise])]);
    over.abort();
  }

  /** Has the system tell of changes, where it can. */
  #watch(): () => void {
    try {
      const watcher = watch(this.#options.folder, (_what, name) => {
        if (name !== null) this.#told.add(name);
        this.#changed.resolve();
      });
      watcher.on("error", () => undefined);
      return () => watcher.close();
    } catch {
      // No such folder, or no more watches: looking now and then must do.
      return () => undefined;
    }
  }
}

function codeOf(error: unknown): ErrorCode {
  const errno = errnoOf(error);
  if (errno === "ENOENT" || errno === "ENOTDIR") return "FOLDER_MISSING";
  return errno === "EACCES" || errno === "EPERM" || errno === "EROFS" ? "FOLDER_DENIED" : "FOLDER_FAILED";
}

function errnoOf(error: unknown): string | undefined {
  return error instanceof Error && "code" in error && typeof error.code === "string" ? error.code : undefined;
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

/** Makes a {@link PrintFolder}. */
export function createPrintFolder(options: PrintFolderOptions, parts: PrintFolderParts): PrintFolder {
  return new PrintFolder(options, parts);
}
