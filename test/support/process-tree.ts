import { readdirSync, readFileSync, readlinkSync } from "node:fs";

/** What a process and everything below it hold, from /proc (proc(5)). */
export interface Held {
  /** Processes alive, the first one counted. */
  readonly processes: number;
  /** Processes that ended and that nobody has waited for. */
  readonly zombies: number;
  /** Open files and sockets of the first process alone. */
  readonly ownFiles: number;
  /** Of all of them. */
  readonly files: number;
  /** Resident memory of the first process alone, in bytes. */
  readonly ownRssBytes: number;
}

/** Counts what a process and its descendants hold now. */
export function heldBy(pid: number): Held {
  const all = [pid, ...descendants(pid)];
  const zombies = all.filter((one) => stateOf(one) === "Z").length;
  return {
    processes: all.length - zombies,
    zombies,
    ownFiles: openFiles(pid).length,
    files: all.reduce((sum, one) => sum + openFiles(one).length, 0),
    ownRssBytes: rssBytes(pid),
  };
}

/** Process ids below a process, children before grandchildren. */
function descendants(pid: number): readonly number[] {
  const children = pids().filter((one) => parentOf(one) === pid);
  return [...children, ...children.flatMap(descendants)];
}

/** The child of a process that has a library with such a name mapped: how the driver processes are told apart. */
export function childWith(pid: number, library: RegExp): number | undefined {
  return descendants(pid).find((one) => library.test(textOf(`/proc/${one}/maps`)));
}

/** Process ids whose command line begins like this; words are separated by zero bytes. */
function processesOf(beginning: string): readonly number[] {
  return pids().filter((pid) => textOf(`/proc/${pid}/cmdline`).startsWith(beginning));
}

/** Process id of the socat that is the serial cable to a port. */
export function cablePid(portPath: string): number | undefined {
  return processesOf(`socat\0PTY,link=${portPath},`)[0];
}

/** Resident memory, in bytes; 0 of a process that is gone. */
export function rssBytes(pid: number): number {
  return 1_024 * Number(/VmRSS:\s+(\d+)/.exec(textOf(`/proc/${pid}/status`))?.[1] ?? 0);
}

/** Time in user and in kernel mode so far, in seconds. */
export function cpuSeconds(pid: number): number {
  const [, , , , , , , , , , , user = 0, kernel = 0] = statOf(pid).map(Number);
  return (user + kernel) / 100;
}

/** What the open descriptors of a process lead to. */
function openFiles(pid: number): readonly string[] {
  try {
    return readdirSync(`/proc/${pid}/fd`).flatMap((name) => linkOf(`/proc/${pid}/fd/${name}`));
  } catch {
    return [];
  }
}

function pids(): readonly number[] {
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .map(Number);
}

const parentOf = (pid: number): number => Number(statOf(pid)[1]);
const stateOf = (pid: number): string => statOf(pid)[0] ?? "";

/** The fields of /proc/pid/stat from the third on: the second is a name that may hold anything. */
function statOf(pid: number): readonly string[] {
  return (textOf(`/proc/${pid}/stat`).split(") ").at(-1) ?? "").split(" ");
}

function textOf(path: string): string {
  try {
    return readFileSync(path, "latin1");
  } catch {
    return "";
  }
}

function linkOf(path: string): readonly string[] {
  try {
    return [readlinkSync(path)];
  } catch {
    // Closed while we looked.
    return [];
  }
}
