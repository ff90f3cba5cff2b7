import { mkdirSync, writeFileSync } from "node:fs";
import { setImmediate } from "node:timers/promises";
import type { DeviceState } from "../../../agent/core/driver.ts";
import { asDeviceId, asZoneId } from "../../../agent/core/ids.ts";
import type { Offer } from "../../../agent/core/observation.ts";
import { BleDriver } from "../../../drivers/ble/ble-driver.ts";
import type { RadioPort } from "../../../drivers/ble/radio.ts";
import { LogLines } from "../log-lines.ts";
import { ManualClock } from "../manual-clock.ts";
import { RunningDriver } from "../running-driver.ts";
import { TempFolder } from "../temp-folder.ts";
import { ScriptedRadio } from "./scripted-radio.ts";

/** The beacon that is known. */
export const uuid = "fda50693-a4e2-4fb1-afcf-c6eb07647825";

/** What a test wants to differ. */
export interface Play {
  readonly port?: RadioPort;
  readonly previous?: readonly DeviceState[];
  readonly radio?: ScriptedRadio;
  readonly answer?: Offer;
  readonly folder?: TempFolder;
  readonly reserved?: readonly number[];
}

/** A driver over a radio that the test plays, on a machine with one adapter, in a time that the test moves. */
export async function start({
  port = { library: "abandonware" },
  previous = [],
  radio = new ScriptedRadio(),
  answer,
  folder = new TempFolder(),
  reserved = [],
}: Play = {}) {
  mkdirSync(folder.file("hci0/rfkill3"), { recursive: true });
  writeFileSync(folder.file("hci0/rfkill3/soft"), "0");
  const clock = new ManualClock();
  const logger = new LogLines();
  const config = { deviceId: asDeviceId("radio-1"), zoneId: asZoneId("entrance"), port };
  const beacons = [{ beaconId: "door", match: { type: "ibeacon", uuid } } as const];
  const driver = new BleDriver(
    { radio: config, beacons, reserved },
    { clock, logger, previous, open: radio.open, adapterFolder: folder.path },
  );
  const running = new RunningDriver(driver, answer);
  const pass = async (ms: number): Promise<void> => {
    // Files are looked at on the way; they take real time.
    for (let turn = 0; turn < 20; turn++) await setImmediate();
    await clock.advance(ms);
    for (let turn = 0; turn < 20; turn++) await setImmediate();
  };
  await pass(0);
  const health = () => driver.devices()[0]!.health;
  const dispose = async () => {
    await running.stop();
    folder[Symbol.dispose]();
  };
  return { driver, radio, running, clock, logger, folder, pass, health, [Symbol.asyncDispose]: dispose };
}

/** The same, once it scans. */
export async function scanning(play: Play = {}) {
  const ble = await start(play);
  ble.radio.listener.stateChanged("on");
  await ble.pass(0);
  return ble;
}

/** What a process that gave up on a stalled controller leaves behind. */
export const stalled: readonly DeviceState[] = [
  {
    deviceId: asDeviceId("radio-1"),
    zoneId: asZoneId("entrance"),
    type: "ble",
    health: { state: "down", sinceMs: 0, code: "BLE_SCAN_STALLED", detail: "" },
  },
];
