import { readFile } from "node:fs/promises";
import type { Snapshot } from "../control/snapshot.ts";
import { errnoWords } from "../core/errno-words.ts";
import { catalogue } from "../core/error-catalogue.ts";
import { isErrorCode, type Locale } from "../core/errors.ts";
import { detailWords } from "./detail-words.ts";
import { fine, wrong, type Finding } from "./doctor-finding.ts";
import type { CliConfig } from "./operations.ts";
import { reach } from "./reach.ts";
import { text, type Text } from "./text.ts";

const defaultPorts: Readonly<Record<string, number>> = { "mqtt:": 1883, "mqtts:": 8883, "ws:": 80, "wss:": 443 };

/** Checks that the broker can be reached, with the TLS handshake where the address asks for it. Does not log in. */
export async function checkBroker({ uplink }: CliConfig, signal: AbortSignal): Promise<Finding> {
  const url = new URL(uplink.url);
  const tls = url.protocol === "mqtts:" || url.protocol === "wss:";
  let ca: string | undefined;
  try {
    ca = uplink.caFile === undefined ? undefined : await readFile(uplink.caFile, "utf8");
  } catch {
    return wrong(
      "broker",
      "fail",
      text(`读不到 caFile ${uplink.caFile ?? ""}`, `caFile ${uplink.caFile ?? ""} cannot be read`),
      remedies.ca,
    );
  }
  const result = await reach(
    {
      host: url.hostname.replaceAll(/^\[|\]$/g, ""),
      port: url.port === "" ? (defaultPorts[url.protocol] ?? 1883) : Number(url.port),
      tls,
      ...(ca === undefined ? {} : { ca }),
    },
    signal,
  );
  if (result.reached)
    return fine("broker", text(`消息服务器 ${uplink.url} 可连接`, `the broker at ${uplink.url} answers`));
  const what = text(
    `连不上消息服务器 ${uplink.url}(${errnoWords(result.reason)["zh-CN"]})`,
    `the broker at ${uplink.url} cannot be reached (${errnoWords(result.reason).en})`,
  );
  return wrong("broker", "fail", what, remedyFor(result.reason, tls));
}

/** What the daemon has against the broker though it can be reached: a login refused, a receiver that is silent. */
export function uplinkOfDaemon({ state, code, detail }: Snapshot["uplink"]): readonly Finding[] {
  if (state !== "disconnected" || code === undefined || !isErrorCode(code)) return [];
  const why = (locale: Locale): string => (detail === undefined ? code : `${code}: ${detailWords(detail, locale)}`);
  const what = text(`守护进程没有连上云端:${why("zh-CN")}`, `the daemon is not connected to the cloud: ${why("en")}`);
  return [wrong("uplink", "fail", what, catalogue[code])];
}

function remedyFor(reason: string, tls: boolean): Text {
  if (/CERT|SIGNED|ALTNAME/i.test(reason)) return remedies.certificate;
  // A broker without TLS may hang up on what it takes for garbage.
  return /SSL|EPROTO/i.test(reason) || (tls && reason === "ECONNRESET") ? remedies.noTls : remedies.network;
}

const remedies = {
  noTls: text(
    "该端口不是 TLS:mqtts:// 通常用 8883,mqtt:// 通常用 1883。",
    "That port does not speak TLS: mqtts:// is usually 8883, mqtt:// 1883.",
  ),
  ca: text("检查 uplink.caFile 的路径和权限。", "Check the path and permission of uplink.caFile."),
  certificate: text(
    "证书不被信任:检查 uplink.caFile、主机名和本机时间。",
    "The certificate is not trusted: check uplink.caFile, the host name and this machine's clock.",
  ),
  network: text(
    "检查网络、防火墙和 uplink.url;在此期间小票都保存在本机,不会丢失。",
    "Check the network, the firewall and uplink.url; meanwhile everything is kept on this machine and nothing is lost.",
  ),
} as const;
