import * as z from "zod";

/** A sentence in both languages of the field. */
export interface Text {
  readonly "zh-CN": string;
  readonly en: string;
}

/** What a broken rule says: what is wrong, and what to write instead. */
export interface RuleText {
  readonly message: Text;
  readonly hint: Text;
}

/** A TCP endpoint. */
export interface Endpoint {
  /** A name or an address; IPv6 without brackets. */
  readonly host: string;
  readonly port: number;
}

/** Key of a zod issue's `params` under which a rule's text travels to the fault. */
export const ruleTextKey = "ruleText";

/** The parameters of a zod refinement that says `text` when it is broken. */
export const rule = (text: RuleText) => ({ message: text.message.en, params: { [ruleTextKey]: text } });

/** Text that a regular expression fits. */
export const matching = (expression: RegExp, message: Text, hint: Text) =>
  z.string().refine((value) => expression.test(value), rule({ message, hint }));

/** A name that ends up in topics, paths and tables: no blanks, no `/`, `+` or `#`, which MQTT gives a meaning (MQTT 5.0, 4.7). */
export const identifier = matching(
  /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/,
  { "zh-CN": "不是有效的标识", en: "is not a valid identifier" },
  {
    "zh-CN": "使用 1 到 64 个字母、数字、点、下划线或连字符,并以字母或数字开头。",
    en: "Use 1 to 64 letters, digits, dots, underscores or hyphens, beginning with a letter or digit.",
  },
);

/** Any text that is not empty. */
export const nonEmpty = matching(
  /\S/,
  { "zh-CN": "不能为空", en: "must not be empty" },
  { "zh-CN": "填写一个值,或删除这一行。", en: "Write a value, or delete the line." },
);

/** An IANA time zone this machine's ICU knows. */
export const timeZone = z.string().refine(
  isTimeZone,
  rule({
    message: { "zh-CN": "不是 IANA 时区名称", en: "is not an IANA time zone" },
    hint: { "zh-CN": "例如 Asia/Shanghai 或 Europe/Berlin。", en: "For example Asia/Shanghai or Europe/Berlin." },
  }),
);

/** An ISO 4217 currency code this machine's ICU knows. */
export const currencyCode = z.string().refine(
  (value) => Intl.supportedValuesOf("currency").includes(value),
  rule({
    message: { "zh-CN": "不是 ISO 4217 货币代码", en: "is not an ISO 4217 currency code" },
    hint: { "zh-CN": "三个大写字母,例如 CNY 或 EUR。", en: "Three capital letters, for example CNY or EUR." },
  }),
);

/** `host:port`, with brackets round an IPv6 address (RFC 3986, 3.2.2). */
export const endpoint = z
  .string()
  .refine(
    (value) => parseEndpoint(value) !== undefined,
    rule({
      message: { "zh-CN": "不是“主机:端口”", en: "is not host:port" },
      hint: {
        "zh-CN": '写成 "127.0.0.1:9100";端口为 1 到 65535。',
        en: 'Write it like "127.0.0.1:9100"; the port is 1 to 65535.',
      },
    }),
  )
  .transform((value): Endpoint => parseEndpoint(value) ?? { host: value, port: 0 });

/** A broker's address without credentials: those come from `username` and `passwordFile` or `passwordEnv`. */
export const brokerUrl = z
  .string()
  .refine(
    isBrokerUrl,
    rule({
      message: { "zh-CN": "不是 MQTT 服务器地址", en: "is not the address of an MQTT broker" },
      hint: {
        "zh-CN": '写成 "mqtt://主机:1883" 或 "mqtts://主机:8883"(也可用 ws、wss)。',
        en: 'Write it like "mqtt://host:1883" or "mqtts://host:8883" (ws and wss work too).',
      },
    }),
  )
  .refine(
    (value) => !hasCredentials(value),
    rule({
      message: { "zh-CN": "地址里不能写用户名或密码", en: "must not hold a user name or password" },
      hint: {
        "zh-CN": "改用 username,以及 passwordFile 或 passwordEnv。",
        en: "Use username, and passwordFile or passwordEnv, instead.",
      },
    }),
  );

/** Topic levels without wildcards and without empty levels at the ends (MQTT 5.0, 4.7). */
export const topicPrefix = matching(
  /^[^/+#\s\0]+(\/[^/+#\s\0]+)*$/,
  { "zh-CN": "不是有效的主题前缀", en: "is not a topic prefix" },
  {
    "zh-CN": "用 / 分隔各级,开头和结尾没有 /,不含 + 或 #,例如 storeloop/v1。",
    en: "Separate levels by /, none at the ends, without + or #, for example storeloop/v1.",
  },
);

/** Name of an environment variable (POSIX.1-2017, XBD 8.1). */
export const environmentName = matching(
  /^[A-Za-z_][A-Za-z0-9_]*$/,
  { "zh-CN": "不是环境变量名", en: "is not the name of an environment variable" },
  { "zh-CN": "例如 STORELOOP_MQTT_PASSWORD。", en: "For example STORELOOP_MQTT_PASSWORD." },
);

function isTimeZone(value: string): boolean {
  // ICU also takes offsets and abbreviations, which have no daylight saving rules.
  if (!value.includes("/") && value !== "UTC") return false;
  try {
    return new Intl.DateTimeFormat("en", { timeZone: value }).resolvedOptions().timeZone !== "";
  } catch {
    return false;
  }
}

/** Reads `host:port`; nothing when it is not one. */
export function parseEndpoint(value: string): Endpoint | undefined {
  const found = /^(?:\[([0-9A-Fa-f:.]+)\]|([A-Za-z0-9._-]+)):([0-9]{1,5})$/.exec(value);
  const host = found?.[1] ?? found?.[2];
  const port = Number(found?.[3]);
  return host !== undefined && port >= 1 && port <= 65535 ? { host, port } : undefined;
}

function isBrokerUrl(value: string): boolean {
  const url = URL.parse(value);
  return url !== null && ["mqtt:", "mqtts:", "ws:", "wss:"].includes(url.protocol) && url.hostname !== "";
}

/** The opposite of {@link parseEndpoint}. */
export function formatEndpoint({ host, port }: Endpoint): string {
  return host.includes(":") ? `[${host}]:${port}` : `${host}:${port}`;
}

function hasCredentials(value: string): boolean {
  const url = URL.parse(value);
  return url !== null && (url.username !== "" || url.password !== "");
}

/** For an item that needs a key: without one nothing can be checked. `name` as in `secret-rules.ts`. */
export const keyText = (name: string) =>
  rule({
    message: { "zh-CN": `缺少 ${name}File 或 ${name}Env`, en: `${name}File or ${name}Env is missing` },
    hint: {
      "zh-CN": "写密钥文件的路径,或环境变量名。",
      en: "Name the file with the key, or the environment variable.",
    },
  });
