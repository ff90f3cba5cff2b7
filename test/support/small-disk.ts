import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { closeSync, mkdirSync, openSync, rmSync, statfsSync, truncateSync, writeSync } from "node:fs";
import { join } from "node:path";
import { TempFolder } from "./temp-folder.ts";

const mebibyte = 1024 * 1024;

/** A file system of its own that a test fills or freezes. Needs root. */
export class SmallDisk implements Disposable {
  readonly #folder = new TempFolder();
  readonly path = this.#folder.file("disk");

  private constructor(mount: (path: string, folder: TempFolder) => void) {
    mkdirSync(this.path);
    try {
      mount(this.path, this.#folder);
    } catch (error) {
      this.#folder[Symbol.dispose]();
      throw error;
    }
  }

  /** Why there are no such disks here, or undefined when there are. `kind`: in memory, or in a file, which can be frozen. */
  static absent(kind: "memory" | "file"): string | undefined {
    try {
      using _disk = kind === "memory" ? SmallDisk.inMemory(2) : SmallDisk.inFile(16);
      if (kind === "file") execFileSync("fsfreeze", ["--version"], { stdio: "ignore" });
      return undefined;
    } catch (error) {
      return error instanceof Error ? (error.message.split("\n")[0] ?? "") : String(error);
    }
  }

  /** A disk in memory (tmpfs). */
  static inMemory(sizeMib: number): SmallDisk {
    return new SmallDisk((path) => run("mount", "-t", "tmpfs", "-o", `size=${sizeMib}m`, "tmpfs", path));
  }

  /** A disk in a file (ext4 on a loop device). */
  static inFile(sizeMib: number): SmallDisk {
    return new SmallDisk((path, folder) => {
      const image = folder.file("image");
      closeSync(openSync(image, "w"));
      truncateSync(image, sizeMib * mebibyte);
      run("mkfs.ext4", "-q", image);
      run("mount", "-o", "loop", image, path);
    });
  }

  /** Fills it to the last byte. */
  fill(): void {
    const file = openSync(join(this.path, "ballast"), "a");
    const block = Buffer.alloc(4096);
    try {
      for (;;) writeSync(file, block);
    } catch {
      // Full, as it was to be.
    } finally {
      closeSync(file);
    }
    if (statfsSync(this.path).bavail > 0) throw new Error("the disk is not full");
  }

  /** Makes room again. */
  empty(): void {
    rmSync(join(this.path, "ballast"), { force: true });
  }

  /** Every write blocks from now on (fsfreeze(8)), until {@link thaw}. */
  async freeze(): Promise<void> {
    const child = spawn("fsfreeze", ["--freeze", this.path], { stdio: "ignore" });
    await once(child, "exit");
  }

  /** Lets what was blocked go on. */
  thaw(): void {
    run("fsfreeze", "--unfreeze", this.path);
  }

  [Symbol.dispose](): void {
    run("umount", "--lazy", this.path);
    this.#folder[Symbol.dispose]();
  }
}

function run(command: string, ...words: readonly string[]): void {
  execFileSync(command, words, { stdio: ["ignore", "ignore", "pipe"] });
}
