import type { Driver } from "../agent/core/driver.ts";

/** A driver that runs in a relay process: it stands in a line that must work whatever becomes of the agent. */
export interface RelayedDriver extends Driver {
  /** Take nothing new. `run` resolves when what is under way is over and recorded. */
  retire(): void;
}
