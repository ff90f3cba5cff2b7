import { spawnSync } from "node:child_process";
import { constants } from "node:os";
import { decodeHandOver, type DaemonSettings } from "./hand-over.ts";

/** Names the file descriptor on which a process of ours is to hand the daemon's settings over instead of running it. */
export const handOverVariable = "STORELOOP_HAND_OVER_FD";

/** Where the child finds its end of the pipe: the first descriptor after the three standard ones. */
const handOverFd = 3;

/** The settings, or the exit code of a child that had none to give: it has said why on the terminal they share. */
export type SettingsOrExit = { readonly settings: DaemonSettings } | { readonly exitCode: number };

/**
 * Runs this command line once more in a child that reads and checks the files, and waits for it. The parsers it needs (command line,
 * YAML, schema) cost 15 MB that the daemon would keep for life; with the child they go.
 *
 * Throws the system's error when no process can be started.
 */
export function settingsFromChild(): SettingsOrExit {
  const { status, signal, output, error } = spawnSync(
    process.execPath,
    [...process.execArgv, ...process.argv.slice(1)],
    {
      env: { ...process.env, [handOverVariable]: String(handOverFd) },
      stdio: ["inherit", "inherit", "inherit", "pipe"],
      encoding: "utf8",
      maxBuffer: 64 * 1024 * 1024,
    },
  );
  if (error !== undefined) throw error;
  const text = output[handOverFd] ?? "";
  if (status === 0 && text !== "") return { settings: decodeHandOver(text) };
  return { exitCode: status ?? 128 + (signal === null ? 0 : constants.signals[signal]) };
}
