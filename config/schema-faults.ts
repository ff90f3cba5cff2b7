import type * as z from "zod";
import type { ConfigFault, ConfigFaultCode, Path } from "./fault.ts";
import { knownKeys } from "./known-keys.ts";
import { ruleTextKey, type RuleText, type Text } from "./rules.ts";
import { isSecretName } from "./secret-rules.ts";
import type { SourceMap } from "./source-map.ts";
import { suggest } from "./suggest.ts";
import { isLeadingZero, leadingZeroText } from "./yaml-faults.ts";

type Issue = z.core.$ZodIssue;

/** The schema that complained, and the file that shows how it is done right. */
export interface Complaint {
  readonly schema: z.core.$ZodType;
  /** E.g. `config/example.yaml`. */
  readonly example: string;
}

/** Turns what the schema complained about into faults a technician can act on. */
export function schemaFaults(
  issues: readonly Issue[],
  value: unknown,
  map: SourceMap,
  { schema, example }: Complaint,
): readonly ConfigFault[] {
  const faults: ConfigFault[] = [];
  const misspelt = new Set<string>();
  for (const issue of issues) {
    if (issue.code !== "unrecognized_keys") continue;
    for (const key of issue.keys) {
      const path = stepsOf(issue.path);
      const allowed = knownKeys(path, value, schema);
      const meant = suggest(key, allowed);
      if (meant !== undefined) misspelt.add(pathKey([...path, meant]));
      faults.push(unknownKey([...path, key], allowed, meant, map));
    }
  }
  for (const issue of issues) {
    if (issue.code === "unrecognized_keys") continue;
    // The misspelt key is already reported with its right name: "missing" would say the same a second time.
    if (valueAt(value, issue.path) === undefined && misspelt.has(pathKey(issue.path))) continue;
    faults.push(describe(issue, value, map, example));
  }
  return faults;
}

const pathKey = (path: readonly PropertyKey[]): string => JSON.stringify(path.map(String));

const stepsOf = (path: readonly PropertyKey[]): Path =>
  path.map((step) => (typeof step === "number" ? step : String(step)));

const secretNames = /^(password|passwd|passphrase|secret|token|key|regionKey)$/i;

function unknownKey(path: Path, allowed: readonly string[], meant: string | undefined, map: SourceMap): ConfigFault {
  const key = String(path.at(-1));
  const secretKeys = allowed.filter((name) => /(File|Env)$/.test(name) && name !== "caFile");
  if ((secretNames.test(key) || isSecretName(key)) && secretKeys.length > 0)
    return map.fault("SECRET_INLINE", path, "key", {
      message: { "zh-CN": "密钥不能写在配置文件里", en: "secrets do not stand in the configuration file" },
      hint: {
        "zh-CN": `改用 ${secretKeys.join(" 或 ")},指向只有本服务可读的文件或环境变量。`,
        en: `Use ${secretKeys.join(" or ")}: a file only the service can read, or an environment variable.`,
      },
    });
  return map.fault("UNKNOWN_KEY", path, "key", {
    message: { "zh-CN": `未知的键 ${key}`, en: `unknown key ${key}` },
    hint:
      meant === undefined
        ? { "zh-CN": `此处可用:${allowed.join("、")}。`, en: `Known here: ${allowed.join(", ")}.` }
        : { "zh-CN": `是否想写 ${meant}?`, en: `Did you mean ${meant}?` },
  });
}

function describe(issue: Issue, value: unknown, map: SourceMap, example: string): ConfigFault {
  const path = stepsOf(issue.path);
  const actual = valueAt(value, path);
  if (path.length > 0 && actual === undefined)
    return map.fault("MISSING", path, "holder", missing(path, issue, example));
  if (issue.code === "invalid_type") return wrongType(issue.expected, actual, path, map);
  if (issue.code === "invalid_union" && path.at(-1) !== "type") return wrongType("object", actual, path, map);
  const [code, text] = broken(issue, actual, example);
  return map.fault(code, path, "value", text);
}

function broken(issue: Issue, actual: unknown, example: string): readonly [ConfigFaultCode, RuleText] {
  switch (issue.code) {
    case "custom": {
      const text: unknown = issue.params?.[ruleTextKey];
      return isRuleText(text) ? ["BAD_FORMAT", text] : ["BAD_FORMAT", plain(issue.message, example)];
    }
    case "invalid_value":
      return ["NOT_ALLOWED", notAllowed(actual, issue.values)];
    case "invalid_union":
      return ["NOT_ALLOWED", notAllowed(actual, optionsOf(issue))];
    case "too_small":
      return ["OUT_OF_RANGE", issue.origin === "array" ? emptyList : outOfRange(`>= ${String(issue.minimum)}`)];
    case "too_big":
      return ["OUT_OF_RANGE", outOfRange(`<= ${String(issue.maximum)}`)];
    default:
      return ["BAD_FORMAT", plain(issue.message, example)];
  }
}

