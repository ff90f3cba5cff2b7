import type { Applet } from "./applet.ts";
import { applications, hasApplication } from "./select.ts";

/** Tells transit cards of China T-Union and refuses them: what they answer holds the card's number, and is not looked at. */
export const transitApplet: Applet = {
  name: "transit",
  async read(send) {
    const isThere = await hasApplication(send, applications.tUnion);
    return isThere ? { technology: "t-union", refusal: "NFC_TRANSIT_CARD" } : undefined;
  },
};
