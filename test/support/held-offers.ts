import type { Observation, Outcome } from "../../agent/core/observation.ts";

/** Offers that a test answers when it likes. */
export class HeldOffers {
  readonly #waiting: { readonly observation: Observation; readonly answer: (outcome: Outcome) => void }[] = [];

  /** Keeps the offer waiting. */
  readonly offer = (observation: Observation): Promise<Outcome> =>
    new Promise((answer) => this.#waiting.push({ observation, answer }));

  /** What waits for an answer, oldest first. */
  get waiting(): readonly Observation[] {
    return this.#waiting.map(({ observation }) => observation);
  }

  /** Answers the oldest ones. */
  answer(count: number, outcome: Outcome = { status: "recorded" }): void {
    for (const each of this.#waiting.splice(0, count)) each.answer(outcome);
  }
}
