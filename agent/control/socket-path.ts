import { join } from "node:path";
import { StoreloopError } from "../core/errors.ts";

/** Longest path a unix socket can have: sun_path is 108 bytes with the NUL at its end (unix(7)). */
const mostBytes = 107;

/** Where the daemon of a data folder listens. Throws `CONTROL_SOCKET_PATH` when the system could not take the path. */
export function controlSocketPath(dataDir: string): string {
  const path = join(dataDir, "control.sock");
  const bytes = new TextEncoder().encode(path).length;
  if (bytes > mostBytes)
    throw new StoreloopError("CONTROL_SOCKET_PATH", {
      "zh-CN": `${path} 长 ${bytes} 字节,系统最多允许 ${mostBytes}`,
      en: `${path} is ${bytes} bytes long; the system allows ${mostBytes}`,
    });
  return path;
}
