import { openAbandonware } from "./abandonware.native.ts";
import type { OpenRadio } from "./radio.ts";
import { openStoprocent } from "./stoprocent.native.ts";

/** Opens a radio through the library its port names. Loads that library only. */
export const openRadio: OpenRadio = async (port, listener) => {
  if ("uart" in port || port.library === "stoprocent") return await openStoprocent(port, listener);
  return await openAbandonware(port, listener);
};
