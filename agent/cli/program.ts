import { Command, InvalidArgumentError, Option } from "commander";
import { configShowCommand, configValidateCommand } from "./config-commands.ts";
import { deviceHelpWords } from "./device-help-words.ts";
import { addDeviceCommands, addSimulateCommands } from "./device-program.ts";
import { doctorCommand } from "./doctor-command.ts";
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

/** The commands, their options and their help, in the language of the parts. */
export function buildProgram(parts: ProgramParts): Command {
  const say = (words: Text): string => words[parts.locale];
  const program = new Command("storeloop")
    .description(say(words.program))
    .exitOverride()
    .configureOutput({
      writeOut: (shown) => parts.terminal.out(shown.trimEnd()),
      writeErr: (shown) => parts.terminal.err(shown.trimEnd()),
      getOutHelpWidth: () => parts.terminal.columns,
      getErrHelpWidth: () => parts.terminal.columns,
    })
    .version(parts.version, "-V, --version", say(words.version))
    .helpCommand(false)
    .helpOption("-h, --help", say(words.help))
    .showHelpAfterError(say(words.seeHelp))
    .option("--config <file>", say(words.configOption))
    .addOption(new Option("--lang <language>", say(words.lang)).choices(["zh-CN", "en"]))
    .option("--json", say(words.json))
    .addHelpText("after", `\n${say(words.exitCodes)}`);
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

const wholeNumber = (value: string): number => {
  if (!/^[1-9][0-9]{0,14}$/.test(value)) throw new InvalidArgumentError("a whole number from 1 is wanted");
  return Number(value);
};

function addList(receipts: Command, { perform }: ProgramParts, say: Say): void {
  receipts
    .command("list")
    .description(say(words.list))
    .addOption(new Option("--limit <count>", say(words.limit)).argParser(wholeNumber).default(20))
    .addOption(new Option("--before <seq>", say(words.before)).argParser(wholeNumber))
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
    .addOption(new Option("--segment <n>", say(words.segment)).argParser(wholeNumber))
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
const moment = (value: string): number => {
  const day = /^\d{4}-\d\d-\d\d$/.test(value);
  const at = /^\d{4}-\d\d-\d\d/.test(value) ? Date.parse(day ? `${value}T00:00:00` : value) : NaN;
  if (Number.isNaN(at))
    throw new InvalidArgumentError("a date is wanted, e.g. 2026-03-14 or 2026-03-14T10:00:00+08:00");
  return at;
};

function addReplay(receipts: Command, { perform }: ProgramParts, say: Say): void {
  receipts
    .command("replay")
    .description(say(words.replay))
    .option("--profile <name>", say(words.replayProfile))
    .addOption(new Option("--since <date>", say(words.replaySince)).argParser(moment))
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
