import type { Clock, Ms } from "../../agent/core/time.ts";
import type { OpenPort } from "./serial.native.ts";

/** How often the lines are looked at: at 9600 baud about ten characters, less than any printer keeps free when it says that it is busy. */
const lookMs: Ms = 10;

/**
 * Carries the modem lines of one port over to the other, both ways: what the far end says by DTR and RTS arrives as DSR and CTS, and is
 * said again by DTR and RTS on the other side. A printer that is busy or switched off by its lines is so for the POS. Ports without
 * such lines are left as they are. Resolves when the signal is aborted.
 */
export async function mirrorLines(one: OpenPort, other: OpenPort, clock: Clock, signal: AbortSignal): Promise<void> {
  const shown = ["", ""];
  while (!signal.aborted) {
    for (const [index, [from, to]] of [[one, other] as const, [other, one] as const].entries()) {
      const lines = await from.lines();
      if (lines === undefined) return;
      const said = `${lines.dsr} ${lines.cts}`;
      if (said !== shown[index] && !signal.aborted) await to.setLines({ dtr: lines.dsr, rts: lines.cts });
      shown[index] = said;
    }
    await clock.sleep(lookMs, signal).catch(() => undefined);
  }
}
