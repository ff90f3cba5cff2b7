import type { Offer } from "../../../agent/core/observation.ts";
import { asDeviceId, asZoneId } from "../../../agent/core/ids.ts";
import type { BeaconConfig } from "../../../drivers/ble/beacon-catalogue.ts";
import type { BleTiming } from "../../../drivers/ble/ble-driver.ts";
import { createBleDriver } from "../../../drivers/ble/hosted.ts";
import type { RadioPort } from "../../../drivers/ble/radio.ts";
import { writeAdvert } from "../../../drivers/ble/virtual/advert-writer.ts";
import { VirtualAir, type Crowd, type Transmitter } from "../../../drivers/ble/virtual/virtual-air.ts";
import { VirtualController } from "../../../drivers/ble/virtual/virtual-controller.ts";
import type { HostLimits } from "../../../drivers/host-life.ts";
import { SystemClock } from "../../../drivers/system-clock.ts";
import { SerialCable } from "../../../drivers/virtual/serial-cable.ts";
import { LogLines } from "../log-lines.ts";
import { RunningDriver } from "../running-driver.ts";
import { TempFolder } from "../temp-folder.ts";
import { until } from "../until.ts";

/** The two real libraries, each above the emulated controller. */
export const libraries = ["abandonware", "stoprocent"] as const;
export type Library = (typeof libraries)[number];

export const uuid = "fda50693-a4e2-4fb1-afcf-c6eb07647825";

/** What to play, and how the driver is to be. */
export interface BenchOptions {
  readonly transmitters?: readonly Transmitter[];
  readonly crowd?: Crowd;
  readonly beacons?: readonly BeaconConfig[];
  readonly timing?: Partial<BleTiming>;
  readonly limits?: Partial<HostLimits>;
  readonly answer?: Offer;
}

/** A fixed iBeacon that advertises ten times a second. */
export function iBeacon(minor: number, rssiDbm = -60): Transmitter {
  const bytes = writeAdvert({ type: "ibeacon", uuid, major: 1, minor, tx: -59 });
  return {
    address: `c0:00:00:00:00:${minor.toString(16).padStart(2, "0")}`,
    isRandomAddress: true,
    bytes,
    rssiDbm,
    everyMs: 100,
  };
}

/** A radio under test: an emulated controller, and the hosted driver over one of the real libraries. */
export class RadioBench implements AsyncDisposable {
  readonly logger = new LogLines();
  readonly controller: VirtualController;
  readonly driver: ReturnType<typeof createBleDriver>;
  readonly running: RunningDriver;
  readonly #folder: TempFolder;
  readonly #cable: SerialCable | undefined;

  private constructor(
    library: Library,
    options: BenchOptions,
    folder: TempFolder,
    controller: VirtualController,
    cable?: SerialCable,
  ) {
    this.#folder = folder;
    this.#cable = cable;
    this.controller = controller;
    const port: RadioPort =
      library === "stoprocent" ? { library, uart: { port: folder.file("radio"), baudRate: 1_000_000 } } : { library };
    const radios = [{ deviceId: asDeviceId("radio-1"), zoneId: asZoneId("entrance"), port }];
    const beacons = options.beacons ?? [{ beaconId: "door", match: { type: "ibeacon", uuid } }];
    const timing = { summaryMs: 200, retryMs: 200, ...options.timing };
    const told = { radios, beacons, ...timing, controllerSocket: folder.file("controller") };
    const moduleUrl =
      library === "abandonware" ? { moduleUrl: new URL("./abandonware-child.ts", import.meta.url) } : {};
    const limits = options.limits ? { limits: options.limits } : {};
    this.driver = createBleDriver(told, { clock: new SystemClock(), logger: this.logger, ...moduleUrl, ...limits });
    this.running = new RunningDriver(this.driver, options.answer);
  }

  static async start(library: Library, options: BenchOptions = {}): Promise<RadioBench> {
    const folder = new TempFolder();
    const clock = new SystemClock();
    const air = new VirtualAir(options.transmitters ?? [iBeacon(1)], options.crowd);
    const socketPath = folder.file("controller");
    const controller = new VirtualController({ socketPath, air, clock });
    await controller.powerOn();
    const cable =
      library === "stoprocent" ? new SerialCable({ portPath: folder.file("radio"), socketPath, clock }) : undefined;
    await cable?.plug();
    return new RadioBench(library, options, folder, controller, cable);
  }

  /** State and code of the radio as the agent sees it. */
  get health(): { readonly state: string; readonly code?: string; readonly detail?: string } {
    return this.driver.devices()[0]!.health;
  }

  /** Identifiers of what was sighted. */
  get sighted(): readonly string[] {
    return [...new Set(this.running.of("ble-sighting").map(({ identifier }) => identifier))];
  }

  /** Turns the controller off: an adapter goes down, a serial line is unplugged. */
  async powerOff(): Promise<void> {
    await this.#cable?.unplug();
    await this.controller.powerOff();
  }

  async powerOn(): Promise<void> {
    await this.controller.powerOn();
    await this.#cable?.plug();
  }

  /** Waits for a state, or a code. */
  async becomes(wanted: string): Promise<void> {
    const is = () => this.health.state === wanted || this.health.code === wanted;
    await until(is, { timeoutMs: 30_000, what: wanted }).catch((error: unknown) => {
      throw new Error(`it is ${JSON.stringify(this.health)}`, { cause: error });
    });
  }

  /** Waits for a sighting that is yet to come. */
  async sightsAgain(): Promise<void> {
    const before = this.running.offered.length;
    await until(() => this.running.offered.length > before, { timeoutMs: 30_000, what: "a sighting" });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.running.stop();
    await this.#cable?.unplug();
    await this.controller[Symbol.asyncDispose]();
    this.#folder[Symbol.dispose]();
  }
}
