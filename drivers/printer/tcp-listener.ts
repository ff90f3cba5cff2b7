import { createServer, type AddressInfo, type Server, type Socket } from "node:net";
import type { ErrorCode } from "../../agent/core/error-catalogue.ts";
import type { Logger } from "../../agent/core/logger.ts";
import type { Clock } from "../../agent/core/time.ts";
import { BackOff } from "../back-off.ts";
import type { LineHealth } from "../line-health.ts";

/** Where to listen and what with. */
export interface TcpListenerParts {
  readonly host: string;
  /** 0 takes any free port. */
  readonly port: number;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly health: LineHealth;
  /** Serves one connection; resolves when it is over. Must not reject. */
  readonly serve: (socket: Socket) => Promise<void>;
}

const firstRetryMs = 250;
const slowestRetryMs = 5_000;

/** A dead POS (power cut, cable) is noticed after this silence, plus the kernel's probes. */
const keepAliveMs = 60_000;

/**
 * A TCP server that keeps trying for its port: a port in use or a missing address is health, not an error. Every connection may
 * half-close, sends without delay, and is probed when silent.
 */
export class TcpListener {
  readonly #parts: TcpListenerParts;
  readonly #serving = new Set<Promise<void>>();
  #port: number | undefined;

  constructor(parts: TcpListenerParts) {
    this.#parts = parts;
  }

  /** The port in use while listening. */
  get port(): number | undefined {
    return this.#port;
  }

  /** Listens until aborted. Resolves when the port is free again and every connection has been served to its end. */
  async run(signal: AbortSignal): Promise<void> {
    const backOff = new BackOff(firstRetryMs, slowestRetryMs);
    while (!signal.aborted) {
      const server = this.#newServer();
      try {
        await this.#listening(server);
        backOff.reset();
        await closed(server, signal);
      } catch (error) {
        this.#report(error);
        server.close();
        await pause(this.#parts.clock, backOff.next(), signal);
      }
      this.#port = undefined;
    }
    await Promise.all(this.#serving);
  }

  #newServer(): Server {
    const options = { allowHalfOpen: true, noDelay: true, keepAlive: true, keepAliveInitialDelay: keepAliveMs };
    return createServer(options, (socket) => {
      const serving = this.#parts.serve(socket).finally(() => this.#serving.delete(serving));
      this.#serving.add(serving);
    });
  }

  async #listening(server: Server): Promise<void> {
    const { host, port, health, logger } = this.#parts;
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    server.once("error", reject);
    server.listen({ host, port }, resolve);
    await promise;
    server.off("error", reject);
    this.#port = addressOf(server).port;
    health.up(`listening on ${host}:${this.#port}`);
    logger.info({ host, port: this.#port }, "print port open");
  }

  #report(error: unknown): void {
    const { host, port, health, logger } = this.#parts;
    const reason = errnoOf(error);
    const code: ErrorCode = reason === "EADDRINUSE" ? "PRINT_PORT_IN_USE" : "PRINT_PORT_FAILED";
    const news = health.down(code, `cannot listen on ${host}:${port}: ${reason}`);
    if (news) logger.warn({ code, host, port, reason }, "print port not open");
  }
}

/** Resolves when the server was closed because of the signal; rejects when it failed. Connections may still be open. */
async function closed(server: Server, signal: AbortSignal): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const onAbort = (): void => resolve();
  server.once("error", reject);
  if (signal.aborted) resolve();
  signal.addEventListener("abort", onAbort, { once: true });
  try {
    await promise;
  } finally {
    signal.removeEventListener("abort", onAbort);
    server.off("error", reject);
    server.close();
  }
}

async function pause(clock: Clock, durationMs: number, signal: AbortSignal): Promise<void> {
  try {
    await clock.sleep(durationMs, signal);
  } catch (error) {
    if (!signal.aborted) throw error;
  }
}

function addressOf(server: Server): AddressInfo {
  const address = server.address();
  if (address === null || typeof address === "string") throw new TypeError("a TCP server without a TCP address");
  return address;
}

/** The system's name of an error, e.g. `ECONNREFUSED`. */
export function errnoOf(error: unknown): string {
  return error instanceof Error && "code" in error && typeof error.code === "string" ? error.code : String(error);
}
