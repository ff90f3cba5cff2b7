/** Wakes one waiter when something changed. Ringing with nobody waiting is lost, so look at the state first, then wait. */
export class Bell {
  #next = Promise.withResolvers<void>();

  /** Resolves at the next ring. */
  rung(): Promise<void> {
    return this.#next.promise;
  }

  /** Wakes everyone who waits now. */
  ring(): void {
    this.#next.resolve();
    this.#next = Promise.withResolvers<void>();
  }
}
