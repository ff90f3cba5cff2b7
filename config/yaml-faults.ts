import { isPair, isScalar, visit, type Document, type YAMLError } from "yaml";
import type { ConfigFault, Path } from "./fault.ts";
import type { RuleText, Text } from "./rules.ts";
import type { SourceMap } from "./source-map.ts";

/** What the parser itself complained about, duplicate keys included. */
export function syntaxFaults(document: Document, map: SourceMap, text: string): readonly ConfigFault[] {
  const found = [...document.errors, ...document.warnings];
  // Behind a tab nothing is where the parser thinks it is: what else it complains of comes of that.
  const tabs = found.filter((error) => error.code === "TAB_AS_INDENT");
  const told = new Set<number>();
  return (tabs.length > 0 ? tabs : found).flatMap((error) => {
    const code =
      error.code === "DUPLICATE_KEY" ? "DUPLICATE_KEY" : tagErrors.has(error.code) ? "TAG_REFUSED" : "YAML_SYNTAX";
    const fault = map.faultAt(code, error.pos[0], [], describe(error, text));
    if (code !== "YAML_SYNTAX") return [fault];
    // One slip makes the parser stumble several times on its line.
    if (told.has(fault.line)) return [];
    told.add(fault.line);
    return [fault];
  });
}

/** Parts of YAML that a shop's configuration has no use for and that surprise people: anchors, aliases, tags. */
export function refusedFeatures(document: Document, map: SourceMap): readonly ConfigFault[] {
  const faults: ConfigFault[] = [];
  visit(document, {
    Alias: (_, node) => void faults.push(map.faultAt("ALIAS_REFUSED", node.range?.[0] ?? 0, [], aliasText)),
    Node: (_, node) => {
      if ("anchor" in node && node.anchor !== undefined)
        faults.push(map.faultAt("ALIAS_REFUSED", node.range?.[0] ?? 0, [], aliasText));
      else if ("tag" in node && node.tag !== undefined && !/^tag:yaml\.org,2002:(map|seq|str)$/.test(node.tag))
        faults.push(map.faultAt("TAG_REFUSED", node.range?.[0] ?? 0, [], tagText));
    },
  });
  return faults;
}

/** Numbers written with leading zeros: YAML 1.2 reads `010` as 10, YAML 1.1 as 8, and a person meant the text. */
export function leadingZeros(document: Document, map: SourceMap): readonly ConfigFault[] {
  const faults: ConfigFault[] = [];
  visit(document, {
    Scalar: (key, node, parents) => {
      if (key === "key" || typeof node.value !== "number" || !isLeadingZero(node.source)) return;
      const path = pathOf(parents, key);
      faults.push(map.faultAt("LEADING_ZERO", node.range?.[0] ?? 0, path, leadingZeroText(node.source)));
    },
  });
  return faults;
}

/** Whether a plain scalar is a number with leading zeros, like `0117`. */
export function isLeadingZero(source: string | undefined): source is string {
  return source !== undefined && /^[-+]?0[0-9]+(\.[0-9]*)?$/.test(source);
}

/** What to say about {@link isLeadingZero}. */
export function leadingZeroText(source: string): RuleText {
  return {
    message: {
      "zh-CN": `${source} 没有加引号,YAML 会读成数字 ${Number(source)},前导零丢失`,
      en: `${source} without quotes is read as the number ${Number(source)}: the leading zero is lost`,
    },
    hint: {
      "zh-CN": `若是编号,请加引号写成 "${source}";若是数量,请写 ${Number(source)}。`,
      en: `If it is a code, put quotes round it: "${source}". If it is a quantity, write ${Number(source)}.`,
    },
  };
}

const tagErrors: ReadonlySet<string> = new Set(["TAG_RESOLVE_FAILED", "MULTIPLE_TAGS", "BAD_COLLECTION_TYPE"]);

const aliasText: RuleText = {
  message: { "zh-CN": "这里不支持锚点 & 和别名 *", en: "anchors (&) and aliases (*) are not used here" },
  hint: {
    "zh-CN": "直接写出值;若文本本身以 & 或 * 开头,请加引号。",
    en: "Write the value out; quote it if the text itself begins with & or *.",
  },
};

