import type { Logger } from "../../agent/core/logger.ts";
import type { Clock } from "../../agent/core/time.ts";
import type { HostLimits } from "../host-life.ts";
import { HostedDriver } from "../host.ts";
import type { HidDriverOptions } from "./hid-driver.ts";

/** What the hosted driver works with. */
interface HostedHidParts {
  readonly clock: Clock;
  readonly logger: Logger;
  readonly limits?: Partial<HostLimits>;
  /** The child's whole environment, by default that of this process: how a virtual scanner comes to it (`virtual/virtual-scanner.ts`). */
  readonly env?: Readonly<Record<string, string | undefined>>;
}

/**
 * The driver of all HID devices, in a child process of its own. This module imports no native library, so it costs a store without
 * scanners nothing.
 */
export function createHidDriver(
  options: HidDriverOptions,
  { clock, logger, limits, env }: HostedHidParts,
): HostedDriver {
  return new HostedDriver({
    name: "hid",
    moduleUrl: new URL("./hid-driver.ts", import.meta.url),
    options,
    devices: options.devices.map(({ deviceId, laneId }) => ({ deviceId, laneId, type: "hid" })),
    clock,
    logger,
    ...(limits && { limits }),
    ...(env && { env }),
  });
}
