import type { Clock } from "../core/time.ts";

/** Everything the command line has of the outside world. */
export interface Terminal {
  /** Writes one line to standard output. */
  out(line: string): void;
  /** Writes one line to standard error. */
  err(line: string): void;
  /** Width in columns. */
  readonly columns: number;
  /** Whether colours may be used. */
  readonly colour: boolean;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly clock: Clock;
  /** Aborted when the person or the system wants an end (SIGINT, SIGTERM). */
  readonly signal: AbortSignal;
}

/** The part of `process` a terminal is made of. */
export interface TerminalParts {
  readonly stdout: NodeJS.WriteStream;
  readonly stderr: NodeJS.WriteStream;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly clock: Clock;
  readonly signal: AbortSignal;
}

/** A terminal over a process's own streams. A reader that leaves early (`| head`) is no error. */
export function terminalOf({ stdout, stderr, env, clock, signal }: TerminalParts): Terminal {
  const gone = new AbortController();
  stdout.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code !== "EPIPE") throw error;
    gone.abort();
  });
  return {
    out: (line) => void (gone.signal.aborted || stdout.write(`${line}\n`)),
    err: (line) => void stderr.write(`${line}\n`),
    columns: stdout.columns ?? 100,
    // https://no-color.org
    colour: stdout.isTTY && (env["NO_COLOR"] ?? "") === "" && env["TERM"] !== "dumb",
    env,
    clock,
    signal: AbortSignal.any([signal, gone.signal]),
  };
}
