import type { Applet, AppletReading, SendApdu } from "../../drivers/nfc/iso-dep/applet.ts";
import type { WalletSetup } from "../../drivers/nfc/iso-dep/wallet/setup.ts";

/** Answers one command APDU. */
export type Respond = (apdu: Uint8Array, count: number) => Uint8Array;

/** What came of a tap, and how many commands it took. */
export interface Tapped {
  readonly reading: AppletReading | undefined;
  readonly sent: readonly string[];
}

/** The applet of a set-up that went well. */
export function appletOf(setup: WalletSetup): Applet {
  if (!setup.ok) throw new Error(`${setup.keyName}: ${setup.reason}`);
  return setup.applet;
}

/** Lets an applet read whatever answers, and fails when it asks without end. */
export async function tap(applet: Applet, respond: Respond): Promise<Tapped> {
  const sent: string[] = [];
  const send: SendApdu = (apdu) => {
    sent.push(Buffer.from(apdu).toString("hex"));
    if (sent.length > 40) throw new Error("the applet asks without end");
    return Promise.resolve(respond(apdu, sent.length));
  };
  const reading = await applet.read(send, { nowMs: Date.parse("2026-03-14T08:00:00Z"), uid: "08A1B2C3" });
  return { reading, sent };
}
