import type { StreamId } from "../agent/core/ids.ts";
import type { Observation, Offer, Outcome, PrintBytes } from "../agent/core/observation.ts";

/**
 * Recorded bytes of a stream that are shown to the next agent again: the one before may have held back that many, in case they belong
 * to a card number, when it died (2 KiB at most).
 */
const shownAgainBytes = 4 * 1024;

interface Unanswered {
  readonly observation: Observation;
  readonly resolve: (outcome: Outcome) => void;
}

/**
 * Offers on their way from a relay to the agent. They wait for as long as there is no agent, and an agent that takes over is given, in
 * order, everything that no agent has answered.
 */
export class RelayOutbox {
  readonly #unanswered = new Map<number, Unanswered>();
  readonly #recent = new Map<StreamId, PrintBytes[]>();
  #send: ((id: number, observation: Observation) => void) | undefined;
  #lastId = 0;

  /** Resolves with the agent's answer, however many agents that takes. */
  readonly offer: Offer = (observation) => {
    const { promise, resolve } = Promise.withResolvers<Outcome>();
    const id = (this.#lastId += 1);
    this.#unanswered.set(id, { observation, resolve });
    this.#send?.(id, observation);
    return promise;
  };

  /** An agent is there. It gets what the last one may have lost, then what waits, then what comes. */
  attach(send: (id: number, observation: Observation) => void): void {
    for (const shown of this.#recent.values()) for (const observation of shown) send((this.#lastId += 1), observation);
    for (const [id, { observation }] of this.#unanswered) send(id, observation);
    this.#send = send;
  }

  /** There is no agent any more. */
  detach(): void {
    this.#send = undefined;
  }

  /** The agent's answer. One to a question that was asked again, or never, changes nothing. */
  settle(id: number, outcome: Outcome): void {
    const settled = this.#unanswered.get(id);
    if (settled === undefined) return;
    this.#unanswered.delete(id);
    if (outcome.status === "recorded" || outcome.status === "duplicate") this.#remember(settled.observation);
    settled.resolve(outcome);
  }

  #remember(observation: Observation): void {
    if (observation.kind === "print-end") this.#recent.delete(observation.streamId);
    if (observation.kind !== "print-bytes") return;
    const shown = this.#recent.get(observation.streamId) ?? [];
    this.#recent.set(observation.streamId, shown);
    shown.push(observation);
    const end = observation.offset + observation.bytes.length;
    while (shown.length > 1 && (shown[1]?.offset ?? end) <= end - shownAgainBytes) shown.shift();
  }
}
