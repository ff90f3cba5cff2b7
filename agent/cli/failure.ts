import { codeOf, hintOf, type Locale } from "../core/errors.ts";
import { FilesRefused } from "../core/file-fault.ts";
import { printable } from "./columns.ts";
import { exitCode } from "./exit-code.ts";
import { faultLines, faultValue } from "./fault-lines.ts";
import { ConfigRefused } from "./invocation.ts";
import type { Terminal } from "./terminal.ts";

/** Says on standard error what went wrong (code, cause, hint) and gives the exit code for it. */
export function reportFailure(error: unknown, terminal: Terminal, locale: Locale, json: boolean): number {
  // Ctrl+C in the middle of an answer is the person's wish, not a failure.
  if (terminal.signal.aborted && error === terminal.signal.reason) return exitCode.ok;
  const code = codeOf(error);
  const hint = hintOf(code, locale);
  const message = error instanceof Error ? error.message : String(error);
  if (json) {
    const refused = error instanceof ConfigRefused || error instanceof FilesRefused;
    const faults = refused ? { faults: error.faults.map((fault) => faultValue(fault, locale)) } : {};
    terminal.err(JSON.stringify({ error: { code, message, causes: causesOf(error), hint, ...faults } }));
  } else {
    if (error instanceof ConfigRefused)
      for (const line of faultLines(error.path, error.faults, locale)) terminal.err(line);
    if (error instanceof FilesRefused) {
      for (const fault of error.faults) for (const line of faultLines(fault.file, [fault], locale)) terminal.err(line);
    }
    terminal.err(error instanceof FilesRefused ? code : `${code}: ${printable(message)}`);
    for (const cause of causesOf(error)) terminal.err(`  ${locale === "en" ? "because" : "原因"}: ${printable(cause)}`);
    terminal.err(`  → ${hint}`);
    // A defect needs its stack to be found; an expected failure does not.
    if (code === "UNEXPECTED" && error instanceof Error && error.stack !== undefined) terminal.err(error.stack);
  }
  return code === "CONTROL_NOT_RUNNING" ? exitCode.notRunning : exitCode.failure;
}

function causesOf(error: unknown): readonly string[] {
  const causes: string[] = [];
  let cause = error instanceof Error ? error.cause : undefined;
  // Bounded: a chain of causes may close on itself.
  while (cause instanceof Error && causes.length < 5) {
    causes.push(cause.message);
    cause = cause.cause;
  }
  return causes;
}
