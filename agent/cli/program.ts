import { Command, InvalidArgumentError, Option } from "commander";
import { configShowCommand, configValidateCommand } from "./config-commands.ts";
import { deviceHelpWords } from "./device-help-words.ts";
import { addDeviceCommands, addSimulateCommands } from "./device-program.ts";
import { doctorCommand } from "./doctor-command.ts";
import { helpLayout } from "./help-layout.ts";
import { helpWords as words } from "./help-words.ts";
import type { DecodeOptions } from "./operations.ts";
import { receiptsDecodeCommand, receiptsListCommand, type ListOptions } from "./receipt-commands.ts";
import { addProfileCommands } from "./profile-program.ts";
import type { Bound, GlobalOptions, ProgramParts } from "./program-parts.ts";
import { receiptsReplayCommand, type ReplayOptions } from "./replay-command.ts";
import { runCommand } from "./run-command.ts";
import { receiptsShowCommand, type ShowOptions } from "./show-command.ts";
import { statusCommand } from "./status-command.ts";
import type { Text } from "./text.ts";
import { watchCommand } from "./watch-command.ts";
import { wrapped } from "./wrapping.ts";

/** The commands, their options and their help, in the language of the parts. */
export function buildProgram(parts: ProgramParts): Command {
  const say = (words: Text): string => words[parts.locale];
  const exitCodes = say(words.exitCodes)
    .split("\n")
    .flatMap((line) => wrapped(line, parts.terminal.columns));
  const program = new Command("storeloop")
    .description(say(words.program))
    .exitOverride()
    .configureOutput({
      writeOut: (shown) => parts.terminal.out(shown.trimEnd()),
      writeErr: (shown) => parts.json || parts.terminal.err(shown.trimEnd()),
      // What was typed wrong is reported like any other failure.
      outputError: () => undefined,
      getOutHelpWidth: () => parts.terminal.columns,
      getErrHelpWidth: () => parts.terminal.columns,
    })
    .version(parts.version, "-V, --version", say(words.version))
    .helpCommand(false)
    .helpOption("-h, --help", say(words.help))
    .configureHelp(helpLayout(parts.locale))
    .option("--config <file>", say(words.configOption))
    .addOption(new Option("--lang <language>", say(words.lang)).choices(["zh-CN", "en"]))
    .option("--json", say(words.json))
    .addHelpText("after", `\n${exitCodes.join("\n")}`);
  addDaemonCommands(program, parts, say);
  const receipts = program.command("receipts").helpCommand(false).description(say(words.receipts));
  addList(receipts, parts, say);
  addShow(receipts, parts, say);
  addDecode(receipts, parts, say);
  addReplay(receipts, parts, say);
  addProfileCommands(program.command("profile").helpCommand(false).description(say(words.profiles)), parts);
  addDeviceCommands(program.command("devices").helpCommand(false).description(say(deviceHelpWords.devices)), parts);
  addSimulateCommands(program.command("simulate").helpCommand(false).description(say(deviceHelpWords.simulate)), parts);
  addConfigCommands(program.command("config").helpCommand(false).description(say(words.config)), parts, say);
  return program;
}

type Say = (words: Text) => string;

function addDaemonCommands(program: Command, { perform }: ProgramParts, say: Say): void {
  const commands: Readonly<Record<string, Bound>> = {
    run: runCommand,
    status: statusCommand,
    watch: watchCommand,
    doctor: doctorCommand,
  };
  const descriptions: Readonly<Record<string, Text>> = words;
  for (const [name, command] of Object.entries(commands))
    program
      .command(name)
      .description(say(descriptions[name] ?? words.program))
      .action((_options: unknown, self: Command) => perform(self.optsWithGlobals(), command));
}

const wholeNumber =
  (say: Say) =>
  (value: string): number => {
    if (!/^[1-9][0-9]{0,14}$/.test(value)) throw new InvalidArgumentError(say(words.wholeNumber));
    return Number(value);
  };

function addList(receipts: Command, { perform }: ProgramParts, say: Say): void {
  receipts
    .command("list")
    .description(say(words.list))
    .addOption(new Option("--limit <count>", say(words.limit)).argParser(wholeNumber(say)).default(20))
    .addOption(new Option("--before <seq>", say(words.before)).argParser(wholeNumber(say)))
    .action((options: ListOptions, self: Command) =>
      perform(self.optsWithGlobals(), (invocation) => receiptsListCommand(invocation, options)),
    );
}

function addShow(receipts: Command, { perform }: ProgramParts, say: Say): void {
  receipts
    .command("show [key]")
    .description(say(words.show))
    .addOption(new Option("--by <what>", say(words.by)).choices(["number", "seq", "entry"]))
    .option("--lane <id>", say(words.lane))
    .option("--html [file]", say(words.html))
    .option("--file <capture>", say(words.showFile))
    .addOption(new Option("--segment <n>", say(words.segment)).argParser(wholeNumber(say)))
    .option("--profile <name>", say(words.profile), "auto")
    .option("--charset <name>", say(words.charset))
    .action((key: string | undefined, options: ShowOptions, self: Command) => {
      if ((key === undefined) === (options.file === undefined)) self.error(say(words.keyOrFile));
      return perform(self.optsWithGlobals(), (invocation) => receiptsShowCommand(invocation, key, options));
    });
}

function addDecode(receipts: Command, { perform }: ProgramParts, say: Say): void {
  receipts
    .command("decode <file>")
    .description(say(words.decode))
    .option("--profile <name>", say(words.profile), "auto")
    .option("--charset <name>", say(words.charset))
    .option("--reveal", say(words.reveal), false)
    .action((file: string, options: DecodeOptions, self: Command) =>
      perform(self.optsWithGlobals(), (invocation) => receiptsDecodeCommand(invocation, file, options)),
    );
}

/** A day, or a moment, on this machine's clock unless it says otherwise. */
const moment =
  (say: Say) =>
  (value: string): number => {
    const day = /^\d{4}-\d\d-\d\d$/.test(value);
    const at = /^\d{4}-\d\d-\d\d/.test(value) ? Date.parse(day ? `${value}T00:00:00` : value) : NaN;
    if (Number.isNaN(at)) throw new InvalidArgumentError(say(words.date));
    return at;
  };

function addReplay(receipts: Command, { perform }: ProgramParts, say: Say): void {
  receipts
    .command("replay")
    .description(say(words.replay))
    .option("--profile <name>", say(words.replayProfile))
    .addOption(new Option("--since <date>", say(words.replaySince)).argParser(moment(say)))
    .option("--lane <id>", say(words.replayLane))
    .option("--dry-run", say(words.replayDryRun), false)
    .action((options: ReplayOptions, self: Command) =>
      perform(self.optsWithGlobals(), (invocation) => receiptsReplayCommand(invocation, options)),
    );
}

function addConfigCommands(config: Command, { perform }: ProgramParts, say: Say): void {
  config
    .command("validate")
    .argument("[file]", say(words.file))
    .description(say(words.validate))
    .action((file: string | undefined, _options: unknown, self: Command) => {
      const options: GlobalOptions = self.optsWithGlobals();
      return perform(file === undefined ? options : { ...options, config: file }, configValidateCommand);
    });
  config
    .command("show")
    .description(say(words.configShow))
    .action((_options: unknown, self: Command) => perform(self.optsWithGlobals(), configShowCommand));
}
