import type { Config } from "../config/config.ts";
import { createBleDriver } from "../drivers/ble/hosted.ts";
import { createHidDriver } from "../drivers/hid/hosted.ts";
import { virtualHidEnvironment } from "../drivers/hid/virtual/environment.ts";
import { createNfcDriver } from "../drivers/nfc/hosted.ts";
import type { Driver } from "./core/driver.ts";
import type { Logger } from "./core/logger.ts";
import type { Clock } from "./core/time.ts";
import { radioOptions, readerOptions, scannerOptions } from "./touch-options.ts";

/** What the drivers of readers, scanners and radios are given. */
export interface TouchDriverParts {
  readonly clock: Clock;
  readonly logger: Logger;
  /** Test bed of the demo's virtual scanners, which are plugged in below the scanners' process alone. */
  readonly virtualHid?: string | undefined;
}

/**
 * The drivers of everything that people are known by: one for all contactless readers, one for all scanners, one for all radios; none
 * where nothing of the kind is configured. Each runs in child processes; keys go to these in the open, and to no file or log.
 */
export function touchDrivers(config: Config, { clock, logger, virtualHid }: TouchDriverParts): readonly Driver[] {
  const readers = readerOptions(config);
  const scanners = scannerOptions(config);
  const radios = radioOptions(config);
  const env = virtualHid === undefined ? undefined : { ...process.env, ...virtualHidEnvironment(virtualHid) };
  return [
    ...(readers.readers.length > 0 ? [createNfcDriver(readers, { clock, logger })] : []),
    ...(scanners.devices.length > 0 ? [createHidDriver(scanners, { clock, logger, ...(env && { env }) })] : []),
    ...(radios.radios.length > 0 ? [createBleDriver(radios, { clock, logger })] : []),
  ];
}
