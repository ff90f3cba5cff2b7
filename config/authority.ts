import { X509Certificate } from "node:crypto";
import { isAbsolute, resolve } from "node:path";
import type { ConfigFault } from "./fault.ts";
import { fileTrouble } from "./file-trouble.ts";
import type { RuleText } from "./rules.ts";
import type { SecretAccess } from "./secrets.ts";
import type { SourceMap } from "./source-map.ts";

/** Reads the certificate that `uplink.caFile` names: without it no connection to the broker could begin. */
export function authorityFaults(given: unknown, map: SourceMap, access: SecretAccess): readonly ConfigFault[] {
  const uplink = property(given, "uplink");
  const caFile = property(uplink, "caFile");
  // What is no text, or empty, the schema complains of.
  if (typeof caFile !== "string" || caFile.trim() === "") return [];
  const path = isAbsolute(caFile) ? caFile : resolve(access.base, caFile);
  const text = wrongWith(path, access);
  return text === undefined ? [] : [map.fault("AUTHORITY_UNREADABLE", ["uplink", "caFile"], "value", text)];
}

function wrongWith(path: string, access: SecretAccess): RuleText | undefined {
  let pem: string;
  try {
    pem = access.readSecretFile(path);
  } catch (error) {
    const why = fileTrouble(error);
    return {
      message: { "zh-CN": `读不到证书文件(${why["zh-CN"]})`, en: `cannot read the certificate (${why.en})` },
      hint: {
        "zh-CN": `检查 ${path} 是否存在,并允许本服务读取;公共机构签发的证书不需要这一行。`,
        en: `Check that ${path} exists and may be read by the service; a certificate of a public authority needs no such line.`,
      },
    };
  }
  try {
    return new X509Certificate(pem).raw.length > 0 ? undefined : noCertificate;
  } catch {
    return noCertificate;
  }
}

const noCertificate: RuleText = {
  message: { "zh-CN": "不是 PEM 格式的证书", en: "is no certificate in PEM form" },
  hint: {
    "zh-CN": "文件应以 -----BEGIN CERTIFICATE----- 开头:签发消息服务器证书的机构的证书,不是密钥。",
    en: "It begins with -----BEGIN CERTIFICATE-----: the certificate of the authority that signed the broker's, and no key.",
  },
};

const property = (holder: unknown, key: string): unknown =>
  typeof holder === "object" && holder !== null && Object.hasOwn(holder, key) ? Reflect.get(holder, key) : undefined;
