import type { Command } from "commander";
import { helpWords as words } from "./help-words.ts";
import {
  profileListCommand,
  profileShowCommand,
  profileTestCommand,
  type ProfileTestOptions,
} from "./profile-commands.ts";
import { profileNewCommand, type ProfileNewOptions } from "./profile-new-command.ts";
import type { ProgramParts } from "./program-parts.ts";
import type { Text } from "./text.ts";

/** Adds the commands below `storeloop profile`. */
export function addProfileCommands(profile: Command, { perform, locale }: ProgramParts): void {
  const say = (words: Text): string => words[locale];
  profile
    .command("list")
    .description(say(words.profileList))
    .action((_options: unknown, self: Command) => perform(self.optsWithGlobals(), profileListCommand));
  profile
    .command("show <name>")
    .description(say(words.profileShow))
    .action((name: string, _options: unknown, self: Command) =>
      perform(self.optsWithGlobals(), (invocation) => profileShowCommand(invocation, name)),
    );
  profile
    .command("new")
    .description(say(words.profileNew))
    .requiredOption("--from <capture...>", say(words.profileFrom))
    .option("--name <name>", say(words.profileName))
    .option("--charset <name>", say(words.charset))
    .action((options: ProfileNewOptions, self: Command) =>
      perform(self.optsWithGlobals(), (invocation) => profileNewCommand(invocation, options)),
    );
  profile
    .command("test")
    .argument("[words...]", say(words.profileTestWords))
    .description(say(words.profileTest))
    .option("--charset <name>", say(words.charset))
    .action((files: readonly string[], options: ProfileTestOptions, self: Command) =>
      perform(self.optsWithGlobals(), (invocation) => profileTestCommand(invocation, files, options)),
    );
}
