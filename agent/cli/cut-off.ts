import { exitCode } from "./exit-code.ts";
import type { Terminal } from "./terminal.ts";

/** Runs a check. One that is ended before it has seen everything answers `exitCode.cutOff`, and never that all is well. */
export async function orCutOff({ signal }: Terminal, check: () => Promise<number>): Promise<number> {
  try {
    return await check();
  } catch (error) {
    if (signal.aborted) return exitCode.cutOff;
    throw error;
  }
}
