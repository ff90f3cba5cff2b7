import { hintOf, isErrorCode, StoreloopError } from "../core/errors.ts";
import type { DeviceStatus, Snapshot } from "../control/snapshot.ts";
import { printable } from "./columns.ts";
import { exitCode } from "./exit-code.ts";
import { formatSpan } from "./format.ts";
import { generalRemedy, healthWords } from "./health-words.ts";
import { daemonOf, type Invocation } from "./invocation.ts";
import { mark } from "./mark.ts";
import type { CliConfig } from "./operations.ts";
import { table } from "./table.ts";
import { text, type Text } from "./text.ts";

/** `storeloop devices`: each configured device with its state, what it last saw, what went wrong and what to do. */
export async function devicesCommand<C extends CliConfig>(invocation: Invocation<C>): Promise<number> {
  const { terminal, json } = invocation;
  const snapshot = await daemonOf(invocation).status(terminal.signal);
  if (json) for (const device of snapshot.devices) terminal.out(JSON.stringify(device));
  else for (const line of deviceLines(snapshot, invocation)) terminal.out(line);
  return snapshot.devices.every(({ health }) => health.state === "up" || health.state === "starting")
    ? exitCode.ok
    : exitCode.failure;
}

/** The device of a name; throws `DEVICE_UNKNOWN` when there is none. */
export function deviceNamed({ devices }: Snapshot, deviceId: string): DeviceStatus {
  const device = devices.find((one) => one.deviceId === deviceId);
  if (device !== undefined) return device;
  const names = devices.map((one) => one.deviceId).join(", ");
  throw new StoreloopError("DEVICE_UNKNOWN", `no device is named ${deviceId}; there are: ${names}`);
}

/** Said where there is nothing to list or to test. */
export const noDevices = text("没有配置设备。", "No devices are configured.");

const stateMarks = { starting: "warn", up: "ok", down: "fail", failed: "fail" } as const;

function deviceLines<C extends CliConfig>(snapshot: Snapshot, call: Invocation<C>): readonly string[] {
  const { say, locale, terminal } = call;
  if (snapshot.devices.length === 0) return [say(noDevices)];
  const titles: readonly Text[] = [
    text("设备", "Device"),
    text("收银台/区域", "Lane or zone"),
    text("类型", "Type"),
    text("状态", "State"),
    text("最近动作", "Last seen"),
    text("断开次数", "Faults"),
  ];
  const ago = (atMs: number): string => formatSpan(Math.max(0, snapshot.atMs - atMs), locale);
  const [title = "", ...rows] = table(
    titles.map((column) => ({ title: say(column) })),
    snapshot.devices.map(({ deviceId, laneId, zoneId, type, health, lastSeenAtMs, faults }) => [
      deviceId,
      laneId ?? zoneId ?? "-",
      type,
      say(healthWords[health.state]),
      lastSeenAtMs === undefined ? "-" : say(text(`${ago(lastSeenAtMs)}前`, `${ago(lastSeenAtMs)} ago`)),
      String(faults),
    ]),
  );
  return [
    `  ${title}`,
    ...snapshot.devices.flatMap((device, index) => [
      `${mark(stateMarks[device.health.state], terminal)} ${rows[index] ?? ""}`,
      ...adviceLines(device, ago, call),
    ]),
  ];
}

/** What is wrong now and what to do; of a device that is well again, what was wrong. */
function adviceLines<C extends CliConfig>(
  { health, lastFault }: DeviceStatus,
  ago: (atMs: number) => string,
  { say, locale }: Invocation<C>,
): readonly string[] {
  if (health.state === "up" || health.state === "starting") {
    if (lastFault?.code === undefined) return [];
    const past = text(
      `上次故障 ${lastFault.code},${ago(lastFault.atMs)}前`,
      `last fault ${lastFault.code}, ${ago(lastFault.atMs)} ago`,
    );
    return [`    ${say(past)}`];
  }
  const seen = [health.code, health.detail].filter((part) => part !== undefined).join(": ");
  const remedy = isErrorCode(health.code) ? hintOf(health.code, locale) : say(generalRemedy);
  return [...(seen === "" ? [] : [`    ${printable(seen)}`]), `    → ${remedy}`];
}
