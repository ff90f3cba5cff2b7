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
import { watchBlocked } from "./blocked-line.ts";
import { deviceGone } from "./device-presence.ts";
import { joinPorts } from "./join-ports.ts";
import { mirrorLines } from "./modem-lines.ts";
import { openPort, type OpenPort, type SerialSettings } from "./serial.native.ts";

/** Options of {@link createDriver}. Plain values: they cross a process boundary. */
export interface SerialRelayOptions extends SerialSettings {
  readonly deviceId: DeviceId;
  readonly laneId: LaneId;
  /** The port of the real printer; `path` is that of the POS. Both have the same settings. Absent: the driver only listens. */
  readonly printerPath?: string;
  /** Bytes that may wait to be recorded; 16777216 when absent. */
  readonly mostTeeBytes?: number;
}

/** What the driver works with. */
export interface SerialRelayParts {
  readonly clock: Clock;
  readonly logger: Logger;
}

/** The ports, open. */
interface Ports {
  readonly pos: OpenPort;
  readonly printer: OpenPort | undefined;
}

const firstRetryMs = 200;
const slowestRetryMs = 2_000;
const blockedTrouble = "blocked";

/**
 * Stands in a serial cable, between a POS at one port and its printer at another. Bytes pass in both directions at once and unchanged, and
 * so do the modem lines where the ports have any; the capture is a tee that cannot hold them up. When one port is gone the other is
 * closed, so that the POS sees a dead line and nothing counts as printed that no paper shows; both are opened again as soon as they
 * are there. Each opening is a stream of its own.
 *
 * With no port of a printer it listens on a branch of the cable: it says nothing and touches no line.
 */
export class SerialRelay implements RelayedDriver {
  readonly name: string;
  readonly #options: SerialRelayOptions;
  readonly #parts: SerialRelayParts;
  readonly #health: LineHealth;
  readonly #room: TeeRoom;
  readonly #retired = new AbortController();

  constructor(options: SerialRelayOptions, parts: SerialRelayParts) {
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
        const ports = await this.#open();
        if (ports !== undefined) {
          backOff.reset();
          const finished = (await this.#serve(ports, offer, stop, giveUp))().finally(() => finishing.delete(finished));
          finishing.add(finished);
        }
        await this.#parts.clock.sleep(backOff.next(), stop).catch(() => undefined);
      }
      await Promise.all(finishing);
    });
  }

  async #open(): Promise<Ports | undefined> {
    const { path, printerPath } = this.#options;
    const pos = await this.#openOne(path);
    if (pos === undefined) return undefined;
    const printer = printerPath === undefined ? undefined : await this.#openOne(printerPath);
    if (printerPath !== undefined && printer === undefined) {
      await pos.close();
      return undefined;
    }
    this.#health.up(printerPath === undefined ? `listening on ${path}` : `between ${path} and ${printerPath}`);
    this.#parts.logger.info({ path, printerPath }, "serial line open");
    return { pos, printer };
  }

  async #openOne(path: string): Promise<OpenPort | undefined> {
    const { baudRate, dataBits, parity, stopBits } = this.#options;
    try {
      return await openPort({ path, baudRate, dataBits, parity, stopBits });
    } catch (error) {
      const code = error instanceof StoreloopError ? codeOf(error) : "SERIAL_PORT_FAILED";
      this.#isDown(code, error instanceof Error ? error.message : String(error));
      return undefined;
    }
  }

  /** Serves open ports until one goes away. What is left to do then does not need them and is handed back. */
  async #serve(ports: Ports, offer: Offer, stop: AbortSignal, giveUp: AbortSignal): Promise<() => Promise<void>> {
    const paths = [this.#options.path, ...(this.#options.printerPath === undefined ? [] : [this.#options.printerPath])];
    const { clock } = this.#parts;
    const { pos, printer } = ports;
    const tee = this.#room.newTee(offer, giveUp);
    const over = new AbortController();
    const ended = AbortSignal.any([stop, over.signal]);
    const watching = paths.map((each) => deviceGone(each, clock, ended).then(() => over.abort()));
    const mirroring = printer && mirrorLines(pos, printer, clock, ended);
    let takenAtMs = clock.monotonic();
    const blocking = printer && this.#watchBlocked(printer, () => takenAtMs, ended);
    const onTaken = (): void => void (takenAtMs = clock.monotonic());
    await joinPorts(pos.line, printer?.line, (bytes) => tee.take(bytes), onTaken, ended);
    if (!stop.aborted) this.#isDown("SERIAL_PORT_LOST", `${paths.join(" or ")} went away`);
    over.abort();
    await Promise.all([...watching, mirroring, blocking, pos.close(), printer?.close()]);
    return async () => {
      await tee.finish("lost");
      this.#room.close(tee, giveUp);
    };
  }

  /** A printer that takes nothing holds up its POS, as it would without us; who looks for the reason is told. */
  async #watchBlocked({ line }: OpenPort, takenAtMs: () => number, signal: AbortSignal): Promise<void> {
    const { baudRate, printerPath = "" } = this.#options;
    const onChange = (isBlocked: boolean): void => {
      if (!isBlocked) return this.#health.relieved(blockedTrouble);
      const detail = `${printerPath} takes nothing: ${line.writableLength} bytes wait`;
      if (this.#health.trouble(blockedTrouble, "SERIAL_PRINTER_BLOCKED", detail))
        this.#parts.logger.warn({ code: "SERIAL_PRINTER_BLOCKED", detail }, "printer takes nothing");
    };
    const written = { waitingBytes: () => line.writableLength, takenAtMs, baudRate };
    await watchBlocked(written, onChange, this.#parts.clock, signal);
    this.#health.relieved(blockedTrouble);
  }

  #isDown(code: Parameters<LineHealth["down"]>[0], detail: string): void {
    const news = this.#health.down(code, detail);
    if (news) this.#parts.logger.warn({ code, detail }, "serial port not open");
  }
}

/** Makes a {@link SerialRelay}; the name that a relay process looks for. */
export function createDriver(options: SerialRelayOptions, parts: SerialRelayParts): SerialRelay {
  return new SerialRelay(options, parts);
}
