import type { Text } from "./text.ts";

/** What one check of `doctor` found. */
export interface Finding {
  /** What was checked, stable: `config`, `disk.space`, `device.till-5-nfc`, `pcscd`, `broker`, `ledger` ... */
  readonly id: string;
  /** `ok`; `warn`: works, but look at it; `fail`: does not work. */
  readonly state: "ok" | "warn" | "fail";
  readonly what: Text;
  /** What to do; with `warn` and `fail`. */
  readonly remedy?: Text;
  /** What to type or to write for it, line by line, the same in every language. */
  readonly commands?: readonly string[];
}

/** What to do, and what to type for it. */
export type Advice = readonly [remedy: Text, commands?: readonly string[]];

/** A finding that all is well. */
export const fine = (id: string, what: Text): Finding => ({ id, state: "ok", what });

/** A finding that somebody must do something about. */
export const wrong = (id: string, state: "warn" | "fail", what: Text, ...[remedy, commands]: Advice): Finding => ({
  id,
  state,
  what,
  remedy,
  ...(commands !== undefined && { commands }),
});
