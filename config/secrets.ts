import { isAbsolute, resolve } from "node:path";
import type { ConfigFault } from "./fault.ts";
import type { RuleText } from "./rules.ts";
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
  readonly regionKey?: Secret;
  readonly password?: Secret;
  readonly faults: readonly ConfigFault[];
}

/** A region key protects card numbers against guessing: 32 characters are 128 bits even when written in hexadecimal. */
const leastKeyLength = 32;

/** Reads the secrets a configuration names. What cannot be read is a fault at the key that names it. */
export function readSecrets(value: unknown, map: SourceMap, access: SecretAccess): Secrets {
  const regionKey = read(value, "identity", "regionKey", map, access);
  const password = read(value, "uplink", "password", map, access);
  const short = regionKey.secret !== undefined && regionKey.secret.reveal().length < leastKeyLength;
  const weak = short ? [map.fault("SECRET_WEAK", ["identity", regionKey.key ?? ""], "value", weakText)] : [];
  return {
    ...(regionKey.secret === undefined ? {} : { regionKey: regionKey.secret }),
    ...(password.secret === undefined ? {} : { password: password.secret }),
    faults: [...regionKey.faults, ...weak, ...password.faults],
  };
}

interface Read {
  readonly key?: string;
  readonly secret?: Secret;
  readonly faults: readonly ConfigFault[];
}

function read(value: unknown, section: string, name: string, map: SourceMap, access: SecretAccess): Read {
  const [fileKey, envKey] = [`${name}File`, `${name}Env`];
  const file = textAt(value, section, fileKey);
  const variable = textAt(value, section, envKey);
  if (file !== undefined && variable !== undefined)
    return { faults: [map.fault("SECRET_TWICE", [section, envKey], "key", twiceText(fileKey, envKey))] };
  const key = file === undefined ? envKey : fileKey;
  const origin = originOf(file, variable, access.base);
  if (origin === undefined) return { faults: [] };
  const got = obtain(origin, access);
  return got instanceof Secret
    ? { key, secret: got, faults: [] }
    : { faults: [map.fault("SECRET_UNREADABLE", [section, key], "value", got)] };
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
    return unreadable(origin, error instanceof Error ? error.message : String(error));
  }
  // Editors end a file with a line break that belongs to no secret.
  const secret = text?.replace(/[\r\n]+$/, "");
  if (secret === undefined) return unreadable(origin, "not set");
  return secret === "" ? unreadable(origin, "empty") : new Secret(secret, origin);
}

function textAt(value: unknown, section: string, key: string): string | undefined {
  if (typeof value !== "object" || value === null || !Object.hasOwn(value, section)) return undefined;
  const inner: unknown = Reflect.get(value, section);
  if (typeof inner !== "object" || inner === null || !Object.hasOwn(inner, key)) return undefined;
  const text: unknown = Reflect.get(inner, key);
  return typeof text === "string" && text.trim() !== "" ? text : undefined;
}

const unreadable = (origin: SecretOrigin, detail: string): RuleText =>
  origin.kind === "file"
    ? {
        message: { "zh-CN": `读不到密钥文件(${detail})`, en: `cannot read the secret from the file (${detail})` },
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

const weakText: RuleText = {
  message: {
    "zh-CN": `区域密钥太短(少于 ${leastKeyLength} 个字符)`,
    en: `the region key is too short (under ${leastKeyLength} characters)`,
  },
  hint: {
    "zh-CN": "用 openssl rand -hex 32 生成,区域内所有门店用同一个。",
    en: "Make one with `openssl rand -hex 32` and use the same in every store of the region.",
  },
};
