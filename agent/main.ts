import process from "node:process";
import { loadConfigFile } from "../config/load-config-file.ts";
import { SystemClock } from "../drivers/system-clock.ts";
import { runCli } from "./cli/run-cli.ts";
import { terminalOf } from "./cli/terminal.ts";
import { runDaemon } from "./daemon.ts";
import { checkClosedLedger } from "./ledger-check.ts";
import { readCapture } from "./receipt-reading.ts";
import { version } from "./version.ts";

/** The program `storeloop`: hands the command line what it needs and leaves the exit code. */
const stop = new AbortController();
for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => stop.abort());

const { stdout, stderr, env } = process;
process.exitCode = await runCli(
  process.argv.slice(2),
  {
    version,
    loadConfig: (flag) => loadConfigFile({ flag, env }),
    run: runDaemon,
    verifyLedger: ({ agent }, signal) => checkClosedLedger(agent.dataDir, agent.id, signal),
    decodeFile: (bytes, options) => Promise.resolve(readCapture(bytes, options)),
  },
  terminalOf({ stdout, stderr, env, clock: new SystemClock(), signal: stop.signal }),
);
