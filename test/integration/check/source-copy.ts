import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, relative, sep } from "node:path";

const root = join(import.meta.dirname, "../../..");

/** Left out of a copy: what git ignores, and git itself. */
const leftOut = new Set([".git", ".runtime", ".storeloop", "node_modules", "coverage"]);

/** How a command ended and what it said. */
interface Finished {
  readonly status: number | null;
  readonly output: string;
}

/** A copy of the source tree in a temporary folder, sharing the installed packages, to plant faults in. Deleted on disposal. */
export class SourceCopy implements Disposable {
  readonly folder = mkdtempSync(join(tmpdir(), "storeloop-check-"));

  constructor() {
    cpSync(root, this.folder, {
      recursive: true,
      filter: (source) => !leftOut.has(relative(root, source).split(sep)[0] ?? ""),
    });
    for (const shared of ["node_modules", ".runtime"]) symlinkSync(join(root, shared), join(this.folder, shared));
  }

  /** Writes files that are gone again once the answer is disposed of. */
  plant(files: Readonly<Record<string, string>>): Disposable {
    const paths = Object.keys(files).map((path) => join(this.folder, path));
    for (const [path, text] of Object.entries(files)) {
      mkdirSync(join(this.folder, dirname(path)), { recursive: true });
      writeFileSync(join(this.folder, path), text);
    }
    return { [Symbol.dispose]: () => paths.forEach((path) => rmSync(path)) };
  }

  /** Runs a command in the copy. */
  run(command: string, ...args: readonly string[]): Finished {
    const { status, stdout, stderr } = spawnSync(command, args, { cwd: this.folder, encoding: "utf8" });
    return { status, output: stdout + stderr };
  }

  [Symbol.dispose](): void {
    rmSync(this.folder, { recursive: true });
  }
}
