import type { Driver } from "../agent/core/driver.ts";
import type { Logger } from "../agent/core/logger.ts";
import type { Observation, Outcome } from "../agent/core/observation.ts";
import type { FromChild, LogLevel } from "./host-protocol.ts";

/** The child's end of the channel to its parent: a bounded `Offer`, a logger, and device states when they change. */
export class ParentLink {
  readonly #send: (message: FromChild) => void;
  readonly #waiting = new Map<number, (outcome: Outcome) => void>();
  readonly #queue: (() => void)[] = [];
  #places: number;
  #lastId = 0;
  #lastDevices = "";

  /** `maxInFlight` offers await their outcome at one time. `send` must not throw on messages of plain data. */
  constructor(maxInFlight: number, send: (message: FromChild) => void) {
    this.#places = maxInFlight;
    this.#send = send;
  }

  /** Offers in the order of the calls. Without a free place the offer waits for one, and so does the driver that awaits it. */
  async offer(observation: Observation): Promise<Outcome> {
    if (this.#places > 0) this.#places -= 1;
    else await new Promise<void>((resolve) => this.#queue.push(resolve));
    const id = ++this.#lastId;
    const { promise, resolve } = Promise.withResolvers<Outcome>();
    this.#waiting.set(id, resolve);
    this.#send({ type: "offer", id, observation });
    return await promise;
  }

  /** The parent's answer to an offer. Its place goes to the one that has waited longest. */
  settle(id: number, outcome: Outcome): void {
    const resolve = this.#waiting.get(id);
    if (!resolve) return;
    this.#waiting.delete(id);
    resolve(outcome);
    const next = this.#queue.shift();
    if (next) next();
    else this.#places += 1;
  }

  /** Sends the driver's device states if they are not those sent last. */
  reportDevices(driver: Driver): void {
    const devices = driver.devices();
    const text = JSON.stringify(devices);
    if (text === this.#lastDevices) return;
    this.#lastDevices = text;
    this.#send({ type: "devices", devices });
  }

  /** A logger whose lines come out in the parent's log. */
  logger(): Logger {
    return { debug: this.#log("debug"), info: this.#log("info"), warn: this.#log("warn"), error: this.#log("error") };
  }

  #log(level: LogLevel): (fields: object, message: string) => void {
    return (fields, message) => {
      try {
        this.#send({ type: "log", level, fields, message });
      } catch {
        // A field that cannot cross (a function, a socket): the message still can.
        this.#send({ type: "log", level, fields: {}, message });
      }
    };
  }
}
