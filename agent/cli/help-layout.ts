import { Help, type HelpConfiguration } from "commander";
import type { Locale } from "../core/errors.ts";
import { columnsOf } from "./columns.ts";
import { wrapped } from "./wrapping.ts";

/** Words that commander puts into a help of its own accord. */
const chinese: Readonly<Record<string, string>> = {
  "Usage:": "用法:",
  "Arguments:": "参数:",
  "Options:": "选项:",
  "Commands:": "命令:",
  "Global Options:": "每个命令都有的选项:",
};

const placeholders = (term: string): string => term.replace("[options]", "[选项]").replace("[command]", "[命令]");

/** How a help is laid out: wide characters taken into account, every word of it in the language of the call. */
export function helpLayout(locale: Locale): HelpConfiguration {
  const plain = new Help();
  const both: HelpConfiguration = {
    showGlobalOptions: true,
    // Narrow terminals are broken at their width as well.
    minWidthToWrap: 16,
    displayWidth: columnsOf,
    boxWrap: (paragraphs, columns) =>
      paragraphs
        .split("\n")
        .flatMap((paragraph) => wrapped(paragraph, columns))
        .join("\n"),
  };
  if (locale === "en") return both;
  return {
    ...both,
    styleTitle: (title) => chinese[title] ?? title,
    commandUsage: (command) => placeholders(plain.commandUsage(command)),
    subcommandTerm: (command) => placeholders(plain.subcommandTerm(command)),
    optionDescription: (option) =>
      plain
        .optionDescription(option)
        .replace(
          /\(choices: (.*?)(?=[,)] ?(?:default|$))/u,
          (_, choices: string) => `(取值:${choices.replaceAll('"', "")}`,
        )
        .replace(/default: (.*)\)$/u, (_, value: string) => `默认 ${value.replaceAll('"', "")})`),
  };
}
