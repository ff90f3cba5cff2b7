import { ControlClient } from "../../agent/control/control-client.ts";
import type { DeviceStatus } from "../../agent/control/snapshot.ts";
import { VirtualAir } from "../../drivers/ble/virtual/virtual-air.ts";
import { VirtualController } from "../../drivers/ble/virtual/virtual-controller.ts";
import { missingForVirtualHid, VirtualHid } from "../../drivers/hid/virtual/virtual-hid.ts";
import { VirtualScanner } from "../../drivers/hid/virtual/virtual-scanner.ts";
import { missingForPcscd, virtualReaders } from "../../drivers/nfc/pcscd.ts";
import { holdCard, type HeldCard } from "../../drivers/nfc/virtual-card.ts";
import { SystemClock } from "../../drivers/system-clock.ts";
import { SerialCable } from "../../drivers/virtual/serial-cable.ts";
import { SerialPos } from "../../drivers/virtual/serial-pos.ts";
import { plantedBeacon, radioSections } from "./ble/planted-beacon.ts";
import { freePort } from "./free-port.ts";
import { LoneDaemon } from "./lone-daemon.ts";
import { PcscdUnderTest } from "./pcscd.ts";
import { PosSocket } from "./pos-socket.ts";
import { RecordedFeed } from "./recorded-feed.ts";
import { slip } from "./slip.ts";
import { TempFolder } from "./temp-folder.ts";
import { until } from "./until.ts";

/** What keeps this machine from having every kind of device; `undefined` when nothing does. */
export function missingForFullStore(): string | undefined {
  const socat = SerialCable.isAvailable() ? undefined : "socat is not installed";
  return missingForPcscd() ?? missingForVirtualHid() ?? socat;
}

const clock = new SystemClock();
const never = new AbortController().signal;

/** Process of a kind of driver, by a library that no other has in memory. */
export const driverLibraries = {
  nfc: /pcsclite/,
  hid: /node-hid|HID(_hidraw)?\.node/,
  ble: /bindings-cpp|bluetooth/,
} as const;

/** A radio that nobody has plugged in yet: its controller, and the cable to it. */
async function newRadio(stack: AsyncDisposableStack, folder: TempFolder, beacons: number) {
  const socketPath = folder.file("controller");
  const air = new VirtualAir(Array.from({ length: beacons }, (_, index) => plantedBeacon(index + 1)));
  const controller = stack.use(new VirtualController({ socketPath, air, clock }));
  await controller.powerOn();
  const radioCable = stack.use(new SerialCable({ portPath: folder.file("radio"), socketPath, clock }));
  await radioCable.plug();
  return { controller, radioCable };
}

/** A POS on a serial line. */
async function newSerialPos(stack: AsyncDisposableStack, folder: TempFolder) {
  const ends = { portPath: folder.file("tty-pos"), socketPath: folder.file("pos.sock"), clock };
  const pos = stack.use(await SerialPos.open({ ...ends, pieceMs: 1, confirmTimeoutMs: 2_000 }));
  const cable = stack.use(new SerialCable(ends));
  await cable.plug();
  return { pos, cable };
}

function lanesOf(printPort: number, serialPath: string): string {
  const [one, two] = virtualReaders;
  return `  - id: "05"
    devices:
      - { id: till-5-printer, type: printer-tcp, listen: "127.0.0.1:${printPort}" }
      - { id: nfc-1, type: nfc, reader: "${one.reader}" }
      - { id: scanner, type: hid, vendorId: "0c2e" }
  - id: "07"
    devices:
      - { id: till-7-printer, type: printer-serial, path: "${serialPath}" }
      - { id: nfc-2, type: nfc, reader: "${two.reader}" }`;
}

const codes = 'codes: { members: [{ programme: club, prefix: "29", minLength: 13, maxLength: 13 }] }';

/**
 * A store with a device of every kind, each emulated as low as it can be, and the daemon over the real libraries: two readers (pcscd, vpcd),
 * a scanner (umockdev), a radio (a controller behind a pseudo-terminal), a printer line on TCP and one on a pseudo-terminal. `lanes`: more
 * of them, in YAML.
 */
export async function openFullStore(stack: AsyncDisposableStack, { beacons = 3, lanes = "" } = {}) {
  const folder = stack.use(new TempFolder());
  const pcscd = stack.use(await PcscdUnderTest.reserve());
  await pcscd.start();
  const started = await VirtualHid.start();
  if (started.status === "unavailable") throw new Error(started.reason);
  const hid = stack.use(started.hid);
  const scanner = await VirtualScanner.plug(hid);
  const radio = await newRadio(stack, folder, beacons);
  const line = await newSerialPos(stack, folder);
  const printPort = await freePort();
  const sections = `${radioSections(folder.file("radio"))}\n${codes}`;
  const env = { STORELOOP_VIRTUAL_HID: hid.environment.UMOCKDEV_DIR };
  const all = `${lanesOf(printPort, folder.file("tty-pos"))}\n${lanes}`;
  const daemon = stack.use(new LoneDaemon(folder.path, all, undefined, { sections, env }));
  await daemon.start();
  const feed = stack.use(await RecordedFeed.of(daemon.dataDir));
  return { folder, pcscd, hid, scanner, ...radio, ...line, daemon, feed, printPort };
}

/** What {@link openFullStore} opens. */
export type FullStore = Awaited<ReturnType<typeof openFullStore>>;

/** The devices as the daemon sees them, by name. */
export async function devicesOf(daemon: LoneDaemon): Promise<ReadonlyMap<string, DeviceStatus>> {
  const { devices } = await new ControlClient(daemon.dataDir).status(AbortSignal.timeout(5_000));
  return new Map(devices.map((device) => [device.deviceId, device]));
}

/** Waits until a device is down, or failed, with a code. */
export async function downWith(daemon: LoneDaemon, deviceId: string, code: string): Promise<void> {
  const is = async () => (await devicesOf(daemon)).get(deviceId)?.health.code === code;
  await until(is, { timeoutMs: 20_000, what: `${deviceId} being down with ${code}` });
}

/** Waits until devices are up again after a moment of the wall clock. Answers how long that took from now, in milliseconds. */
export async function upAgain(daemon: LoneDaemon, deviceIds: readonly string[], sinceMs: number): Promise<number> {
  const beganMs = performance.now();
  const are = async () => {
    const devices = await devicesOf(daemon);
    return deviceIds.every((id) => {
      const health = devices.get(id)?.health;
      return health?.state === "up" && health.sinceMs >= sinceMs;
    });
  };
  await until(are, { timeoutMs: 30_000, what: `${deviceIds.join(" and ")} being up again` });
  return performance.now() - beganMs;
}

/** Holds an NTAG213 to the first or the second reader until it beeps. */
export async function tap(uid: string, reader: 0 | 1 = 0, gapMs = 450): Promise<HeldCard> {
  return await holdCard({ uid, port: virtualReaders[reader].port, clock, signal: never, patienceMs: 10_000, gapMs });
}

/** Prints a receipt over TCP. Answers how long after its last byte it was known to be durable, in milliseconds. */
export async function printed(
  { printPort, feed }: Pick<FullStore, "printPort" | "feed">,
  number: string,
): Promise<number> {
  using pos = await PosSocket.connect(printPort);
  await pos.send(slip(number));
  const sentAtMs = performance.now();
  return (await feed.receiptAt(number)) - sentAtMs;
}
