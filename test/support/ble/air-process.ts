import { structure } from "../../../drivers/ble/virtual/advert-writer.ts";
import { VirtualAir } from "../../../drivers/ble/virtual/virtual-air.ts";
import { VirtualController } from "../../../drivers/ble/virtual/virtual-controller.ts";
import { SystemClock } from "../../../drivers/system-clock.ts";
import { plantedBeacon } from "./planted-beacon.ts";

/** What this program is started with, as JSON in its only argument. */
export interface AirPlan {
  readonly socketPath: string;
  /** Beacons that advertise ten times a second, from the first on. */
  readonly beacons: number;
  /** The crowd, while it is there. */
  readonly advertsPerSecond: number;
  readonly addresses: number;
}

/** What it is told over its channel. Each is answered by {@link AirReport}. */
export interface AirOrder {
  readonly isLoud: boolean;
}

/** Adverts that went out so far. */
export interface AirReport {
  readonly sent: number;
}

/** An advert that nobody knows, as a phone sends them. */
const phone = structure(0xff, Uint8Array.of(0x4c, 0x00, 0x10, 0x05, 0x0b, 0x98, 0x20, 0x68, 0xdd));

/** A controller and what is on the air around it, in a process of its own so that whoever measures is not slowed down by it. */
async function main(plan: AirPlan): Promise<void> {
  const air = new VirtualAir(Array.from({ length: plan.beacons }, (_, index) => plantedBeacon(index + 1)));
  const controller = new VirtualController({ socketPath: plan.socketPath, air, clock: new SystemClock() });
  await controller.powerOn();
  const { advertsPerSecond, addresses } = plan;
  process.on("message", ({ isLoud }: AirOrder) => {
    air.crowd(isLoud ? { advertsPerSecond, addresses, bytes: phone, rssiDbm: -80 } : undefined);
    process.send?.({ sent: controller.sent } satisfies AirReport);
  });
  process.on("disconnect", () => process.exit(0));
  process.send?.({ sent: 0 } satisfies AirReport);
}

await main(JSON.parse(process.argv[2] ?? "{}") as AirPlan);
