import type { EpochMs, Ms } from "../../agent/core/time.ts";

/** When the agent died, by the wall clock. */
export type Deaths = readonly EpochMs[];

/** What is read in the last moments of an agent's life may not be durable yet. */
const beforeDeathMs: Ms = 2_000;

/** So long after a death a device may be read in vain or not at all, and a visit that it cut may go on in the next life. */
const afterDeathMs: Ms = 10_000;

/** Whether no death of the agent can have kept it from what happened between two moments. */
export function isUndisturbed(fromMs: EpochMs, toMs: EpochMs, deaths: Deaths): boolean {
  return deaths.every((deathMs) => deathMs + afterDeathMs < fromMs || deathMs - beforeDeathMs > toMs);
}
