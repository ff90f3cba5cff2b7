import type { Locale } from "../core/errors.ts";
import type { Invocation } from "./invocation.ts";
import type { CliConfig } from "./operations.ts";
import type { Terminal } from "./terminal.ts";

/** Options every command understands. */
export interface GlobalOptions {
  readonly config?: string;
  readonly lang?: string;
  readonly json?: boolean;
}

/** A command with its arguments bound, waiting for the rest of the call. */
export type Bound = <C extends CliConfig>(invocation: Invocation<C>) => number | Promise<number>;

/** What the program is built with. */
export interface ProgramParts {
  readonly locale: Locale;
  readonly terminal: Terminal;
  /** Whether standard error is for a program to read. */
  readonly json: boolean;
  readonly version: string;
  /** Runs a command: loads the configuration, chooses the language, keeps the exit code. */
  readonly perform: (options: GlobalOptions, command: Bound) => Promise<void>;
}
