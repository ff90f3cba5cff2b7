import { CommanderError } from "commander";
import { StoreloopError } from "../core/errors.ts";
import { exitCode } from "./exit-code.ts";
import { reportFailure } from "./failure.ts";
import type { Invocation } from "./invocation.ts";
import type { CliConfig, Operations } from "./operations.ts";
import { buildProgram } from "./program.ts";
import type { Terminal } from "./terminal.ts";
import { chooseLocale, languageFlag, text } from "./text.ts";
import { usageError } from "./usage-words.ts";

const noCommand = text("没有给出命令", "no command is given");

/**
 * Runs one command line (`argv` without program and script) and answers its exit code: 0 ok, 1 failure, 2 usage, 4 daemon not
 * running, 130 check cut off. Writes to the terminal only; never throws for what a person, a file or the daemon did.
 */
export async function runCli<C extends CliConfig>(
  argv: readonly string[],
  operations: Operations<C>,
  terminal: Terminal,
): Promise<number> {
  // The help must be written before anything is parsed or read.
  let locale = chooseLocale(languageFlag(argv), undefined, terminal.env);
  const json = argv.includes("--json");
  let code: number = exitCode.ok;
  const program = buildProgram({
    locale,
    terminal,
    json,
    version: operations.version,
    perform: async (options, command) => {
      const loaded = operations.loadConfig(options.config);
      const configured = loaded.state === "ok" ? loaded.config.agent.locale : undefined;
      locale = chooseLocale(options.lang, configured, terminal.env);
      const say: Invocation<C>["say"] = (text) => text[locale];
      code = await command({ operations, terminal, locale, json: options.json === true, loaded, say });
    },
  });
  try {
    await program.parseAsync(argv, { from: "user" });
    return code;
  } catch (error) {
    if (!(error instanceof CommanderError)) return reportFailure(error, terminal, locale, json);
    if (error.exitCode === 0) return exitCode.ok;
    if (error.code !== "commander.help") return reportFailure(usageError(error.message), terminal, locale, json);
    // Without a command a person has been shown the help; a program is told what is wrong.
    return json ? reportFailure(new StoreloopError("USAGE", noCommand), terminal, locale, json) : exitCode.usage;
  }
}
