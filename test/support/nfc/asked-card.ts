import type { AppletReading } from "../../../drivers/nfc/iso-dep/applet.ts";
import type { Applet } from "../../../drivers/nfc/iso-dep/applet.ts";
import { readIsoDep } from "../../../drivers/nfc/iso-dep/read-iso-dep.ts";
import type { VirtualCard } from "../../../drivers/nfc/virtual-card.ts";
import { ManualClock } from "../manual-clock.ts";

/** Asks a card without a reader in between; every answer takes the time of `answerMs`. */
export async function ask(
  card: VirtualCard,
  uid: string,
  applets: readonly Applet[],
  answerMs = 0,
): Promise<{ readonly reading: AppletReading; readonly apdus: number; readonly tookMs: number }> {
  const clock = new ManualClock();
  const began = clock.monotonic();
  let apdus = 0;
  const transmit = async (apdu: Uint8Array): Promise<Uint8Array> => {
    apdus += 1;
    await clock.advance(answerMs);
    return card.respond(apdu);
  };
  const reading = await readIsoDep(applets, transmit, uid, clock);
  return { reading, apdus, tookMs: clock.monotonic() - began };
}
