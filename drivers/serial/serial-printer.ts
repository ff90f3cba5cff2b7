import type { DeviceState, Driver } from "../../agent/core/driver.ts";
import { codeOf, StoreloopError } from "../../agent/core/errors.ts";
import type { DeviceId, LaneId } from "../../agent/core/ids.ts";
import type { Logger } from "../../agent/core/logger.ts";
import type { Offer } from "../../agent/core/observation.ts";
import type { Clock } from "../../agent/core/time.ts";
import { BackOff } from "../back-off.ts";
import { newLineCapture } from "../line-capture.ts";
import { LineHealth } from "../line-health.ts";
import { servePrintLine, type StatusScanner } from "../print-line.ts";
import { withGrace } from "../with-grace.ts";
import { deviceGone } from "./device-presence.ts";
import { openPort, type OpenPort, type SerialSettings } from "./serial.native.ts";

/** Options of {@link createSerialPrinter}. */
export interface SerialPrinterOptions extends SerialSettings {
  readonly deviceId: DeviceId;
  readonly laneId: LaneId;
}

/** What the driver works with. */
export interface SerialPrinterParts {
  readonly clock: Clock;
  readonly logger: Logger;
  /** Makes the scanner that finds status requests and knows the answers. */
  readonly newStatusScanner: () => StatusScanner;
}

const firstRetryMs = 200;
const slowestRetryMs = 2_000;

/**
 * Plays the printer on a serial line: takes what a POS prints and answers its status requests. Each opening of the port is a stream of
 * its own; a port that is missing or goes away is opened again as soon as it is there.
 */
export class SerialPrinter implements Driver {
  readonly name: string;
  readonly #options: SerialPrinterOptions;
  readonly #parts: SerialPrinterParts;
  readonly #health: LineHealth;

  constructor(options: SerialPrinterOptions, parts: SerialPrinterParts) {
    this.name = options.deviceId;
    this.#options = options;
    this.#parts = parts;
    this.#health = new LineHealth(parts.clock);
  }

  devices(): readonly DeviceState[] {
    const { deviceId, laneId } = this.#options;
    return [{ deviceId, laneId, type: "printer-serial", health: this.#health.current }];
  }

  async run(offer: Offer, signal: AbortSignal): Promise<void> {
    await withGrace(signal, this.#parts.clock, async (giveUp) => {
      const backOff = new BackOff(firstRetryMs, slowestRetryMs);
      // What was read before the port went away may still wait for the ledger; the port is opened again meanwhile.
      const finishing = new Set<Promise<void>>();
      while (!signal.aborted) {
        const port = await this.#open();
        if (port !== undefined) {
          backOff.reset();
          const finished = (await this.#serve(port, offer, signal, giveUp))().finally(() => finishing.delete(finished));
          finishing.add(finished);
        }
        await this.#pause(backOff.next(), signal);
      }
      await Promise.all(finishing);
    });
  }

  async #open(): Promise<OpenPort | undefined> {
    try {
      const port = await openPort(this.#options);
      this.#health.up(`open: ${this.#options.path}`);
      this.#parts.logger.info({ path: this.#options.path }, "serial port open");
      return port;
    } catch (error) {
      const code = error instanceof StoreloopError ? codeOf(error) : "SERIAL_PORT_FAILED";
      this.#isDown(code, error instanceof Error ? error.message : String(error));
      return undefined;
    }
  }

  /** Serves an open port until it goes away. What is left to do then does not need the port and is handed back. */
  async #serve(port: OpenPort, offer: Offer, stop: AbortSignal, giveUp: AbortSignal): Promise<() => Promise<void>> {
    const { deviceId, laneId, path } = this.#options;
    const { clock, logger, newStatusScanner } = this.#parts;
    const health = this.#health;
    const capture = newLineCapture({ deviceId, laneId, offer, clock, logger, health, giveUp });
    port.line.once("close", () => {
      if (!stop.aborted) this.#isDown("SERIAL_PORT_LOST", `${path} went away`);
    });
    const over = new AbortController();
    const watching = deviceGone(path, clock, AbortSignal.any([stop, over.signal])).then(async () => {
      if (!stop.aborted) await port.close();
    });
    const reason = await servePrintLine(port.line, { capture, scanner: newStatusScanner() }, stop);
    over.abort();
    await watching;
    return async () => {
      await capture.finish(reason);
      health.relieved(capture.id);
      await port.close();
    };
  }

  #isDown(code: Parameters<LineHealth["down"]>[0], detail: string): void {
    const news = this.#health.down(code, detail);
    if (news) this.#parts.logger.warn({ code, path: this.#options.path }, "serial port not open");
  }

  async #pause(durationMs: number, signal: AbortSignal): Promise<void> {
    try {
      await this.#parts.clock.sleep(durationMs, signal);
    } catch (error) {
      if (!signal.aborted) throw error;
    }
  }
}

/** Makes a {@link SerialPrinter}. */
export function createSerialPrinter(options: SerialPrinterOptions, parts: SerialPrinterParts): SerialPrinter {
  return new SerialPrinter(options, parts);
}
