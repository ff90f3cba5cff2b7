import { connect } from "node:net";

/**
 * How pcscd is doing: `answers`; `absent`: no socket or nobody behind it; `silent`: it takes the connection and says nothing (hung);
 * `denied`: it turns this user away.
 */
export type PcscdState = "answers" | "absent" | "silent" | "denied";

/** Where pcscd listens on Linux (pcscd(8)). */
export const pcscdSocketPath = "/run/pcscd/pcscd.comm";

/**
 * CMD_VERSION of the PC/SC-lite client protocol 4.4 (winscard_msg.h): header with body size and command, then major, minor and
 * result, all 32 bit in host order. pcscd answers it whatever version it speaks itself.
 */
const versionRequest = Buffer.from(Uint32Array.of(12, 0x11, 4, 4, 0).buffer);

/** Asks pcscd for its protocol version. Takes at most `timeoutMs`; never rejects. An aborted signal counts as `absent`. */
export function probePcscd(socketPath: string, timeoutMs: number, signal: AbortSignal): Promise<PcscdState> {
  const { promise, resolve } = Promise.withResolvers<PcscdState>();
  const socket = connect({ path: socketPath, signal });
  socket.setTimeout(timeoutMs, () => resolve("silent"));
  socket.on("connect", () => socket.write(versionRequest));
  socket.on("data", () => resolve("answers"));
  socket.on("end", () => resolve("denied"));
  socket.on("close", () => resolve("absent"));
  socket.on("error", (error: NodeJS.ErrnoException) => {
    resolve(error.code === "EACCES" || error.code === "EPERM" ? "denied" : "absent");
  });
  return promise.finally(() => socket.destroy());
}
