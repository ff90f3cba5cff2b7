import { connect, type Socket } from "node:net";
import type { DeviceState } from "../../agent/core/driver.ts";
import type { DeviceId, LaneId } from "../../agent/core/ids.ts";
import type { Logger } from "../../agent/core/logger.ts";
import type { Offer, PrintEnd } from "../../agent/core/observation.ts";
import type { Clock, Ms } from "../../agent/core/time.ts";
import { LineHealth } from "../line-health.ts";
import type { RelayedDriver } from "../relayed-driver.ts";
import { TeeRoom } from "../tee-room.ts";
import { withGrace } from "../with-grace.ts";
import { relay } from "./relay.ts";
import { errnoOf, TcpListener } from "./tcp-listener.ts";

/** Options of {@link createTcpProxy}. Plain values, so that they can cross a process boundary. */
export interface TcpProxyOptions {
  readonly deviceId: DeviceId;
  readonly laneId: LaneId;
  /** Address to listen on, where the POS connects. */
  readonly host: string;
  /** 0 takes any free port. */
  readonly port: number;
  /** Address of the real printer. */
  readonly printerHost: string;
  readonly printerPort: number;
  /** How long a connection to the printer may take; 3000 when absent. */
  readonly connectTimeoutMs?: Ms;
  /** Bytes of all connections together that may wait to be recorded; 16777216 when absent. */
  readonly mostTeeBytes?: number;
}

/** What the proxy works with. */
export interface TcpProxyParts {
  readonly clock: Clock;
  readonly logger: Logger;
}

const defaultConnectTimeoutMs = 3_000;
const printerTrouble = "printer";

/**
 * Stands between a POS and its printer. Bytes pass at once in both directions; the capture is a tee that cannot hold them up. A printer
 * that is down is down for the POS too, so that nothing counts as printed that no paper shows.
 */
export class TcpProxy implements RelayedDriver {
  readonly name: string;
  readonly #options: TcpProxyOptions;
  readonly #parts: TcpProxyParts;
  readonly #health: LineHealth;
  readonly #room: TeeRoom;
  readonly #retired = new AbortController();
  #listener: TcpListener | undefined;

  constructor(options: TcpProxyOptions, parts: TcpProxyParts) {
    this.name = options.deviceId;
    this.#options = options;
    this.#parts = parts;
    this.#health = new LineHealth(parts.clock);
    this.#room = new TeeRoom({ ...options, ...parts, health: this.#health, mostBytes: options.mostTeeBytes });
  }

  /** The port in use while listening. */
  get port(): number | undefined {
    return this.#listener?.port;
  }

  /** Bytes that were printed and not captured, since the start. */
  get missedBytes(): number {
    return this.#room.missedBytes;
  }

  devices(): readonly DeviceState[] {
    const { deviceId, laneId } = this.#options;
    return [{ deviceId, laneId, type: "printer-tcp", health: this.#health.current }];
  }

  async run(offer: Offer, signal: AbortSignal): Promise<void> {
    await withGrace(signal, this.#parts.clock, async (giveUp) => {
      const { host, port } = this.#options;
      const serve = (pos: Socket): Promise<void> => this.#serve(pos, offer, signal, giveUp);
      this.#listener = new TcpListener({ host, port, ...this.#parts, health: this.#health, serve });
      await this.#listener.run(AbortSignal.any([signal, this.#retired.signal]));
    });
  }

  retire(): void {
    this.#retired.abort(new Error("retired"));
  }

  async #serve(pos: Socket, offer: Offer, stop: AbortSignal, giveUp: AbortSignal): Promise<void> {
    pos.on("error", () => {});
    const printer = await this.#dial(pos, stop);
    if (printer === undefined) {
      pos.resetAndDestroy();
      return;
    }
    const tee = this.#room.newTee(offer, giveUp);
    let reason: PrintEnd["reason"] = "lost";
    const onEnd = (how: PrintEnd["reason"]): void => {
      reason = how;
      void tee.finish(how);
    };
    await relay(pos, printer, { onBytes: (bytes) => tee.take(bytes), onEnd }, stop);
    await tee.finish(reason);
    this.#room.close(tee, giveUp);
  }

  /** Connects to the printer; nothing when it cannot be had, or the POS or the agent would not wait. */
  async #dial(pos: Socket, stop: AbortSignal): Promise<Socket | undefined> {
    const { printerHost, printerPort, connectTimeoutMs = defaultConnectTimeoutMs } = this.#options;
    const over = new AbortController();
    const onClose = (): void => over.abort();
    pos.once("close", onClose);
    const printer = connect({ host: printerHost, port: printerPort, allowHalfOpen: true, noDelay: true });
    try {
      await connected(printer, connectTimeoutMs, this.#parts.clock, AbortSignal.any([stop, over.signal]));
      this.#health.relieved(printerTrouble);
      return printer;
    } catch (error) {
      printer.destroy();
      if (!stop.aborted && !over.signal.aborted) this.#onUnreachable(error);
      return undefined;
    } finally {
      pos.off("close", onClose);
      over.abort();
    }
  }

  #onUnreachable(error: unknown): void {
    const { printerHost: host, printerPort: port } = this.#options;
    const reason = errnoOf(error);
    const news = this.#health.trouble(
      printerTrouble,
      "PRINTER_UNREACHABLE",
      `no printer at ${host}:${port}: ${reason}`,
    );
    if (news) this.#parts.logger.warn({ code: "PRINTER_UNREACHABLE", host, port, reason }, "printer unreachable");
  }
}

/** Waits until a socket is connected. Rejects when it fails, the time is over or the signal is aborted. */
async function connected(socket: Socket, timeoutMs: Ms, clock: Clock, signal: AbortSignal): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  // The listener stays: an error after the time is over must not be uncaught.
  socket.on("error", reject);
  socket.once("connect", resolve);
  const done = new AbortController();
  const late = clock.sleep(timeoutMs, AbortSignal.any([signal, done.signal])).then(() => {
    throw Object.assign(new Error("no answer in time"), { code: "ETIMEDOUT" });
  });
  try {
    await Promise.race([promise, late]);
  } finally {
    done.abort();
    late.catch(() => {});
  }
}

/** Makes a {@link TcpProxy}; the name that a relay process looks for. */
export function createDriver(options: TcpProxyOptions, parts: TcpProxyParts): TcpProxy {
  return new TcpProxy(options, parts);
}
