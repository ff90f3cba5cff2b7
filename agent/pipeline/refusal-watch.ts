/** Told once when the ledger begins to refuse, with the stable code, and once, without, when it takes something again. */
export type OnTrouble = (code: string | undefined, error?: unknown) => void;

/** Makes of many refusals, of whatever is written by whomever, one trouble with a beginning and an end. */
export class RefusalWatch {
  readonly #onTrouble: OnTrouble;
  #refuses = false;

  constructor(onTrouble: OnTrouble) {
    this.#onTrouble = onTrouble;
  }

  /** Something was refused. */
  refused(code: string, error?: unknown): void {
    if (this.#refuses) return;
    this.#refuses = true;
    this.#onTrouble(code, error);
  }

  /** Something was written. */
  taken(): void {
    if (!this.#refuses) return;
    this.#refuses = false;
    this.#onTrouble(undefined);
  }
}
