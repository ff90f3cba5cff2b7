import type { Socket } from "node:net";
import type { DeviceState, Driver } from "../../agent/core/driver.ts";
import type { DeviceId, LaneId } from "../../agent/core/ids.ts";
import type { Logger } from "../../agent/core/logger.ts";
import type { Offer } from "../../agent/core/observation.ts";
import type { Clock } from "../../agent/core/time.ts";
import { newLineCapture } from "../line-capture.ts";
import { LineHealth } from "../line-health.ts";
import { servePrintLine } from "../print-line.ts";
import { withGrace } from "../with-grace.ts";
import { StreamStatusScanner } from "./status-scanner.ts";
import { TcpListener } from "./tcp-listener.ts";

/** Options of {@link createTcpSink}. */
export interface TcpSinkOptions {
  readonly deviceId: DeviceId;
  readonly laneId: LaneId;
  /** Address to listen on, e.g. `0.0.0.0` or `127.0.0.1`. */
  readonly host: string;
  /** Printers listen on 9100; 0 takes any free port. */
  readonly port: number;
  /** Bytes of one connection that may wait to be recorded before reading pauses; 262144 when absent. */
  readonly mostUnrecordedBytes?: number;
}

/** What the sink works with. */
export interface TcpSinkParts {
  readonly clock: Clock;
  readonly logger: Logger;
}

/**
 * Plays a healthy printer on a TCP port: takes what POSes print, and answers their status requests. A status answered in print order
 * says that all bytes before it are recorded.
 */
export class TcpSink implements Driver {
  readonly name: string;
  readonly #options: TcpSinkOptions;
  readonly #parts: TcpSinkParts;
  readonly #health: LineHealth;
  #listener: TcpListener | undefined;

  constructor(options: TcpSinkOptions, parts: TcpSinkParts) {
    this.name = options.deviceId;
    this.#options = options;
    this.#parts = parts;
    this.#health = new LineHealth(parts.clock);
  }

  /** The port in use while listening. */
  get port(): number | undefined {
    return this.#listener?.port;
  }

  devices(): readonly DeviceState[] {
    const { deviceId, laneId } = this.#options;
    return [{ deviceId, laneId, type: "printer-tcp", health: this.#health.current }];
  }

  async run(offer: Offer, signal: AbortSignal): Promise<void> {
    await withGrace(signal, this.#parts.clock, async (giveUp) => {
      const { host, port } = this.#options;
      const serve = (socket: Socket): Promise<void> => this.#serve(socket, offer, signal, giveUp);
      this.#listener = new TcpListener({ host, port, ...this.#parts, health: this.#health, serve });
      await this.#listener.run(signal);
    });
  }

  async #serve(socket: Socket, offer: Offer, stop: AbortSignal, giveUp: AbortSignal): Promise<void> {
    const { deviceId, laneId, mostUnrecordedBytes } = this.#options;
    const capture = newLineCapture({ deviceId, laneId, offer, giveUp, ...this.#parts, health: this.#health });
    const parts = { capture, scanner: new StreamStatusScanner(), ...(mostUnrecordedBytes && { mostUnrecordedBytes }) };
    await capture.finish(await servePrintLine(socket, parts, stop));
    this.#health.relieved(capture.id);
    socket.destroySoon();
  }
}

/** Makes a {@link TcpSink}. */
export function createTcpSink(options: TcpSinkOptions, parts: TcpSinkParts): TcpSink {
  return new TcpSink(options, parts);
}
