import { hintOf, isErrorCode } from "../core/errors.ts";
import type { Snapshot } from "../control/snapshot.ts";
import { printable } from "./columns.ts";
import { exitCode } from "./exit-code.ts";
import { formatBytes, formatSpan, formatTime } from "./format.ts";
import { generalRemedy, healthWords } from "./health-words.ts";
import { daemonOf, type Invocation } from "./invocation.ts";
import { mark } from "./mark.ts";
import type { CliConfig } from "./operations.ts";
import { table } from "./table.ts";
import { text } from "./text.ts";

/** `storeloop status`: how the daemon is doing, and what to do where it is not doing well. */
export async function statusCommand<C extends CliConfig>(invocation: Invocation<C>): Promise<number> {
  const { terminal } = invocation;
  const snapshot = await daemonOf(invocation).status(terminal.signal);
  if (invocation.json) terminal.out(JSON.stringify(snapshot));
  else for (const line of statusLines(snapshot, invocation)) terminal.out(line);
  return exitCode.ok;
}

type Speaker<C extends CliConfig> = Pick<Invocation<C>, "say" | "locale" | "terminal" | "operations">;

function statusLines<C extends CliConfig>(snapshot: Snapshot, call: Speaker<C>): readonly string[] {
  return [
    ...headLines(snapshot, call),
    verdict(snapshot, call),
    "",
    ...uplinkLines(snapshot, call),
    ...ledgerLines(snapshot, call),
    ...counterLines(snapshot, call),
    "",
    ...deviceLines(snapshot, call),
    ...alarmLines(snapshot, call),
  ];
}

function headLines<C extends CliConfig>(
  snapshot: Snapshot,
  { say, locale, operations }: Speaker<C>,
): readonly string[] {
  const up = formatSpan(snapshot.atMs - snapshot.startedAtMs, locale);
  const head = say(
    text(
      `storeloop ${snapshot.version} · 门店 ${snapshot.store.retailStoreId} · 代理 ${snapshot.agentId} · 已运行 ${up}(进程 ${snapshot.pid})`,
      `storeloop ${snapshot.version} · store ${snapshot.store.retailStoreId} · agent ${snapshot.agentId} · up ${up} (pid ${snapshot.pid})`,
    ),
  );
  if (snapshot.version === operations.version) return [head];
  const older = text(
    `  → 已安装 ${operations.version},但运行的是 ${snapshot.version}:重启服务。`,
    `  → ${operations.version} is installed, but ${snapshot.version} is running: restart the service.`,
  );
  return [head, say(older)];
}

function verdict<C extends CliConfig>({ uplink, devices, counters, alarms }: Snapshot, { say }: Speaker<C>): string {
  const down = devices.filter(({ health }) => health.state === "down" || health.state === "failed").length;
  const wrong = (uplink.state === "connected" ? 0 : 1) + down + alarms.length + (counters.refused > 0 ? 1 : 0);
  return say(
    wrong === 0 ? text("一切正常。", "All is well.") : text(`有 ${wrong} 处需要注意:`, `To be looked at: ${wrong}`),
  );
}

function uplinkLines<C extends CliConfig>({ uplink, ledger, atMs }: Snapshot, call: Speaker<C>): readonly string[] {
  const { say, locale, terminal } = call;
  const since = formatSpan(atMs - uplink.sinceMs, locale);
  const label = say(text("云端", "Cloud"));
  if (uplink.state === "connected") {
    const shipped =
      ledger.backlog === 0
        ? text("全部已确认", "everything acknowledged")
        : text(`${ledger.backlog} 条待确认`, `${ledger.backlog} entries not acknowledged yet`);
    const told = say(text(`已连接 ${since},`, `connected for ${since}, `)) + say(shipped);
    return [`${mark("ok", terminal)} ${label}  ${told}  (${uplink.url})`];
  }
  const told =
    uplink.state === "connecting"
      ? text(`正在连接(${since})`, `connecting for ${since}`)
      : text(`未连接(${since})`, `not connected for ${since}`);
  const kept = text(`;${ledger.backlog} 条已保存,等待发送`, `; ${ledger.backlog} entries kept and waiting`);
  return [
    `${mark(uplink.state === "connecting" ? "warn" : "fail", terminal)} ${label}  ${say(told)}${say(kept)}`,
    `    ${printable(uplink.url)}`,
    ...reasonLines(uplink.code, uplink.detail, call),
    ...(isErrorCode(uplink.code) || uplink.state === "connecting" ? [] : [`    → ${say(askDoctor)}`]),
  ];
}

