import { existsSync } from "node:fs";
import { join } from "node:path";
import { carriesPrint, type Config, type DeviceConfig } from "../config/config.ts";
import type { Driver } from "./core/driver.ts";
import { asDeviceId, asLaneId } from "./core/ids.ts";
import type { Ledger } from "./core/ledger.ts";
import { createPrintFolder } from "../drivers/folder/print-folder.ts";
import { StreamStatusScanner } from "../drivers/printer/status-scanner.ts";
import { createTcpSink } from "../drivers/printer/tcp-sink.ts";
import { RelayFleet } from "../drivers/relay-fleet.ts";
import type { RelaySpec } from "../drivers/relay-keeper.ts";
import { createSerialPrinter } from "../drivers/serial/serial-printer.ts";
import type { TouchDriverParts } from "./touch-drivers.ts";
import { version } from "./version.ts";

/** What every driver is given. */
export interface DriverParts extends TouchDriverParts {
  /** What is kept of each stream. */
  readonly ledger: Pick<Ledger, "received" | "captured">;
  /** The agent's data folder, where the sockets of its relays lie. */
  readonly dataDir: string;
}

/** A configured device with the lane it stands on. */
type Placed<D extends DeviceConfig = DeviceConfig> = { readonly laneId: string; readonly device: D };

/**
 * Whether there is a real printer on the line, so that the POS waits for nobody else: the driver then runs in a relay process, which
 * neither holds the line up nor misses anything when the agent is away.
 */
function isRelayed(device: DeviceConfig): boolean {
  if (device.type === "printer-serial") return device.forwardTo !== undefined || !device.answers;
  return device.type === "printer-tcp" && device.forwardTo !== undefined;
}

/** Whether what a device prints is still there when the agent died: streams then go on after a restart. */
export function outlivesAgent(device: DeviceConfig): boolean {
  return isRelayed(device) || device.type === "print-folder";
}

/** Makes the drivers of all configured devices: one a printer line, one for all lines that are relayed, and those of `touch-drivers.ts`. */
export async function deviceDrivers(config: Config, parts: DriverParts): Promise<readonly Driver[]> {
  const placed: readonly Placed[] = config.lanes.flatMap((lane) =>
    lane.devices.map((device) => ({ laneId: lane.id, device })),
  );
  const printers = [...placed.flatMap((one) => printDriver(one, parts) ?? []), ...relays(placed, parts)];
  const isTouched = config.zones.length > 0 || placed.some(({ device }) => !carriesPrint(device));
  if (!isTouched) return printers;
  const { touchDrivers } = await import("./touch-drivers.ts");
  return [...printers, ...touchDrivers(config, parts)];
}

/** The relays of all lines that have one, and of those that had one under an earlier configuration. */
function relays(placed: readonly Placed[], { dataDir, clock, logger }: DriverParts): readonly Driver[] {
  const folder = join(dataDir, "relay");
  const wanted = placed.flatMap((one) => relayOf(one) ?? []);
  if (wanted.length === 0 && !existsSync(folder)) return [];
  return [new RelayFleet({ folder, relays: wanted, version, clock, logger })];
}

function relayOf(placed: Placed): RelaySpec | undefined {
  const { device } = placed;
  const ids = idsOf(placed);
  const devices = [{ ...ids, type: device.type }];
  if (device.type === "printer-tcp" && device.forwardTo !== undefined) {
    const { listen, forwardTo } = device;
    return {
      moduleUrl: new URL("../drivers/printer/tcp-proxy.ts", import.meta.url),
      options: { ...ids, ...listen, printerHost: forwardTo.host, printerPort: forwardTo.port },
      devices,
    };
  }
  if (device.type === "printer-serial" && isRelayed(device)) {
    const { path, forwardTo, baudRate, dataBits, parity, stopBits } = device;
    return {
      moduleUrl: new URL("../drivers/serial/serial-relay.ts", import.meta.url),
      options: { ...ids, path, ...(forwardTo && { printerPath: forwardTo }), baudRate, dataBits, parity, stopBits },
      devices,
    };
  }
  return undefined;
}

function printDriver(placed: Placed, parts: DriverParts): Driver | undefined {
  const { device } = placed;
  const ids = idsOf(placed);
  if (isRelayed(device)) return undefined;
  if (device.type === "printer-tcp") return createTcpSink({ ...ids, ...device.listen }, parts);
  if (device.type === "print-folder") {
    const { path: folder, names, content, settleMs, afterwards, moveTo = join(folder, "read") } = device;
    return createPrintFolder({ ...ids, folder, names, content, settleMs, afterwards, moveTo }, parts);
  }
  if (device.type === "printer-serial") {
    const { path, baudRate, dataBits, parity, stopBits } = device;
    const options = { ...ids, path, baudRate, dataBits, parity, stopBits };
    return createSerialPrinter(options, { ...parts, newStatusScanner: () => new StreamStatusScanner() });
  }
  return undefined;
}

function idsOf({ laneId, device }: Placed) {
  return { deviceId: asDeviceId(device.id), laneId: asLaneId(laneId) };
}
