import { access, constants, readdir, readFile, readlink, realpath } from "node:fs/promises";
import { basename, join } from "node:path";

/** A small text file of the system (sysfs, proc), whole; empty where it cannot be read. */
export async function textOf(...path: readonly string[]): Promise<string> {
  return await readFile(join(...path), "utf8").catch(() => "");
}

/** The same without its line end; `undefined` where there is nothing in it. */
export async function lineOf(...path: readonly string[]): Promise<string | undefined> {
  const line = (await textOf(...path)).trim();
  return line === "" ? undefined : line;
}

/** Names in a folder, numbers in them in their order; none where it cannot be read. */
export async function namesIn(...path: readonly string[]): Promise<readonly string[]> {
  const names = await readdir(join(...path)).catch(() => []);
  return names.sort((a, b) => a.localeCompare(b, "en", { numeric: true }));
}

/** Whether there is a file, and with `mode` whether this process may use it so (access(2)). */
export async function isThere(path: string, mode = constants.F_OK): Promise<boolean> {
  return await access(path, mode).then(
    () => true,
    () => false,
  );
}

/** Last name of what a symbolic link points at, e.g. the driver of a device; `undefined` where there is no link. */
export async function linkedName(...path: readonly string[]): Promise<string | undefined> {
  return await readlink(join(...path)).then(
    (target) => basename(target),
    () => undefined,
  );
}

/**
 * A path as configured, on the machine whose folders begin at `root`: device files lie there, everything else is where it says.
 */
export function onMachine(root: string, path: string): string {
  return path.startsWith("/dev/") ? join(root, path) : path;
}

/** Which device file a name below `/dev` stands for, e.g. `/dev/ttyUSB0`; the name itself where it leads nowhere. */
export async function deviceBehind(root: string, path: string): Promise<string> {
  const [base, real] = await Promise.all(
    [root, onMachine(root, path)].map((one) => realpath(one).catch(() => undefined)),
  );
  if (base === undefined || real === undefined) return path;
  const below = join(base, "dev/");
  return real.startsWith(below) ? join("/dev", real.slice(below.length)) : path;
}
