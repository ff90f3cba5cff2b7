import { StoreloopError } from "../../agent/core/errors.ts";
import { openNoble } from "./noble-radio.ts";
import type { Radio, RadioListener, RadioPort } from "./radio.ts";

/** Opens an adapter of this machine, or a controller on a serial line, through @stoprocent/noble. See {@link import("./radio.ts").OpenRadio}. */
export async function openStoprocent(port: RadioPort, listener: RadioListener): Promise<Radio> {
  const { withBindings } = await loadLibrary();
  try {
    const options =
      "uart" in port
        ? { hciDriver: "uart", bindParams: { uart: port.uart } }
        : { hciDriver: "native", ...(port.adapter !== undefined && { deviceId: port.adapter }) };
    return openNoble(withBindings("hci", options), listener);
  } catch (cause) {
    if (cause instanceof StoreloopError) throw cause;
    throw new StoreloopError("BLE_NO_BLUETOOTH", String(cause), { cause });
  }
}

async function loadLibrary(): Promise<typeof import("@stoprocent/noble")> {
  try {
    return await import("@stoprocent/noble");
  } catch (cause) {
    throw new StoreloopError("BLE_LIBRARY_MISSING", "@stoprocent/noble could not be loaded", { cause });
  }
}
