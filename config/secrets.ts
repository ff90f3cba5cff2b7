import { isAbsolute, resolve } from "node:path";
import { formatPath, type ConfigFault, type Path } from "./fault.ts";
import { fileTrouble } from "./file-trouble.ts";
import type { RuleText, Text } from "./rules.ts";
import { looksLikeSecret, secretOfKey, secretRules, type SecretName } from "./secret-rules.ts";
import { Secret, type SecretOrigin } from "./secret.ts";
import type { SourceMap } from "./source-map.ts";

/** How secrets are got at. */
export interface SecretAccess {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Reads a text file by its absolute path; throws when it cannot. */
  readonly readSecretFile: (path: string) => string;
  /** Folder that relative paths of the configuration start from. */
  readonly base: string;
}

/** The secrets of a configuration, as far as they are given and could be read. */
export interface Secrets {
  /** By the path of the value that holds it and its name, e.g. `uplink.password`. */
  readonly found: ReadonlyMap<string, Secret>;
  readonly faults: readonly ConfigFault[];
}

/** Reads the secrets a configuration names, wherever they stand. What cannot be read or does not fit is a fault at the key that names it. */
export function readSecrets(value: unknown, map: SourceMap, access: SecretAccess): Secrets {
  const found = new Map<string, Secret>();
  const faults = placesIn(value).flatMap((place) => {
    const read = readAt(place, map, access);
    if (!(read instanceof Secret)) return [read];
    found.set(formatPath([...place.path, place.name]), read);
    return [];
  });
  return { found, faults };
}

/** An object of the file that names a secret. */
interface Place {
  readonly path: Path;
  readonly holder: object;
  readonly name: SecretName;
}

function placesIn(value: unknown, path: Path = []): readonly Place[] {
  if (typeof value !== "object" || value === null) return [];
  const steps: readonly (string | number)[] = Array.isArray(value) ? [...value.keys()] : Object.keys(value);
  const names = new Set(steps.flatMap((step) => (typeof step === "string" ? (secretOfKey(step) ?? []) : [])));
  return [
    ...[...names].map((name) => ({ path, holder: value, name })),
    ...steps.flatMap((step) => placesIn(Reflect.get(value, step), [...path, step])),
  ];
}

function readAt({ path, holder, name }: Place, map: SourceMap, access: SecretAccess): Secret | ConfigFault {
  const [fileKey, envKey] = [`${name}File`, `${name}Env`];
  const file = textAt(holder, fileKey);
  const variable = textAt(holder, envKey);
  if (file !== undefined && variable !== undefined)
    return map.fault("SECRET_TWICE", [...path, envKey], "key", twiceText(fileKey, envKey));
  const key = [...path, Object.hasOwn(holder, fileKey) ? fileKey : envKey];
  const origin = originOf(file, variable, access.base);
  // What is no text, or empty, the schema complains of.
  if (origin === undefined) return map.fault("SECRET_UNREADABLE", key, "value", emptyText);
  if (looksLikeSecret(file ?? variable ?? "")) return map.fault("SECRET_INLINE", key, "value", inlineText);
  const got = obtain(origin, access);
  if (!(got instanceof Secret)) return map.fault("SECRET_UNREADABLE", key, "value", got);
  const broken = secretRules[name](got.reveal(), holder);
  return broken === undefined ? got : map.fault("SECRET_WEAK", key, "value", broken);
}

function originOf(file: string | undefined, variable: string | undefined, base: string): SecretOrigin | undefined {
  if (file !== undefined) return { kind: "file", name: isAbsolute(file) ? file : resolve(base, file) };
  return variable === undefined ? undefined : { kind: "env", name: variable };
}

function obtain(origin: SecretOrigin, access: SecretAccess): Secret | RuleText {
  let text: string | undefined;
  try {
    text = origin.kind === "env" ? access.env[origin.name] : access.readSecretFile(origin.name);
  } catch (error) {
    return unreadable(origin, fileTrouble(error));
  }
  // Editors end a file with a line break that belongs to no secret.
  const secret = text?.replace(/[\r\n]+$/, "");
  if (secret === undefined) return unreadable(origin, notSet);
  return secret === "" ? unreadable(origin, emptyFile) : new Secret(secret, origin);
}

function textAt(holder: object, key: string): string | undefined {
  const text: unknown = Object.hasOwn(holder, key) ? Reflect.get(holder, key) : undefined;
  return typeof text === "string" && text.trim() !== "" ? text : undefined;
}

const notSet: Text = { "zh-CN": "未设置", en: "not set" };
const emptyFile: Text = { "zh-CN": "文件是空的", en: "it is empty" };

const unreadable = (origin: SecretOrigin, why: Text): RuleText =>
  origin.kind === "file"
    ? {
        message: {
          "zh-CN": `读不到密钥文件(${why["zh-CN"]})`,
          en: `cannot read the secret from the file (${why.en})`,
        },
        hint: {
          "zh-CN": `检查 ${origin.name} 是否存在、非空,并允许本服务读取。`,
          en: `Check that ${origin.name} exists, is not empty and may be read by the service.`,
        },
      }
    : {
        message: { "zh-CN": `环境变量未设置或为空`, en: `the environment variable is not set or empty` },
        hint: {
          "zh-CN": `为本服务设置 ${origin.name},或改用文件。`,
          en: `Set ${origin.name} for the service, or use a file instead.`,
        },
      };

const twiceText = (fileKey: string, envKey: string): RuleText => ({
  message: { "zh-CN": `${fileKey} 与 ${envKey} 同时出现`, en: `both ${fileKey} and ${envKey} are given` },
  hint: { "zh-CN": "只保留一个。", en: "Keep one of them." },
});

const inlineText: RuleText = {
  message: { "zh-CN": "这里像是密钥本身", en: "looks like the secret itself" },
  hint: {
    "zh-CN": "把密钥写进只有本服务可读的文件,这里写文件路径或环境变量名;这个密钥已暴露,请更换。",
    en: "Put the secret into a file that only the service can read and name the file here, or a variable. This one was shown: change it.",
  },
};

const emptyText: RuleText = {
  message: { "zh-CN": "没有写明密钥在哪里", en: "does not say where the secret is" },
  hint: {
    "zh-CN": "写文件路径或环境变量名,或删除这一行。",
    en: "Write a path or the name of a variable, or delete the line.",
  },
};
