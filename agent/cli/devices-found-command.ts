import { printable } from "./columns.ts";
import { exitCode } from "./exit-code.ts";
import type { FoundDevice } from "./found-device.ts";
import type { Invocation } from "./invocation.ts";
import type { CliConfig } from "./operations.ts";
import { text, type Text } from "./text.ts";

/** `storeloop devices found`: what is plugged into this machine, each with the lines that put it into the configuration. No daemon is asked. */
export async function devicesFoundCommand<C extends CliConfig>({
  operations,
  terminal,
  json,
  say,
}: Invocation<C>): Promise<number> {
  const found = await operations.foundDevices();
  if (json) for (const device of found) terminal.out(JSON.stringify(device));
  else if (found.length === 0) terminal.out(say(nothing));
  else for (const device of found) for (const line of lines(device, say)) terminal.out(line);
  return exitCode.ok;
}

const nothing = text("没有找到可用的设备:检查 USB 线。", "Nothing usable is plugged in: check the USB cables.");

const kinds: Readonly<Record<FoundDevice["kind"], Text>> = {
  hid: text("扫码枪或磁条读卡器", "scanner or stripe reader"),
  serial: text("串口", "serial port"),
  "card-reader": text("读卡器", "card reader"),
  bluetooth: text("蓝牙适配器", "Bluetooth adapter"),
};

/** What it is as a comment, so that all of it can be copied. */
function lines(device: FoundDevice, say: (words: Text) => string): readonly string[] {
  return [`# ${say(kinds[device.kind])}: ${printable(device.name)}`, ...device.yaml.map(printable), ""];
}