const tagText: RuleText = {
  message: { "zh-CN": "这里不支持标签 !", en: "tags (!) are not used here" },
  hint: { "zh-CN": "删除标签;若文本以 ! 开头,请加引号。", en: "Delete the tag; quote the value if it begins with !." },
};

const duplicate = (key: string): RuleText => ({
  message: { "zh-CN": `同一层里键 ${key} 出现了两次`, en: `${key} stands twice in the same mapping` },
  hint: { "zh-CN": "只保留一个。", en: "Keep one of them." },
});

const syntaxHint: Text = {
  "zh-CN": "检查这一行和上一行:缩进用空格,冒号后有空格,引号和括号成对。",
  en: "Look at this line and the one above: indent with spaces, a blank after each colon, quotes and brackets in pairs.",
};

const openQuote: Text = { "zh-CN": "引号没有闭合", en: "a quote is not closed" };

const words: Readonly<Record<string, Text>> = {
  BAD_INDENT: { "zh-CN": "缩进不一致", en: "the indentation does not fit" },
  TAB_AS_INDENT: { "zh-CN": "缩进用了制表符", en: "a tab is used as indentation" },
  UNEXPECTED_TOKEN: { "zh-CN": "此处有意外的字符", en: "something unexpected stands here" },
  BLOCK_AS_IMPLICIT_KEY: {
    "zh-CN": "一行里有两个冒号,或缩进有误",
    en: "two colons on one line, or wrong indentation",
  },
  MULTILINE_IMPLICIT_KEY: {
    "zh-CN": "键跨了多行,可能缺少冒号",
    en: "a key runs over several lines: a colon may be missing",
  },
  NON_STRING_KEY: { "zh-CN": "键只能是文本", en: "a key must be text" },
  MULTIPLE_DOCS: { "zh-CN": "文件里有多个文档(---)", en: "there is more than one document (---) in the file" },
  MISSING_CHAR: {
    "zh-CN": "缺少引号、冒号、逗号或括号",
    en: "a quote, a colon, a comma or a bracket is missing",
  },
  BAD_DQ_ESCAPE: {
    "zh-CN": "双引号内的反斜杠写法无效",
    en: "a backslash in double quotes means nothing here",
  },
  BLOCK_IN_FLOW: { "zh-CN": "花括号或方括号没有闭合", en: "a brace or a bracket is not closed" },
  BAD_SCALAR_START: { "zh-CN": "值以保留字符开头", en: "the value begins with a reserved character" },
};

function describe(error: YAMLError, text: string): RuleText {
  if (error.code === "DUPLICATE_KEY") return duplicate(keyAt(text, error.pos[0]));
  if (tagErrors.has(error.code)) return tagText;
  if (/^Missing closing .quote/.test(error.message)) return { message: openQuote, hint: syntaxHint };
  const en = error.message.split("\n", 1)[0] ?? error.message;
  return { message: words[error.code] ?? { "zh-CN": `YAML 语法错误(${en})`, en }, hint: syntaxHint };
}

/** The key at a position; where that is behind it, because it has no value, the key of the line. */
function keyAt(text: string, offset: number): string {
  const here = /^["']?[\w.-]+["']?/.exec(text.slice(offset))?.[0];
  if (here !== undefined) return here;
  const line = text.slice(text.lastIndexOf("\n", offset - 1) + 1, offset);
  return /([\w.-]+)["']?\s*:\s*$/.exec(line)?.[1] ?? "";
}

/** The path of a node that `visit` stands on, from its ancestors. */
function pathOf(parents: readonly unknown[], key: unknown): Path {
  const path: (string | number)[] = [];
  parents.forEach((parent, index) => {
    const next = parents[index + 1];
    if (isPair(parent)) path.push(isScalar(parent.key) ? String(parent.key.value) : "?");
    else if (hasItems(parent) && next !== undefined && !isPair(next)) path.push(parent.items.indexOf(next));
  });
  return typeof key === "number" ? [...path, key] : path;
}

const hasItems = (node: unknown): node is { items: readonly unknown[] } =>
  typeof node === "object" && node !== null && "items" in node && Array.isArray(node.items);
