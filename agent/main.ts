import { SystemClock } from "../drivers/system-clock.ts";
import { terminalOf, type Terminal } from "./cli/terminal.ts";
import { chooseLocale, languageFlag } from "./cli/text.ts";
import { handOverVariable, settingsFromChild } from "./settings-process.ts";

/** The program `storeloop`. It becomes the daemon itself for `run`, and loads the command line for everything else. */
const stop = new AbortController();
for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => stop.abort());

const { argv, stdout, stderr, env } = process;
const words = argv.slice(2);
const terminal = terminalOf({ stdout, stderr, env, clock: new SystemClock(), signal: stop.signal });
const handOverTo = env[handOverVariable];

if (handOverTo === undefined && words.includes("run")) process.exitCode = await runDaemonOf(words, terminal);
else {
  const { commandLine } = await import("./command-line.ts");
  process.exitCode = await commandLine(words, terminal, Number(handOverTo));
}

/** Runs the daemon with what the files say; what only a command line needs never gets into this process. */
async function runDaemonOf(words: readonly string[], terminal: Terminal): Promise<number> {
  const answer = settingsFromChild();
  if (!("settings" in answer)) return answer.exitCode;
  const { settings } = answer;
  try {
    const { runDaemon } = await import("./daemon.ts");
    await runDaemon(settings, terminal.signal);
    return 0;
  } catch (error) {
    const { reportFailure } = await import("./cli/failure.ts");
    const locale = chooseLocale(languageFlag(words), settings.config.agent.locale, terminal.env);
    return reportFailure(error, terminal, locale, words.includes("--json"));
  }
}
