import { createPrivateKey } from "node:crypto";
import type { RuleText } from "./rules.ts";

/** What makes a secret fit for its use: what is wrong with it, or nothing. */
type SecretRule = (secret: string, holder: object) => RuleText | undefined;

const anything: SecretRule = () => undefined;

/** The key that tokens are made with: it protects card numbers against guessing. */
const regionKey: SecretRule = (secret) => (/^[0-9A-Fa-f]{64}$/.test(secret.trim()) ? undefined : regionKeyText);

const aesKey: SecretRule = (secret) => (/^[0-9A-Fa-f]{32}$/.test(secret.trim()) ? undefined : hexText);

/** A key of a tag. `nfc-developer` makes the tags' keys from a master key that may be twice as long. */
const tagKey: SecretRule = (secret, holder) => {
  const key = secret.trim();
  const isMaster = "diversified" in holder && holder.diversified === "nfc-developer";
  if (!/^[0-9A-Fa-f]{32}$/.test(key) && !(isMaster && /^[0-9A-Fa-f]{64}$/.test(key))) return hexText;
  return /^0+$/.test(key) ? deliveredText : undefined;
};

const privateKey: SecretRule = (secret) => {
  try {
    const { asymmetricKeyType, asymmetricKeyDetails } = createPrivateKey(secret);
    return asymmetricKeyType === "ec" && asymmetricKeyDetails?.namedCurve === "prime256v1" ? undefined : pemText;
  } catch {
    return pemText;
  }
};

/**
 * Every secret of a configuration, by its name: it stands in the file as `<name>File` or `<name>Env`, wherever it stands, and each has
 * the rule that it must keep.
 */
export const secretRules = {
  regionKey,
  password: anything,
  /** AES-128 keys of an NTAG 424 DNA (NXP AN12196): SDMMetaReadKey, SDMFileReadKey, an application key. */
  metaReadKey: tagKey,
  fileReadKey: tagKey,
  authKey: tagKey,
  /** P-256 keys of a merchant, PEM: Apple VAS, Google Smart Tap. */
  privateKey,
  /** Eddystone-EID. */
  identityKey: aesKey,
  /** Identity Resolving Key (Bluetooth Core 5.4, Vol 3, Part H, 2.4.2.1). */
  irk: aesKey,
} as const satisfies Readonly<Record<string, SecretRule>>;

/** Name of a secret. */
export type SecretName = keyof typeof secretRules;

/** The secret that a key of the file names, if it is one. */
export function secretOfKey(key: string): SecretName | undefined {
  const name = /^(.+)(?:File|Env)$/.exec(key)?.[1];
  return name !== undefined && Object.hasOwn(secretRules, name) ? (name as SecretName) : undefined;
}

const regionKeyText: RuleText = {
  message: {
    "zh-CN": "区域密钥不是 64 个十六进制字符",
    en: "the region key is not 64 hexadecimal characters",
  },
  hint: {
    "zh-CN": "用 openssl rand -hex 32 生成,区域内所有门店用同一个。",
    en: "Make one with `openssl rand -hex 32` and use the same in every store of the region.",
  },
};

const hexText: RuleText = {
  message: { "zh-CN": "不是 128 位密钥", en: "is no 128-bit key" },
  hint: { "zh-CN": "写成 32 个十六进制字符。", en: "It must be 32 hexadecimal characters." },
};

const deliveredText: RuleText = {
  message: {
    "zh-CN": "是出厂密钥(全零),人人皆知",
    en: "is the key that tags are delivered with, which everybody knows",
  },
  hint: {
    "zh-CN": "用 openssl rand -hex 16 生成,并写入标签。",
    en: "Make one with `openssl rand -hex 16` and write it to the tags.",
  },
};

const pemText: RuleText = {
  message: { "zh-CN": "不是 P-256 私钥", en: "is no P-256 private key" },
  hint: {
    "zh-CN": "需要 PEM 格式的 EC 私钥(prime256v1),例如 openssl ecparam -genkey -name prime256v1 的输出。",
    en: "An EC private key on prime256v1 in PEM form is wanted, as `openssl ecparam -genkey -name prime256v1` makes.",
  },
};

/** Whether text that should say where a secret is looks like the secret itself: then it must not be shown. */
export function looksLikeSecret(text: string): boolean {
  return /^\s*[0-9A-Fa-f]{32,}\s*$/.test(text) || text.includes("PRIVATE KEY");
}

/** Whether a key of the file is the plain name of a secret. */
export function isSecretName(key: string): boolean {
  return Object.hasOwn(secretRules, key);
}
