import { writeAdvert } from "../../../drivers/ble/virtual/advert-writer.ts";
import type { Transmitter } from "../../../drivers/ble/virtual/virtual-air.ts";

const uuid = "fda50693-a4e2-4fb1-afcf-c6eb07647825";

/** A fixed beacon that advertises ten times a second. */
export function plantedBeacon(minor: number): Transmitter {
  const bytes = writeAdvert({ type: "ibeacon", uuid, major: 1, minor, tx: -59 });
  const address = `c0:00:00:00:00:${minor.toString(16).padStart(2, "0")}`;
  return { address, isRandomAddress: true, bytes, rssiDbm: -60, everyMs: 100 };
}

/** The sections for one radio on a serial line and every beacon that {@link plantedBeacon} makes. */
export function radioSections(portPath: string): string {
  const radio = `{ id: radio-1, type: ble, library: stoprocent, path: "${portPath}" }`;
  return `zones: [{ id: entrance, devices: [${radio}] }]\nbeacons: [{ id: door, type: ibeacon, uuid: ${uuid} }]`;
}
