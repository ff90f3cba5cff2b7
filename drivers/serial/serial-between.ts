import type { DeviceState } from "../../agent/core/driver.ts";
import { codeOf, StoreloopError } from "../../agent/core/errors.ts";
import type { DeviceId, LaneId } from "../../agent/core/ids.ts";
import type { Logger } from "../../agent/core/logger.ts";
import type { Offer } from "../../agent/core/observation.ts";
import type { Clock } from "../../agent/core/time.ts";
import { BackOff } from "../back-off.ts";
import { LineHealth } from "../line-health.ts";
import type { RelayedDriver } from "../relayed-driver.ts";
import { TeeRoom } from "../tee-room.ts";
import { withGrace } from "../with-grace.ts";
import { deviceGone } from "./device-presence.ts";
import { joinPorts } from "./join-ports.ts";
import { mirrorLines } from "./modem-lines.ts";
import { openPort, type OpenPort, type SerialSettings } from "./serial.native.ts";

/** Options of {@link createDriver}. Plain values: they cross a process boundary. */
export interface SerialBetweenOptions extends SerialSettings {
  readonly deviceId: DeviceId;
  readonly laneId: LaneId;
  /** The port of the real printer; `path` is that of the POS. Both have the same settings. */
  readonly printerPath: string;
  /** Bytes that may wait to be recorded; 16777216 when absent. */
  readonly mostTeeBytes?: number;
}

/** What the driver works with. */
export interface SerialBetweenParts {
  readonly clock: Clock;
  readonly logger: Logger;
}

/** Both ports, open. */
interface Pair {
  readonly pos: OpenPort;
  readonly printer: OpenPort;
}

const firstRetryMs = 200;
const slowestRetryMs = 2_000;

/**
 * Stands in a serial cable, between a POS at one port and its printer at another. Bytes pass in both directions at once and unchanged, and
 * so do the modem lines where the ports have any; the capture is a tee that cannot hold them up. When one port is gone the other is
 * closed, so that the POS sees a dead line and nothing counts as printed that no paper shows; both are opened again as soon as they
 * are there. Each opening is a stream of its own.
 */
export class SerialBetween implements RelayedDriver {
  readonly name: string;
  readonly #options: SerialBetweenOptions;
  readonly #parts: SerialBetweenParts;
  readonly #health: LineHealth;
  readonly #room: TeeRoom;
  readonly #retired = new AbortController();

  constructor(options: SerialBetweenOptions, parts: SerialBetweenParts) {
    this.name = options.deviceId;
    this.#options = options;
    this.#parts = parts;
    this.#health = new LineHealth(parts.clock);
    this.#room = new TeeRoom({ ...options, ...parts, health: this.#health, mostBytes: options.mostTeeBytes });
  }

  devices(): readonly DeviceState[] {
    const { deviceId, laneId } = this.#options;
    return [{ deviceId, laneId, type: "printer-serial", health: this.#health.current }];
  }

  /** Lets go of the ports, which whoever comes next needs. */
  retire(): void {
    this.#retired.abort(new Error("retired"));
  }

  async run(offer: Offer, signal: AbortSignal): Promise<void> {
    const stop = AbortSignal.any([signal, this.#retired.signal]);
    await withGrace(signal, this.#parts.clock, async (giveUp) => {
      const backOff = new BackOff(firstRetryMs, slowestRetryMs);
      const finishing = new Set<Promise<void>>();
      while (!stop.aborted) {
        const pair = await this.#open();
        if (pair !== undefined) {
          backOff.reset();
          const finished = (await this.#serve(pair, offer, stop, giveUp))().finally(() => finishing.delete(finished));
          finishing.add(finished);
        }
        await this.#parts.clock.sleep(backOff.next(), stop).catch(() => undefined);
      }
      await Promise.all(finishing);
    });
  }

  async #open(): Promise<Pair | undefined> {
    const { path, printerPath } = this.#options;
    const pos = await this.#openOne(path);
    if (pos === undefined) return undefined;
    const printer = await this.#openOne(printerPath);
    if (printer === undefined) {
      await pos.close();
      return undefined;
    }
    this.#health.up(`between ${path} and ${printerPath}`);
    this.#parts.logger.info({ path, printerPath }, "serial ports open");
    return { pos, printer };
  }

  async #openOne(path: string): Promise<OpenPort | undefined> {
    try {
      return await openPort({ ...this.#options, path });
    } catch (error) {
      const code = error instanceof StoreloopError ? codeOf(error) : "SERIAL_PORT_FAILED";
      this.#isDown(code, error instanceof Error ? error.message : String(error));
      return undefined;
    }
  }

  /** Joins two open ports until one goes away. What is left to do then does not need them and is handed back. */
  async #serve(pair: Pair, offer: Offer, stop: AbortSignal, giveUp: AbortSignal): Promise<() => Promise<void>> {
    const { path, printerPath } = this.#options;
    const { clock } = this.#parts;
    const { pos, printer } = pair;
    const tee = this.#room.newTee(offer, giveUp);
    const over = new AbortController();
    const ended = AbortSignal.any([stop, over.signal]);
    const watching = [path, printerPath].map((each) => deviceGone(each, clock, ended).then(() => over.abort()));
    const mirroring = mirrorLines(pos, printer, clock, ended);
    await joinPorts(pos.line, printer.line, (bytes) => tee.take(bytes), ended);
    if (!stop.aborted) this.#isDown("SERIAL_PORT_LOST", `${path} or ${printerPath} went away`);
    over.abort();
    await Promise.all([...watching, mirroring, pos.close(), printer.close()]);
    return async () => {
      await tee.finish("lost");
      this.#room.close(tee, giveUp);
    };
  }

  #isDown(code: Parameters<LineHealth["down"]>[0], detail: string): void {
    const news = this.#health.down(code, detail);
    if (news) this.#parts.logger.warn({ code, detail }, "serial port not open");
  }
}

/** Makes a {@link SerialBetween}; the name that a relay process looks for. */
export function createDriver(options: SerialBetweenOptions, parts: SerialBetweenParts): SerialBetween {
  return new SerialBetween(options, parts);
}
