import { readFile } from "node:fs/promises";
import { join, resolve } from "node:path";

/** Every Unix socket of the machine: proc(5). A socket that listens has this flag (`__SO_ACCEPTCON`) in the fourth column. */
const socketTable = "/proc/net/unix";
const listens = "00010000";

/**
 * Whether a relay of the agent with this data folder lives on (ADR 0007). Looked up and not tried: a relay takes whoever connects to it
 * for the next agent. `false` where the system does not tell.
 */
export async function hasLiveRelay(dataDir: string): Promise<boolean> {
  const table = await readFile(socketTable, "utf8").catch(() => "");
  const folder = `${resolve(join(dataDir, "relay"))}/`;
  return table.split("\n").some((line) => {
    const [, , , flags, , , , ...path] = line.split(/ +/);
    return flags === listens && path.join(" ").startsWith(folder);
  });
}
