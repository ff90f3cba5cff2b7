import type { Text } from "./text.ts";

/** What one check of `doctor` found. */
export interface Finding {
  /** What was checked, stable: `config`, `disk.space`, `device.till-5-nfc`, `broker`, `ledger` ... */
  readonly id: string;
  /** `ok`; `warn`: works, but look at it; `fail`: does not work. */
  readonly state: "ok" | "warn" | "fail";
  readonly what: Text;
  /** What to do; with `warn` and `fail`. */
  readonly remedy?: Text;
}

/** A finding that all is well. */
export const fine = (id: string, what: Text): Finding => ({ id, state: "ok", what });

/** A finding that somebody must do something about. */
export const wrong = (id: string, state: "warn" | "fail", what: Text, remedy: Text): Finding => ({
  id,
  state,
  what,
  remedy,
});
