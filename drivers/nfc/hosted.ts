import type { Logger } from "../../agent/core/logger.ts";
import type { Clock } from "../../agent/core/time.ts";
import type { HostLimits } from "../host-life.ts";
import { HostedDriver } from "../host.ts";
import type { NfcDriverOptions } from "./nfc-driver.ts";

/** What the hosted driver works with. */
interface HostedNfcParts {
  readonly clock: Clock;
  readonly logger: Logger;
  readonly limits?: Partial<HostLimits>;
}

/**
 * The driver of all PC/SC readers, in a child process of its own. This module imports no native library, so it costs a store
 * without NFC nothing.
 */
export function createNfcDriver(options: NfcDriverOptions, { clock, logger, limits }: HostedNfcParts): HostedDriver {
  return new HostedDriver({
    name: "nfc",
    moduleUrl: new URL("./nfc-driver.ts", import.meta.url),
    options,
    devices: options.readers.map(({ deviceId, laneId }) => ({ deviceId, laneId, type: "nfc" })),
    clock,
    logger,
    ...(limits && { limits }),
  });
}
