import { StoreloopError } from "./core/errors.ts";
import type { SimulateRequest } from "./core/simulate.ts";

/** What each kind may be given beside `kind`, and as what. */
const fields: { readonly [K in SimulateRequest["kind"]]: Readonly<Record<string, "string" | "number">> } = {
  nfc: { laneId: "string", uid: "string", uri: "string" },
  scan: { laneId: "string", code: "string" },
  receipt: { laneId: "string", bytes: "string" },
  ble: { zoneId: "string", beaconId: "string", rssiDbm: "number", seconds: "number" },
};

/** Beyond what any symbol holds (QR Code 40-L: 7089 digits, ISO/IEC 18004). Telling a longer one apart would hold the daemon up. */
const mostCharacters = 8192;

/** Throws `SIMULATE_INVALID` for a request of a known kind whose fields are not what they should be: it comes from outside. */
export function checkSimulateRequest(request: SimulateRequest): void {
  const given: Readonly<Record<string, unknown>> = { ...request };
  if (request.kind === "scan" && given["code"] === undefined) throw invalid("code is missing");
  for (const [name, type] of Object.entries(fields[request.kind])) {
    const value = given[name];
    if (value === undefined) continue;
    if (typeof value !== type) throw invalid(`${name} is no ${type}`);
    // Print bytes have a bound of their own, once they are bytes.
    if (typeof value === "string" && name !== "bytes" && value.length > mostCharacters)
      throw invalid(`${name} has ${value.length} characters, more than ${mostCharacters}`);
  }
}

const invalid = (message: string): StoreloopError => new StoreloopError("SIMULATE_INVALID", message);
