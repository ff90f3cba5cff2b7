import type { Clock } from "../../agent/core/time.ts";
import { structure, writeAdvert } from "../../drivers/ble/virtual/advert-writer.ts";
import { VirtualAir, type Crowd, type Transmitter } from "../../drivers/ble/virtual/virtual-air.ts";
import { VirtualController } from "../../drivers/ble/virtual/virtual-controller.ts";
import type { StoreBeacon } from "../../drivers/virtual/beacon-plan.ts";
import { SerialCable } from "../../drivers/virtual/serial-cable.ts";
import type { Entrance } from "../../drivers/virtual/visit-player.ts";

/** How strongly a beacon is heard, in dBm. */
const strengths = { near: -62, far: -99 } as const;

/** People in the street: phones that change their addresses and say nothing that anybody but their maker understands (Apple's "nearby"). */
const crowd: Crowd = {
  advertsPerSecond: 40,
  addresses: 5_000,
  bytes: Uint8Array.of(
    ...structure(0x01, Uint8Array.of(0x1a)),
    ...structure(0xff, Uint8Array.of(0x4c, 0, 0x10, 2, 0x1f, 0)),
  ),
  rssiDbm: -80,
};

/** The beacon of the shop next door: near, and not known here. */
const neighbour: Transmitter = {
  address: "c0:00:5e:00:53:ff",
  isRandomAddress: true,
  bytes: writeAdvert({ type: "ibeacon", uuid: "b9407f30-f5f8-466e-aff9-25556b57fe6d", major: 1, minor: 1, tx: -59 }),
  rssiDbm: -60,
  everyMs: 200,
};

/** The virtual store's entrance: a radio on a serial port, beacons that come and go, and a crowd that nobody knows. */
export class VirtualEntrance implements Entrance, AsyncDisposable {
  readonly #air: VirtualAir;
  readonly #resources: AsyncDisposableStack;

  private constructor(air: VirtualAir, resources: AsyncDisposableStack) {
    this.#air = air;
    this.#resources = resources;
  }

  /** Plugs the radio into a port. Rejects with `SERIAL_VIRTUAL_UNAVAILABLE` when that does not come; needs socat. */
  static async open(portPath: string, clock: Clock): Promise<VirtualEntrance> {
    await using resources = new AsyncDisposableStack();
    const air = new VirtualAir([neighbour], crowd);
    const socketPath = `${portPath}.sock`;
    const controller = resources.use(new VirtualController({ socketPath, air, clock }));
    await controller.powerOn();
    await resources.use(new SerialCable({ portPath, socketPath, clock })).plug();
    return new VirtualEntrance(air, resources.move());
  }

  hear({ sends, address }: StoreBeacon, from: keyof typeof strengths): void {
    const bytes = writeAdvert({ ...sends, tx: -59 });
    this.#air.place({ address, isRandomAddress: true, bytes, rssiDbm: strengths[from], everyMs: 200 });
  }

  lose({ address }: StoreBeacon): void {
    this.#air.remove(address);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#resources.disposeAsync();
  }
}
