import type { Driver } from "../../agent/core/driver.ts";
import type { Observation, Offer, Outcome } from "../../agent/core/observation.ts";

/** A driver at work for one test: keeps what it offers, and stops it when it is disposed of. */
export class RunningDriver implements AsyncDisposable {
  readonly offered: Observation[] = [];
  readonly #stopping = new AbortController();
  readonly #running: Promise<void>;

  /** `answer` decides the outcome of each offer; by default it is recorded. */
  constructor(driver: Driver, answer: Offer = recorded) {
    this.#running = driver.run((observation) => {
      this.offered.push(observation);
      return answer(observation);
    }, this.#stopping.signal);
  }

  /** Resolves when the driver ends, of itself or because it was stopped. */
  get finished(): Promise<void> {
    return this.#running;
  }

  /** Offers of one kind, oldest first. */
  of<K extends Observation["kind"]>(kind: K): Extract<Observation, { kind: K }>[] {
    return this.offered.filter((each): each is Extract<Observation, { kind: K }> => each.kind === kind);
  }

  /** Aborts the driver and waits for it. */
  async stop(): Promise<void> {
    this.#stopping.abort(new Error("the test is over"));
    await this.#running;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop();
  }
}

function recorded(): Promise<Outcome> {
  return Promise.resolve({ status: "recorded" });
}
