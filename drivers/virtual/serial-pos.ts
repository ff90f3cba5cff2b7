import { rm } from "node:fs/promises";
import { createServer, type Server, type Socket } from "node:net";
import {
  isOnline,
  isProcessIdResponse,
  onlineRequest,
  PosTalk,
  processIdRequest,
  type PosTalkParts,
} from "./pos-talk.ts";
import type { PosLine } from "./player.ts";

/** Where the POS's end of the line is. */
export interface SerialPosOptions extends PosTalkParts {
  /** Path of a Unix socket that a {@link SerialCable} connects to. */
  readonly socketPath: string;
}

/** How long a POS waits for its printer to say that it is there. */
const onlineTimeoutMs = 400;

/**
 * A POS on a serial line. Before it prints it asks whether the printer is there, so that nothing piles up in a dead line; after it,
 * it asks by an id of its own whether all is printed, so that the late answer to an earlier try is not taken for this one's.
 */
export class SerialPos implements PosLine, AsyncDisposable {
  readonly #options: SerialPosOptions;
  readonly #server: Server;
  #line: Socket | undefined;
  #tries = 0;

  private constructor(options: SerialPosOptions) {
    this.#options = options;
    this.#server = createServer((socket) => this.#plugged(socket));
  }

  /** Puts up the POS's end; rejects when the path cannot be used. */
  static async open(options: SerialPosOptions): Promise<SerialPos> {
    const pos = new SerialPos(options);
    await rm(options.socketPath, { force: true });
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    pos.#server.once("error", reject);
    pos.#server.listen(options.socketPath, resolve);
    await promise;
    return pos;
  }

  async print(bytes: Uint8Array, signal: AbortSignal): Promise<"confirmed" | "broken"> {
    if (this.#line === undefined) return "broken";
    const talk = new PosTalk(this.#line, this.#options, signal);
    if (!(await talk.ask(onlineRequest, isOnline, onlineTimeoutMs))) return "broken";
    if (!(await talk.send(bytes))) return "broken";
    const id = String((this.#tries += 1) % 10_000).padStart(4, "0");
    const confirmed = await talk.ask(processIdRequest(id), (received) => isProcessIdResponse(received, id));
    return confirmed ? "confirmed" : "broken";
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#line?.destroy();
    await new Promise<void>((resolve) => this.#server.close(() => resolve()));
  }

  #plugged(socket: Socket): void {
    this.#line?.destroy();
    this.#line = socket;
    socket.on("error", () => {});
    // What nobody waits for is read and dropped: the answer to a question that was given up.
    socket.resume();
    socket.once("close", () => {
      if (this.#line === socket) this.#line = undefined;
    });
  }
}
