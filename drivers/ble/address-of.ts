import type { Clock, Ms } from "../../agent/core/time.ts";
import type { RadioEvents } from "./radio-events.ts";
import type { Radio } from "./radio.ts";

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
  const done = new AbortController();
  const patience = new AbortController();
  const waiting = clock.sleep(withinMs, AbortSignal.any([signal, done.signal])).then(
    () => patience.abort(new Error("the controller does not answer")),
    () => undefined,
  );
  try {
    return await radio.ask(AbortSignal.any([signal, patience.signal]));
  } catch {
    return undefined;
  } finally {
    done.abort();
    await waiting;
  }
}
