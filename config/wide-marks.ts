import type { ConfigFault } from "./fault.ts";
import type { RuleText } from "./rules.ts";

/**
 * Marks that an input method for Chinese types in the place of those of YAML, where YAML would take them: a colon behind a key, a quote in
 * front of a value, a blank in front of a line. Asked of a file that is wrong anyway, because the parser sees plain text in them.
 */
export function wideMarks(text: string): readonly ConfigFault[] {
  return text.split("\n").flatMap((line, index) =>
    marks.flatMap(({ pattern, said }) => {
      const at = pattern.exec(line)?.indices?.[1]?.[0];
      if (at === undefined) return [];
      return [{ code: "YAML_SYNTAX", line: index + 1, column: at + 1, path: "", ...said } as const];
    }),
  );
}

const marks: readonly { readonly pattern: RegExp; readonly said: RuleText }[] = [
  {
    pattern: /^[\s-]*[\w.-]+ *(\uFF1A)/d,
    said: {
      message: { "zh-CN": "键后面是全角冒号", en: "the colon behind the key is a full-width one" },
      hint: {
        "zh-CN": "切换到英文输入法,写半角冒号,后面空一格。",
        en: "Switch to English input and write a plain colon with a blank behind it.",
      },
    },
  },
  {
    pattern: /^[^#'"]*[:[,{-] +([\u201C\u201D\u2018\u2019\uFF02])/d,
    said: {
      message: { "zh-CN": "值的引号是中文引号", en: "the quotes round the value are not plain ones" },
      hint: {
        "zh-CN": '切换到英文输入法,写半角引号 "。',
        en: 'Switch to English input and write plain quotes: ".',
      },
    },
  },
  {
    pattern: /^[\s-]*?([\u3000\u00A0])/d,
    said: {
      message: { "zh-CN": "缩进用了全角空格", en: "a wide blank is used as indentation" },
      hint: { "zh-CN": "切换到英文输入法,缩进只用半角空格。", en: "Indent with plain spaces only." },
    },
  },
];
