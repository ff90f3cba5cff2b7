import type { Clock, Ms } from "../../../agent/core/time.ts";
import { isRandomUid } from "../../../agent/core/uid.ts";
import { maxAnswerBytes, type Transmit } from "../apdu.ts";
import type { Applet, AppletReading, SendApdu } from "./applet.ts";
import { applications, hasApplication } from "./select.ts";

/** How much is asked of one card. */
const limits = { apdus: 64, durationMs: 1_500 } satisfies { apdus: number; durationMs: Ms };

/** Internal: the card was asked enough. Never leaves this file. */
class Enough extends Error {}

/**
 * Walks the applets in order; the first that finds credentials or records, or refuses, ends it. Whatever the card answers, it is asked
 * for 1.5 s and 64 APDUs at most, and what is not found by then is not there. A card with a random UID that nothing is found on is a
 * `phone` if it says so. Rejects when the card went away, of which an answer without a status word is a sign.
 */
export async function readIsoDep(
  applets: readonly Applet[],
  transmit: Transmit,
  uid: string,
  clock: Clock,
): Promise<AppletReading> {
  const send = bounded(transmit, clock);
  let poor: AppletReading | undefined;
  try {
    for (const applet of applets) {
      const reading = await applet.read(send, { nowMs: clock.now().wallMs, uid });
      if (reading && isUseful(reading)) return reading;
      poor ??= reading;
    }
    return poor ?? { technology: isRandomUid(uid) && (await isPhone(send)) ? "phone" : "iso-dep" };
  } catch (error) {
    if (error instanceof Enough) return poor ?? { technology: "iso-dep" };
    throw error;
  }
}

function isUseful({ credentials = [], ndef = [], refusal }: AppletReading): boolean {
  return credentials.length > 0 || ndef.length > 0 || refusal !== undefined;
}

/** Phones have the wallet's selector, or the system application of Android's card emulation. */
async function isPhone(send: SendApdu): Promise<boolean> {
  return (await hasApplication(send, applications.wallet)) || (await hasApplication(send, applications.androidHce));
}

function bounded(transmit: Transmit, clock: Clock): SendApdu {
  const untilMs = clock.monotonic() + limits.durationMs;
  let left = limits.apdus;
  return async (apdu, maxResponseBytes = maxAnswerBytes) => {
    left -= 1;
    if (left < 0 || clock.monotonic() > untilMs) throw new Enough();
    const response = await transmit(apdu, maxResponseBytes);
    if (response.length < 2) throw new Error("the card's answer broke off");
    return response;
  };
}
