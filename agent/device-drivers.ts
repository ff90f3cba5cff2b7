import type { DeviceConfig, LaneConfig, NfcConfig } from "../config/config.ts";
import type { Driver } from "./core/driver.ts";
import { asDeviceId, asLaneId } from "./core/ids.ts";
import type { Logger } from "./core/logger.ts";
import type { Clock } from "./core/time.ts";
import { createNfcDriver } from "../drivers/nfc/hosted.ts";
import { StreamStatusScanner } from "../drivers/printer/status-scanner.ts";
import { createTcpProxy } from "../drivers/printer/tcp-proxy.ts";
import { createTcpSink } from "../drivers/printer/tcp-sink.ts";
import { createSerialPrinter } from "../drivers/serial/serial-printer.ts";

/** What every driver is given. */
export interface DriverParts {
  readonly clock: Clock;
  readonly logger: Logger;
}

/** A configured device with the lane it stands on. */
type Placed<D extends DeviceConfig = DeviceConfig> = { readonly laneId: string; readonly device: D };

/** Makes the drivers of all configured devices: one a printer line, one for all contactless readers together. */
export function deviceDrivers(lanes: readonly LaneConfig[], parts: DriverParts): readonly Driver[] {
  const placed: readonly Placed[] = lanes.flatMap((lane) =>
    lane.devices.map((device) => ({ laneId: lane.id, device })),
  );
  const printers = placed.flatMap((one) => printDriver(one, parts) ?? []);
  const readers = placed.filter((one): one is Placed<NfcConfig> => one.device.type === "nfc");
  if (readers.length === 0) return printers;
  const options = { readers: readers.map((one) => ({ ...idsOf(one), reader: one.device.reader })) };
  return [...printers, createNfcDriver(options, parts)];
}

function printDriver(placed: Placed, parts: DriverParts): Driver | undefined {
  const { device } = placed;
  const ids = idsOf(placed);
  if (device.type === "printer-tcp") {
    const options = { ...ids, host: device.listen.host, port: device.listen.port };
    if (device.forwardTo === undefined) return createTcpSink(options, parts);
    return createTcpProxy(
      { ...options, printerHost: device.forwardTo.host, printerPort: device.forwardTo.port },
      parts,
    );
  }
  if (device.type === "printer-serial") {
    const { path, baudRate, dataBits, parity, stopBits, answers } = device;
    const options = { ...ids, path, baudRate, dataBits, parity, stopBits, answers };
    return createSerialPrinter(options, { ...parts, newStatusScanner: () => new StreamStatusScanner() });
  }
  return undefined;
}

function idsOf({ laneId, device }: Placed) {
  return { deviceId: asDeviceId(device.id), laneId: asLaneId(laneId) };
}
