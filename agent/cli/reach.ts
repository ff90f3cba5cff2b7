import { connect as connectTcp, isIP, type Socket } from "node:net";
import { connect as connectTls } from "node:tls";

/** Something to connect to: a unix socket, or a host and port with or without TLS. */
export type Target =
  | { readonly path: string }
  | { readonly host: string; readonly port: number; readonly tls: boolean; readonly ca?: string };

/** Whether a connection came about, or why not in a word or two. */
export type Reach = { readonly reached: true } | { readonly reached: false; readonly reason: string };

const waitMs = 4000;

/** Connects, with the TLS handshake where asked for, and hangs up without sending anything. Gives up after 4 seconds. */
export function reach(target: Target, signal: AbortSignal): Promise<Reach> {
  return new Promise((resolve) => {
    const socket = start(target);
    const done = (result: Reach): void => {
      signal.removeEventListener("abort", stop);
      socket.destroy();
      resolve(result);
    };
    const stop = (): void => done({ reached: false, reason: "stopped" });
    signal.addEventListener("abort", stop);
    socket.setTimeout(waitMs, () => done({ reached: false, reason: "ETIMEDOUT" }));
    socket.once("tls" in target && target.tls ? "secureConnect" : "connect", () => done({ reached: true }));
    socket.on("error", (error: NodeJS.ErrnoException) => done({ reached: false, reason: error.code ?? error.message }));
  });
}

function start(target: Target): Socket {
  if ("path" in target) return connectTcp(target.path);
  const { host, port, tls, ca } = target;
  if (!tls) return connectTcp({ host, port });
  // A server name may not be an address (RFC 6066, 3).
  const servername = isIP(host) === 0 ? { servername: host } : {};
  return connectTls({ host, port, ...servername, ...(ca === undefined ? {} : { ca }) });
}
