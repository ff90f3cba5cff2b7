import type { ControlClient } from "../control/control-client.ts";
import type { DeviceStatus } from "../control/snapshot.ts";
import type { LiveEvent } from "../core/live-event.ts";
import type { Ms } from "../core/time.ts";
import { printable } from "./columns.ts";
import { orCutOff } from "./cut-off.ts";
import { deviceNamed, noDevices } from "./device-commands.ts";
import { exitCode } from "./exit-code.ts";
import { daemonOf, type Invocation } from "./invocation.ts";
import { liveLine } from "./live-line.ts";
import { mark } from "./mark.ts";
import type { CliConfig } from "./operations.ts";
import { text, type Text } from "./text.ts";

/** Options of `devices test` and `devices identify`. */
export interface DeviceWaitOptions {
  /** How long is waited for each device. */
  readonly seconds: number;
}

/** Between two looks at whether a device has seen something. */
const lookMs: Ms = 300;

/** Follows the daemon while a person does things at devices. */
class Watch {
  readonly #daemon: ControlClient;
  readonly #signal: AbortSignal;
  readonly #latest = new Map<string, LiveEvent>();

  constructor(daemon: ControlClient, signal: AbortSignal) {
    this.#daemon = daemon;
    this.#signal = signal;
  }

  /** Notes what devices see, and not what is played, until aborted. */
  async follow(): Promise<void> {
    try {
      for await (const event of this.#daemon.watch(this.#signal))
        if ((event.type === "seen" || event.type === "recorded") && "deviceId" in event && event.isTest !== true)
          this.#latest.set(event.deviceId, event);
    } catch {
      // The daemon ended: the next look says so.
    }
  }

  /** The newest event of a device. */
  latestOf(deviceId: string): LiveEvent | undefined {
    return this.#latest.get(deviceId);
  }
}

/**
 * `storeloop devices test [device]`: asks for something to be done at each device in turn, and tells whether the agent saw it. Exit 1 when
 * one saw nothing, 130 when it is cut off.
 */
export async function devicesTestCommand<C extends CliConfig>(
  invocation: Invocation<C>,
  deviceId: string | undefined,
  options: DeviceWaitOptions,
): Promise<number> {
  return await orCutOff(invocation.terminal, () => testDevices(invocation, deviceId, options));
}

async function testDevices<C extends CliConfig>(
  invocation: Invocation<C>,
  deviceId: string | undefined,
  { seconds }: DeviceWaitOptions,
): Promise<number> {
  const { terminal, json, say } = invocation;
  const daemon = daemonOf(invocation);
  const snapshot = await daemon.status(terminal.signal);
  const devices = deviceId === undefined ? snapshot.devices : [deviceNamed(snapshot, deviceId)];
  if (devices.length === 0 && !json) terminal.out(say(noDevices));
  const done = new AbortController();
  const watch = new Watch(daemon, AbortSignal.any([terminal.signal, done.signal]));
  const following = watch.follow();
  let missing = 0;
  try {
    for (const device of devices) {
      const event = await waitFor(device, seconds, daemon, watch, invocation);
      if (event === undefined) missing += 1;
      tell(device, event, snapshot.store.timeZone, invocation);
    }
  } finally {
    done.abort();
    await following;
  }
  return missing === 0 ? exitCode.ok : exitCode.failure;
}

/** `"unseen"`: the device saw something that no event tells of. */
async function waitFor<C extends CliConfig>(
  device: DeviceStatus,
  seconds: number,
  daemon: ControlClient,
  watch: Watch,
  { terminal, say, json }: Invocation<C>,
): Promise<LiveEvent | "unseen" | undefined> {
  const { clock, signal } = terminal;
  if (!json) terminal.out(`… ${device.deviceId}  ${say(instructions[device.type] ?? generalInstruction)}`);
  const before = watch.latestOf(device.deviceId);
  const until = clock.monotonic() + seconds * 1000;
  for (;;) {
    const event = watch.latestOf(device.deviceId);
    if (event !== undefined && event !== before) return event;
    const now = deviceNamed(await daemon.status(signal), device.deviceId);
    if (now.lastSeenAtMs !== undefined && now.lastSeenAtMs !== device.lastSeenAtMs)
      return watch.latestOf(device.deviceId) ?? "unseen";
    if (clock.monotonic() >= until) return undefined;
    await clock.sleep(lookMs, signal);
  }
}

function tell<C extends CliConfig>(
  { deviceId, laneId, zoneId }: DeviceStatus,
  event: LiveEvent | "unseen" | undefined,
  timeZone: string,
  { terminal, say, json, locale }: Invocation<C>,
): void {
  const isSeen = event !== undefined;
  const shown = event === undefined || event === "unseen" ? undefined : event;
  if (json)
    return terminal.out(
      JSON.stringify({ deviceId, laneId, zoneId, seen: isSeen, ...(shown !== undefined && { event: shown }) }),
    );
  const what = shown === undefined ? say(isSeen ? alive : nothing) : liveLine(shown, timeZone, locale);
  terminal.out(`${mark(isSeen ? "ok" : "fail", terminal)} ${deviceId}  ${printable(what)}`);
  if (!isSeen) terminal.out(`    → ${say(lookHere)}`);
}

const alive = text("有反应", "it saw something");
const nothing = text("没有任何反应", "nothing was seen");
const lookHere = text(
  "检查电源、线缆和配置中的设备编号,再运行 storeloop doctor。",
  "Check power, cable and the device's identifiers in the configuration, then run `storeloop doctor`.",
);

/** What a person is to do at a device of each type. */
const instructions: Readonly<Record<string, Text>> = {
  nfc: text("请把会员卡或手机放到读卡器上……", "hold a member card or a phone to the reader ..."),
  hid: text("请扫一个条码或刷一张卡……", "scan a barcode or swipe a card ..."),
  ble: text("请把信标拿到附近……", "bring a beacon near ..."),
  "printer-tcp": text("请在 POS 上打印一张小票……", "print a receipt on the POS ..."),
  "printer-serial": text("请在 POS 上打印一张小票……", "print a receipt on the POS ..."),
  "print-folder": text("请在 POS 上打印一张小票……", "print a receipt on the POS ..."),
};

const generalInstruction = text("请操作一下这台设备……", "do something at this device ...");

/**
 * `storeloop devices identify <device>`: makes a device blink or beep, so that a person sees which one it is. One that cannot is found the
 * other way round: do something at it, and its name is told.
 */
export async function devicesIdentifyCommand<C extends CliConfig>(
  invocation: Invocation<C>,
  deviceId: string,
  options: DeviceWaitOptions,
): Promise<number> {
  return await orCutOff(invocation.terminal, () => identifyDevice(invocation, deviceId, options));
}

async function identifyDevice<C extends CliConfig>(
  invocation: Invocation<C>,
  deviceId: string,
  options: DeviceWaitOptions,
): Promise<number> {
  const { terminal, json, say } = invocation;
  const daemon = daemonOf(invocation);
  deviceNamed(await daemon.status(terminal.signal), deviceId);
  const outcome = await daemon.identify(deviceId, terminal.signal);
  if (outcome === "cannot") {
    if (!json)
      terminal.out(say(text("它没有灯或蜂鸣器,或不在线。", "It has no light or sound to show, or is not there.")));
    return await testDevices(invocation, deviceId, options);
  }
  if (json) terminal.out(JSON.stringify({ deviceId, outcome }));
  else terminal.out(`${mark("ok", terminal)} ${deviceId}  ${say(text("正在闪灯或鸣响", "blinks or beeps now"))}`);
  return exitCode.ok;
}
