import { dataOf, parseAnswer, selectCommand, status } from "../apdu.ts";
import type { SendApdu } from "./applet.ts";

/** Names of applications, in hexadecimal. */
export const applications = {
  /** NDEF Tag Application (NFC Forum Type 4 Tag 2.0, 5.3); NTAG 424 DNA has its own application by that name. */
  ndef: "d2760000850101",
  /** Proximity Payment System Environment, `2PAY.SYS.DDF01` (EMV Contactless Book B, 3.3). */
  ppse: "325041592e5359532e4444463031",
  /** China T-Union, the electronic purse of transit cards. */
  tUnion: "a000000632010105",
  /** `OSE.VAS.01`: which wallet is on a phone; Apple's and Google's both answer to it. */
  wallet: "4f53452e5641532e3031",
  /** Smart Tap 2 (developers.google.com/wallet/smart-tap/terminal/reference). */
  smartTap: "a000000476d0000111",
  /** The system application of Android's host card emulation. */
  androidHce: "a000000476416e64726f6964484345",
} as const;

/** Selects an application by its name (ISO/IEC 7816-4, 11.2.2); its file control information, or `undefined` when the card does not have it. */
export async function select(send: SendApdu, name: string): Promise<Uint8Array | undefined> {
  return dataOf(await send(selectCommand(name)));
}

/** Whether the card has an application. What it says of it is blotted out, unread. */
export async function hasApplication(send: SendApdu, name: string): Promise<boolean> {
  const response = await send(selectCommand(name));
  const isThere = parseAnswer(response).status === status.ok;
  response.fill(0);
  return isThere;
}
