import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** A folder of its own for one test, removed when it is disposed of. */
export class TempFolder implements Disposable {
  readonly path = mkdtempSync(join(tmpdir(), "storeloop-"));

  /** A path inside. */
  file(name: string): string {
    return join(this.path, name);
  }

  [Symbol.dispose](): void {
    rmSync(this.path, { recursive: true, force: true });
  }
}