const askDoctor = text(
  "运行 storeloop doctor 检查网络;数据都保存在本机,不会丢失。",
  "Run `storeloop doctor` to check the network; everything is kept on this machine and nothing is lost.",
);

function ledgerLines<C extends CliConfig>({ ledger }: Snapshot, { say, terminal }: Speaker<C>): readonly string[] {
  const told = text(
    `账本  ${ledger.headSeq} 条,已确认到 ${ledger.ackedSeq},${formatBytes(ledger.fileBytes)}`,
    `Ledger  ${ledger.headSeq} entries, acknowledged up to ${ledger.ackedSeq}, ${formatBytes(ledger.fileBytes)}`,
  );
  return [`${mark("ok", terminal)} ${say(told)}`];
}

function counterLines<C extends CliConfig>(
  { counters: c }: Snapshot,
  { say, terminal }: Speaker<C>,
): readonly string[] {
  const told = text(
    `启动以来  小票 ${c.receipts},重复 ${c.repeats},触碰 ${c.touches},扫码 ${c.scans},到访 ${c.visits},关联 ${c.links}`,
    `Since start  ${c.receipts} receipts, ${c.repeats} repeated, ${c.touches} touches, ${c.scans} scans, ${c.visits} visits, ${c.links} links`,
  );
  const lost = text(
    `  因队列满丢弃 ${c.shed},账本拒绝 ${c.refused}`,
    `  ${c.shed} dropped because the inbox was full, ${c.refused} refused by the ledger`,
  );
  const line = `${mark(c.refused > 0 ? "fail" : c.shed > 0 ? "warn" : "ok", terminal)} ${say(told)}`;
  return c.shed + c.refused === 0 ? [line] : [line, say(lost)];
}

const stateMarks = { starting: "warn", up: "ok", down: "fail", failed: "fail" } as const;

function deviceLines<C extends CliConfig>(snapshot: Snapshot, call: Speaker<C>): readonly string[] {
  const { say, locale, terminal } = call;
  if (snapshot.devices.length === 0) return [say(text("没有配置设备。", "No devices are configured."))];
  const [title = "", ...rows] = table(
    [
      text("设备", "Device"),
      text("收银台/区域", "Lane or zone"),
      text("类型", "Type"),
      text("状态", "State"),
      text("已持续", "For"),
    ].map((column) => ({ title: say(column) })),
    snapshot.devices.map(({ deviceId, laneId, zoneId, type, health }) => [
      deviceId,
      laneId ?? zoneId ?? "-",
      type,
      say(healthWords[health.state]),
      formatSpan(snapshot.atMs - health.sinceMs, locale),
    ]),
  );
  return [
    `  ${title}`,
    ...snapshot.devices.flatMap(({ health }, index) => [
      `${mark(stateMarks[health.state], terminal)} ${rows[index] ?? ""}`,
      ...(health.state === "up" ? [] : reasonLines(health.code, health.detail, call)),
      ...(health.state === "failed" && health.code === undefined ? [`    → ${say(generalRemedy)}`] : []),
    ]),
  ];
}

function alarmLines<C extends CliConfig>(snapshot: Snapshot, call: Speaker<C>): readonly string[] {
  if (snapshot.alarms.length === 0) return [];
  return [
    "",
    ...snapshot.alarms.flatMap(({ code, sinceMs, detail }) => [
      `${mark("fail", call.terminal)} ${call.say(text("告警", "Alarm"))} ${printable(code)}  ${call.say(text("始于", "since"))} ${formatTime(sinceMs, snapshot.store.timeZone, "full")}`,
      ...reasonLines(code, detail, call, false),
    ]),
  ];
}

/** What is seen, and what to do about it. */
function reasonLines<C extends CliConfig>(
  code: string | undefined,
  detail: string | undefined,
  { locale }: Speaker<C>,
  withCode = true,
): readonly string[] {
  if (code === undefined && detail === undefined) return [];
  const seen = [withCode ? code : undefined, detail].filter((part) => part !== undefined).join(": ");
  return [
    ...(seen === "" ? [] : [`    ${printable(seen)}`]),
    ...(isErrorCode(code) ? [`    → ${hintOf(code, locale)}`] : []),
  ];
}