/** What a discriminator may be, when the union says so. */
function optionsOf(issue: Issue): readonly unknown[] {
  return "options" in issue && Array.isArray(issue.options) ? issue.options : [];
}

const typeNames: Readonly<Record<string, Text>> = {
  string: { "zh-CN": "文本", en: "text" },
  number: { "zh-CN": "数字", en: "a number" },
  int: { "zh-CN": "整数", en: "a whole number" },
  boolean: { "zh-CN": " true 或 false", en: "true or false" },
  object: { "zh-CN": "一组“键: 值”", en: "a mapping (key: value)" },
  array: { "zh-CN": "列表(每项以 - 开头)", en: "a list (items begin with -)" },
  null: { "zh-CN": "空", en: "nothing" },
};

const typeName = (type: string): Text => typeNames[type] ?? { "zh-CN": type, en: type };

const typeOf = (value: unknown): string => {
  if (value === null || value === undefined) return "null";
  return Array.isArray(value) ? "array" : typeof value;
};

function wrongType(expected: string, actual: unknown, path: Path, map: SourceMap): ConfigFault {
  const written = map.written(path);
  if (expected === "string" && typeof actual === "number" && isLeadingZero(written?.source))
    return map.fault("LEADING_ZERO", path, "value", leadingZeroText(written.source));
  const [want, got] = [typeName(expected), typeName(typeOf(actual))];
  const source = written?.source ?? "";
  const scalar = typeof actual === "number" || typeof actual === "boolean";
  return map.fault("WRONG_TYPE", path, "value", {
    message: { "zh-CN": `应为${want["zh-CN"]},实为${got["zh-CN"]}`, en: `expected ${want.en}, found ${got.en}` },
    hint:
      expected === "string" && scalar
        ? { "zh-CN": `加引号写成 "${source}"。`, en: `Put quotes round it: "${source}".` }
        : typeof actual === "string" && /^(number|int|boolean)$/.test(expected)
          ? bareHint
          : { "zh-CN": `写成${want["zh-CN"]}。`, en: `Write ${want.en} here.` },
  });
}

function missing(path: Path, issue: Issue, example: string): RuleText {
  const key = String(path.at(-1));
  const choices = optionsOf(issue).map(String).join(", ");
  return {
    message: { "zh-CN": "缺少", en: "is missing" },
    hint:
      choices === ""
        ? { "zh-CN": `在这里加上 ${key}:(见 ${example})。`, en: `Add ${key}: here (see ${example}).` }
        : { "zh-CN": `加上 ${key}:,取值之一:${choices}。`, en: `Add ${key}: with one of ${choices}.` },
  };
}

function notAllowed(actual: unknown, values: readonly unknown[]): RuleText {
  const options = values.map(String);
  const shown = textOf(actual);
  const twin = values.find((value) => String(value) === shown && typeof value !== typeof actual);
  const meant = typeof actual === "string" ? suggest(actual, options) : undefined;
  const message: Text = { "zh-CN": `不允许的值 ${shown}`, en: `${shown} is not allowed here` };
  // `protocolVersion: 5` is a number where the text "5" is meant, and the other way round.
  if (typeof twin === "string")
    return { message, hint: { "zh-CN": `加引号写成 "${shown}"。`, en: `Put quotes round it: "${shown}".` } };
  if (twin !== undefined) return { message, hint: bareHint };
  const list = options.join(", ");
  return {
    message,
    hint: {
      "zh-CN": `取值之一:${list}。${meant === undefined ? "" : `是否想写 ${meant}?`}`,
      en: `One of: ${list}.${meant === undefined ? "" : ` Did you mean ${meant}?`}`,
    },
  };
}

const textOf = (value: unknown): string =>
  typeof value === "string" || typeof value === "number" || typeof value === "boolean" ? String(value) : typeOf(value);

const bareHint: Text = { "zh-CN": "写数值本身,不加引号和单位。", en: "Write the bare value, without quotes or unit." };

const emptyList: RuleText = {
  message: { "zh-CN": "列表为空", en: "the list is empty" },
  hint: { "zh-CN": "至少写一项。", en: "Write at least one item." },
};

const outOfRange = (bound: string): RuleText => ({
  message: { "zh-CN": "超出允许范围", en: "is out of range" },
  hint: { "zh-CN": `应 ${bound}。`, en: `It must be ${bound}.` },
});

const plain = (message: string, example: string): RuleText => ({
  message: { "zh-CN": `无效的值(${message})`, en: message },
  hint: { "zh-CN": `参见 ${example}。`, en: `See ${example}.` },
});

function isRuleText(value: unknown): value is RuleText {
  return typeof value === "object" && value !== null && "message" in value && "hint" in value;
}

function valueAt(value: unknown, path: readonly PropertyKey[]): unknown {
  let current = value;
  for (const step of path) {
    if (typeof current !== "object" || current === null || !Object.hasOwn(current, step)) return undefined;
    current = Reflect.get(current, step);
  }
  return current;
}
