import type { Locale } from "../core/errors.ts";

/** A sentence in both languages of the field. */
export type Text = Readonly<Record<Locale, string>>;

/** Both languages, Chinese first. */
export const text = (chinese: string, english: string): Text => ({ "zh-CN": chinese, en: english });

/** The value of `--lang` in words that nobody has parsed yet. */
export function languageFlag(argv: readonly string[]): string | undefined {
  const asked = argv.find((word, index) => argv[index - 1] === "--lang" || word.startsWith("--lang="));
  return asked?.replace("--lang=", "");
}

/** The language to speak: the flag, else the configuration, else the environment (POSIX.1-2017, XBD 8.2), else English. */
export function chooseLocale(
  flag: string | undefined,
  configured: Locale | undefined,
  env: Readonly<Record<string, string | undefined>>,
): Locale {
  if (flag === "zh-CN" || flag === "en") return flag;
  if (configured !== undefined) return configured;
  const named = [env["LC_ALL"], env["LC_MESSAGES"], env["LANG"]].find((value) => value !== undefined && value !== "");
  return named?.toLowerCase().startsWith("zh") === true ? "zh-CN" : "en";
}
