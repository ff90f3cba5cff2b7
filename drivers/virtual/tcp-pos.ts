import { connect, type Socket } from "node:net";
import { isPaperStatus, paperStatusRequest, PosTalk, type PosTalkParts } from "./pos-talk.ts";
import type { PosLine } from "./player.ts";

/** Where a POS finds its printer. */
export interface TcpPosOptions extends PosTalkParts {
  readonly host: string;
  readonly port: number;
}

/** A POS that prints over TCP: a connection a receipt, and the paper status asked at its end as the proof that it is printed. */
export class TcpPos implements PosLine {
  readonly #options: TcpPosOptions;

  constructor(options: TcpPosOptions) {
    this.#options = options;
  }

  async print(bytes: Uint8Array, signal: AbortSignal): Promise<"confirmed" | "broken"> {
    const { host, port } = this.#options;
    const socket = connect({ host, port, noDelay: true, allowHalfOpen: true });
    socket.on("error", () => {});
    try {
      if (!(await isConnected(socket, signal))) return "broken";
      const talk = new PosTalk(socket, this.#options, signal);
      if (!(await talk.send(bytes)) || !(await talk.ask(paperStatusRequest, isPaperStatus))) return "broken";
      socket.destroySoon();
      return "confirmed";
    } finally {
      if (socket.writable) socket.destroy();
    }
  }
}

function isConnected(socket: Socket, signal: AbortSignal): Promise<boolean> {
  const { promise, resolve } = Promise.withResolvers<boolean>();
  const onAbort = (): void => resolve(false);
  socket.once("connect", () => resolve(true)).once("close", () => resolve(false));
  signal.addEventListener("abort", onAbort, { once: true });
  if (signal.aborted) resolve(false);
  return promise.finally(() => signal.removeEventListener("abort", onAbort));
}
