import { StoreloopError } from "../../agent/core/errors.ts";
import { openNoble } from "./noble-radio.ts";
import type { AdapterPort, Radio, RadioListener } from "./radio.ts";

/** Opens an adapter of this machine through @abandonware/noble. See {@link import("./radio.ts").OpenRadio}. */
export async function openAbandonware(port: AdapterPort, listener: RadioListener): Promise<Radio> {
  const createNoble = await loadLibrary();
  try {
    return openNoble(createNoble(port.adapter === undefined ? {} : { deviceId: port.adapter }), listener);
  } catch (cause) {
    throw asRadioError(cause);
  }
}

/** `@abandonware/noble` itself would open the adapter while it is being imported; this entry leaves that to the caller. */
async function loadLibrary(): Promise<(options: { deviceId?: number }) => unknown> {
  try {
    const library = await import("@abandonware/noble/with-custom-binding.js");
    return library.default;
  } catch (cause) {
    throw new StoreloopError("BLE_LIBRARY_MISSING", "@abandonware/noble could not be loaded", { cause });
  }
}

/** Errors of socket(2) and bind(2), as the library throws them. */
const errnoCodes = {
  EAFNOSUPPORT: "BLE_NO_BLUETOOTH",
  EPROTONOSUPPORT: "BLE_NO_BLUETOOTH",
  EPERM: "BLE_DENIED",
  EACCES: "BLE_DENIED",
  ENODEV: "BLE_ADAPTER_GONE",
} as const;

function asRadioError(cause: unknown): Error {
  if (cause instanceof StoreloopError) return cause;
  const text = cause instanceof Error ? cause.message : String(cause);
  const [, code] = Object.entries(errnoCodes).find(([errno]) => text.includes(errno)) ?? [];
  return code ? new StoreloopError(code, text, { cause }) : new StoreloopError("BLE_NO_BLUETOOTH", text, { cause });
}
