import { accessSync, constants, readdirSync, statSync } from "node:fs";
import type { RadioPort } from "./radio.ts";

/** Where Linux lists its Bluetooth adapters, each as `hciN` (sysfs-class-bluetooth). */
export const adapterFolder = "/sys/class/bluetooth";

/** Whether what a radio is attached by is there, as far as that shows without opening it. */
export type Presence = "there" | "gone" | "denied";

/**
 * Looks for an adapter or a serial port. A machine that lists no adapters at all may yet load the module that does: its adapter counts as
 * there, and opening it tells. Never throws.
 */
export function presenceOf(port: RadioPort, folder: string): Presence {
  if ("uart" in port) return presenceOfSerialPort(port.uart.port);
  const names = namesIn(folder);
  return names === undefined || adapterAmong(names, port.adapter) !== undefined ? "there" : "gone";
}

/**
 * The number of the device that a radio's serial port leads to; `undefined` when it leads nowhere. An adapter of the kernel has none: its
 * library asks for itself whether it is there.
 */
export function lineNumber(port: RadioPort): number | undefined {
  return "uart" in port ? statSync(port.uart.port, { throwIfNoEntry: false })?.rdev : undefined;
}

/** The numbers of the adapters in `folder`, from the lowest. */
export function adapterNumbers(folder: string): readonly number[] {
  return (namesIn(folder) ?? [])
    .flatMap((name) => /^hci(\d+)$/.exec(name)?.[1] ?? [])
    .map(Number)
    .toSorted((a, b) => a - b);
}

/** The adapter a radio means among the names in `folder`: the one of its number, else the first. */
export function adapterAmong(names: readonly string[], adapter: number | undefined): string | undefined {
  if (adapter !== undefined) return names.find((name) => name === `hci${adapter}`);
  return names.filter((name) => /^hci\d+$/.test(name)).toSorted((a, b) => Number(a.slice(3)) - Number(b.slice(3)))[0];
}

function namesIn(folder: string): readonly string[] | undefined {
  try {
    return readdirSync(folder);
  } catch {
    return undefined;
  }
}

function presenceOfSerialPort(path: string): Presence {
  try {
    accessSync(path, constants.R_OK | constants.W_OK);
    return "there";
  } catch (error) {
    return error instanceof Error && "code" in error && error.code === "EACCES" ? "denied" : "gone";
  }
}
