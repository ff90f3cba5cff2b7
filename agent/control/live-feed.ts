import type { LiveEvent } from "../core/live-event.ts";

/** Passes live events from whoever makes them to whoever watches. Keeps nothing: who comes late has missed what was before. */
export class LiveFeed {
  readonly #listeners = new Set<(event: LiveEvent) => void>();

  /** How many are watching. */
  get watching(): number {
    return this.#listeners.size;
  }

  /** Hands the event to every listener, in the order they came. */
  publish(event: LiveEvent): void {
    for (const listener of this.#listeners) listener(event);
  }

  /** Calls `listener` with every event from now on, until the function it returns is called. */
  watch(listener: (event: LiveEvent) => void): () => void {
    // A fresh function each time: one listener may watch twice and leave once.
    const own = (event: LiveEvent): void => listener(event);
    this.#listeners.add(own);
    return () => void this.#listeners.delete(own);
  }
}
