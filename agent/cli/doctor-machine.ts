import { join } from "node:path";
import type { CardService, FoundDevice } from "./found-device.ts";
import { linkedName, lineOf, namesIn, textOf } from "./machine-files.ts";

/** The machine as `doctor` looks at it, without opening a device. */
export interface Machine {
  /** Where its folders begin. */
  readonly root: string;
  readonly found: readonly FoundDevice[];
  readonly cardService: () => Promise<CardService>;
  /** Whose rights count: the process of the daemon where it runs, else this one. */
  readonly process: number | "self";
  readonly signal: AbortSignal;
}

/** The kernel modules that are loaded (proc(5), /proc/modules). */
export async function loadedModules(root: string): Promise<ReadonlySet<string>> {
  return new Set((await textOf(root, "proc/modules")).split("\n").map((line) => line.split(" ")[0] ?? ""));
}

/** Whether a process of that name runs (proc(5), /proc/pid/comm). */
export async function isRunning(root: string, name: string): Promise<boolean> {
  const pids = (await namesIn(root, "proc")).filter((entry) => /^\d+$/.test(entry));
  const names = await Promise.all(pids.map((pid) => lineOf(root, "proc", pid, "comm")));
  return names.includes(name);
}

/** Numbers of capabilities (capabilities(7), linux/capability.h). */
const netAdmin = 12n;
const netRaw = 13n;

/** Whether a process may use Bluetooth controllers: CAP_NET_ADMIN and CAP_NET_RAW in its effective set. `undefined`: the system does not say. */
export async function mayUseRadios(root: string, process: Machine["process"]): Promise<boolean | undefined> {
  const digits = /^CapEff:\s*([0-9a-f]+)$/im.exec(await statusOf(root, process))?.[1];
  if (digits === undefined) return undefined;
  const effective = BigInt(`0x${digits}`);
  return [netAdmin, netRaw].every((bit) => ((effective >> bit) & 1n) === 1n);
}

/** Whether this process runs as root while the machine has a user for the service. */
export async function isRootBesideUser(root: string): Promise<boolean> {
  const [status, users] = await Promise.all([statusOf(root, "self"), textOf(root, "etc/passwd")]);
  // Real, effective, saved, file system.
  const uid = /^Uid:\s*\d+\s+(\d+)/m.exec(status)?.[1];
  return uid === "0" && /^storeloop:/m.test(users);
}

async function statusOf(root: string, process: Machine["process"]): Promise<string> {
  return await textOf(root, "proc", String(process), "status");
}

/** Whether there is a unit for the service, and whether it or a file beside it gives both capabilities (systemd.exec(5), AmbientCapabilities). */
export async function unitOnRadios(root: string): Promise<"grants" | "denies" | "absent"> {
  const folder = join(root, "etc/systemd/system");
  const unit = await textOf(folder, "storeloop.service");
  if (unit === "") return "absent";
  const dropIns = await namesIn(folder, "storeloop.service.d");
  const more = await Promise.all(dropIns.map((name) => textOf(folder, "storeloop.service.d", name)));
  const granted = [...[unit, ...more].join("\n").matchAll(/^AmbientCapabilities=(.*)$/gm)].flatMap((line) =>
    (line[1] ?? "").split(/\s+/),
  );
  return ["CAP_NET_ADMIN", "CAP_NET_RAW"].every((name) => granted.includes(name)) ? "grants" : "denies";
}

/** How a Bluetooth radio is switched off: `soft` by a program, `hard` by a key or switch of the machine. */
export type RadioBlock = "soft" | "hard";

/** The block on one adapter, or with no name on any Bluetooth radio (Documentation/ABI/stable/sysfs-class-rfkill). */
export async function radioBlock(root: string, adapter?: string): Promise<RadioBlock | undefined> {
  const folder = join(root, "sys/class/rfkill");
  const blocks = await Promise.all(
    (await namesIn(folder)).map(async (name): Promise<RadioBlock | undefined> => {
      const [type, called, soft, hard] = await Promise.all(
        ["type", "name", "soft", "hard"].map((file) => lineOf(folder, name, file)),
      );
      const holder = (await linkedName(folder, name, "device")) ?? called;
      if (type !== "bluetooth" || (adapter !== undefined && holder !== adapter && called !== adapter)) return undefined;
      return hard === "1" ? "hard" : soft === "1" ? "soft" : undefined;
    }),
  );
  return blocks.find((block) => block !== undefined);
}
