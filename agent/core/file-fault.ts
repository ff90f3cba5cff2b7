import { StoreloopError, type Locale } from "./errors.ts";
import type { ErrorCode } from "./error-catalogue.ts";

/** One thing wrong with a file a technician writes. Lines and columns count from 1. */
export interface FileFault {
  /** The file as it is shown. */
  readonly file: string;
  /** What kind of fault it is: stable, for tests and scripts. */
  readonly code: string;
  readonly line: number;
  readonly column: number;
  /** E.g. `samples[0].expect.totalMinor`; empty for the file as a whole. */
  readonly path: string;
  readonly message: Readonly<Record<Locale, string>>;
  /** What to do about it. */
  readonly hint: Readonly<Record<Locale, string>>;
}

/** Files are refused for the faults in them; `message` names each on a line of its own. */
export class FilesRefused extends StoreloopError {
  readonly faults: readonly FileFault[];

  constructor(code: ErrorCode, faults: readonly FileFault[]) {
    super(
      code,
      faults
        .map(({ file, line, column, path, message }) => `${file}:${line}:${column}: ${path}: ${message.en}`)
        .join("\n"),
    );
    this.name = "FilesRefused";
    this.faults = faults;
  }
}
