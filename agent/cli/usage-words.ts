import { StoreloopError } from "../core/errors.ts";

/** What commander says of a command line that it does not take, and the same in Chinese; the groups are what a person typed. */
const sentences: readonly (readonly [RegExp, string])[] = [
  [/^unknown command '(.*)'$/su, "没有命令 $1"],
  [/^unknown option '(.*)'$/su, "没有选项 $1"],
  [/^missing required argument '(.*)'$/su, "缺少参数 $1"],
  [/^option '(.*)' argument missing$/su, "选项 $1 后面缺少值"],
  [/^required option '(.*)' not specified$/su, "必须给出选项 $1"],
  [/^too many arguments(?: for '(?:.*)')?\. Expected \d+ arguments? but got \d+: (.*)\.$/su, "多余的参数:$1"],
  [/^option '(.*)' argument '(.*)' is invalid\. Allowed choices are (.*)\.$/su, "选项 $1 不能是 $2;取值之一:$3"],
  [/^option '(.*?)' argument '(.*)' is invalid\. (.*)$/su, "选项 $1 不能是 $2:$3"],
];

/** A command line that is not as `--help` says, from what commander says of it: in both languages, on one line, with its suggestion. */
export function usageError(said: string): StoreloopError {
  const [, what = said, meant] =
    /^(?:error: )?(.*?)(?:\n\(Did you mean (?:one of )?(.*)\?\))?$/su.exec(said.trimEnd()) ?? [];
  const known = sentences.find(([pattern]) => pattern.test(what));
  const chinese = known === undefined ? what : what.replace(known[0], known[1]);
  return new StoreloopError("USAGE", {
    "zh-CN": meant === undefined ? chinese : `${chinese};是否想写 ${meant}?`,
    en: meant === undefined ? what : `${what}; did you mean ${meant}?`,
  });
}
