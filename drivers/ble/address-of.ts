import type { Clock, Ms } from "../../agent/core/time.ts";
import type { RadioEvents } from "./radio-events.ts";
import type { Radio } from "./radio.ts";
import { withPatience } from "./with-patience.ts";

/** Waits until an open radio is on and asks its address; nothing when it is not, or does not answer, within `withinMs`. */
export async function addressOf(
  radio: Radio,
  events: RadioEvents,
  withinMs: Ms,
  clock: Clock,
  signal: AbortSignal,
): Promise<string | undefined> {
  if (events.state === undefined) await events.next(withinMs, signal);
  if (events.state !== "on") return undefined;
  return await withPatience((patience) => radio.ask(patience), withinMs, clock, signal).catch(() => undefined);
}
