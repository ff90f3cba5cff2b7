import { asDeviceId, asLaneId } from "../../../agent/core/ids.ts";
import type { Offer } from "../../../agent/core/observation.ts";
import { createNfcDriver } from "../../../drivers/nfc/hosted.ts";
import type { NfcDriverOptions } from "../../../drivers/nfc/nfc-driver.ts";
import { virtualReaders } from "../../../drivers/nfc/pcscd.ts";
import { SystemClock } from "../../../drivers/system-clock.ts";
import { LogLines } from "../log-lines.ts";
import { RunningDriver } from "../running-driver.ts";
import { until } from "../until.ts";

/** What of the driver a test sets otherwise. */
export interface NfcSettings {
  /** Decides the outcome of each offer; by default it is recorded. */
  readonly answer?: Offer | undefined;
  /** PC/SC names of the readers on lane 01, 02, ...; by default both virtual ones. */
  readonly readers?: readonly string[];
  readonly options?: Partial<NfcDriverOptions>;
}

/** The driver in its child process, over the pcscd that runs. */
export function runNfc({ answer, readers = virtualReaders.map(({ reader }) => reader), options }: NfcSettings = {}) {
  const logger = new LogLines();
  const configured = readers.map((reader, index) => ({
    deviceId: asDeviceId(`nfc-${index + 1}`),
    laneId: asLaneId(`0${index + 1}`),
    reader,
  }));
  const driver = createNfcDriver(
    { readers: configured, watchMs: 300, probeTimeoutMs: 500, ...options },
    { clock: new SystemClock(), logger },
  );
  const running = new RunningDriver(driver, answer);
  const codes = () => driver.devices().map(({ health }) => health.code ?? health.state);
  const areAll = (code: string) =>
    until(() => codes().every((each) => each === code), { timeoutMs: 20_000, what: code });
  return { driver, logger, running, codes, areAll, [Symbol.asyncDispose]: () => running.stop() };
}
