import { describe, expect, it } from "vitest";
import { StoreloopError } from "../../../../agent/core/errors.ts";
import { asDeviceId, asLaneId } from "../../../../agent/core/ids.ts";
import type { Offer } from "../../../../agent/core/observation.ts";
import { HidDriver, type HidDriverOptions } from "../../../../drivers/hid/hid-driver.ts";
import { scannerReports } from "../../../../drivers/hid/virtual/scanner-writer.ts";
import { HeldOffers } from "../../../support/held-offers.ts";
import { keyboardDescriptor, typedReports } from "../../../support/hid-devices.ts";
import { LogLines } from "../../../support/log-lines.ts";
import { ManualClock } from "../../../support/manual-clock.ts";
import { RunningDriver } from "../../../support/running-driver.ts";
import { scannerNode, ScriptedHid } from "../../../support/scripted-hid.ts";

const till = { deviceId: asDeviceId("till-1-scanner"), laneId: asLaneId("01"), vendorId: 0x1234 };
const path = "/dev/hidraw0";

/** A driver over HID devices that the test plays, with a clock that it moves. */
async function start(options: Partial<HidDriverOptions> = {}, answer?: Offer) {
  const hid = new ScriptedHid();
  const clock = new ManualClock();
  const logger = new LogLines();
  const parts = { clock, logger, open: () => Promise.resolve(hid) };
  const driver = new HidDriver({ devices: [till], ...options }, parts);
  const running = new RunningDriver(driver, answer);
  const health = (index = 0) => driver.devices()[index]!.health;
  const dispose = async () => {
    const stopped = running.stop();
    await clock.advance(2_000);
    await stopped;
  };
  const looks = () => clock.advance(1_000);
  await clock.advance(0);
  return { hid, clock, logger, driver, running, health, looks, [Symbol.asyncDispose]: dispose };
}

const denied = () => Promise.reject(new StoreloopError("HID_DENIED", "/dev/hidraw0: Permission denied"));
const never = () => new Promise<void>(() => undefined);

describe("the HID driver", () => {
  it("says what is missing, opens what comes, and lets go of what leaves", async () => {
    await using shop = await start();
    expect(shop.health()).toMatchObject({ state: "down", code: "HID_DEVICE_GONE" });
    shop.hid.nodes = [scannerNode()];
    await shop.looks();
    expect(shop.health()).toMatchObject({ state: "up", detail: "ACME Scanner: scanner" });
    shop.hid.nodes = [];
    await shop.looks();
    expect(shop.health()).toMatchObject({ state: "down", code: "HID_DEVICE_GONE" });
    expect(shop.hid.closed).toEqual([path]);
  });

  it("opens a device anew that broke and is still there, or is back before the next look", async () => {
    await using shop = await start();
    shop.hid.nodes = [scannerNode()];
    await shop.looks();
    shop.hid.listenerOf(path).failed(new Error("could not read from HID device"));
    expect(shop.health()).toMatchObject({ state: "down", code: "HID_DEVICE_GONE" });
    await shop.looks();
    expect(shop.health().state).toBe("up");
    expect([shop.hid.opened, shop.hid.closed]).toEqual([[path, path], [path]]);
    shop.hid.listenerOf(path).report(scannerReports("4006381333931", "]E0")[0]!);
    expect(shop.running.of("scan")).toHaveLength(1);
  });

  it("closes the old one when another device has its path", async () => {
    await using shop = await start();
    shop.hid.nodes = [scannerNode({ serial: "A" })];
    await shop.looks();
    shop.hid.nodes = [scannerNode({ serial: "B" })];
    await shop.looks();
    expect([shop.hid.opened, shop.hid.closed]).toEqual([[path, path], [path]]);
  });

  it("follows a link that a udev rule made to wherever it leads", async () => {
    const linked = { deviceId: asDeviceId("linked"), laneId: asLaneId("01"), path: "/dev/storeloop/scanner" };
    await using shop = await start({ devices: [linked] });
    shop.hid.nodes = [scannerNode({ path: "/dev/hidraw3" })];
    await shop.looks();
    expect(shop.health().state).toBe("down");
    shop.hid.links.set(linked.path, "/dev/hidraw3");
    await shop.looks();
    expect(shop.health().state).toBe("up");
  });

  it("names the missing permission, and works once it is given", async () => {
    await using shop = await start();
    shop.hid.opening = denied;
    shop.hid.nodes = [scannerNode()];
    await shop.looks();
    expect(shop.health()).toMatchObject({ state: "down", code: "HID_DENIED" });
    const { sinceMs } = shop.health();
    await shop.looks();
    expect(shop.health().sinceMs).toBe(sinceMs);
    shop.hid.opening = () => Promise.resolve();
    await shop.clock.advance(6_000);
    expect(shop.health().state).toBe("up");
  });

  it("is down while only the keyboard of a scanner can be read, and names what it reads once it can", async () => {
    await using shop = await start();
    const keyboard = { path: "/dev/hidraw1", phys: "usb-0000:00:14.0-1/input1", descriptor: keyboardDescriptor };
    shop.hid.nodes = [scannerNode(), scannerNode(keyboard)];
    shop.hid.opening = (opened) => (opened === path ? denied() : Promise.resolve());
    await shop.looks();
    expect(shop.hid.opened).toEqual(["/dev/hidraw1"]);
    expect(shop.health()).toMatchObject({ state: "down", code: "HID_DENIED" });
    // It is tried again meanwhile, and stays down.
    for (let look = 0; look < 12; look += 1) await shop.looks();
    expect(shop.logger.of("HID device is up")).toEqual([]);
    shop.hid.opening = (opened) => (opened === path ? Promise.resolve() : denied());
    shop.hid.listenerOf("/dev/hidraw1").failed(new Error("could not read from HID device"));
    await shop.clock.advance(6_000);
    expect(shop.health()).toMatchObject({ state: "up", detail: "ACME Scanner: scanner" });
  });

  it("serves the others while one device never opens", async () => {
    const slow = { deviceId: asDeviceId("slow"), laneId: asLaneId("02"), serial: "SLOW" };
    await using shop = await start({ devices: [slow, till] });
    shop.hid.opening = (opened) => (opened === "/dev/hidraw7" ? never() : Promise.resolve());
    const other = scannerNode({ path: "/dev/hidraw7", serial: "SLOW", phys: "usb-0000:00:14.0-7/input0" });
    shop.hid.nodes = [other, scannerNode()];
    await shop.looks();
    expect(shop.health(1).state).toBe("up");
    await shop.clock.advance(5_000);
    expect(shop.health(0)).toMatchObject({ state: "down", code: "HID_DEVICE_FAILED" });
    shop.hid.listenerOf(path).report(scannerReports("4006381333931", "]E0")[0]!);
    expect(shop.running.of("scan")).toMatchObject([{ deviceId: "till-1-scanner" }]);
  });

  it("says that devices cannot be listed, and goes on when they can", async () => {
    await using shop = await start();
    const { promise, resolve } = Promise.withResolvers<void>();
    shop.hid.listing = () => promise;
    await shop.looks();
    await shop.clock.advance(10_000);
    expect(shop.health()).toMatchObject({ state: "down", code: "HID_DEVICE_FAILED" });
    shop.hid.nodes = [scannerNode()];
    resolve();
    await shop.looks();
    expect(shop.health().state).toBe("up");
    shop.hid.listing = () => Promise.reject(new Error("no udev"));
    shop.hid.nodes = [];
    await shop.looks();
    expect(shop.health().state).toBe("up");
  });

  it("gives up without the library, and says so", async () => {
    const logger = new LogLines();
    const open = () => Promise.reject(new StoreloopError("HID_LIBRARY_MISSING", "node-hid could not be loaded"));
    const driver = new HidDriver({ devices: [till] }, { clock: new ManualClock(), logger, open });
    await using _running = new RunningDriver(driver);
    await new Promise((resolve) => setImmediate(resolve));
    expect(driver.devices()[0]!.health).toMatchObject({ state: "failed", code: "HID_LIBRARY_MISSING" });
  });

  it("wakes the scanners that need it, and works with those that refuse", async () => {
    const honeywell = { deviceId: asDeviceId("h"), laneId: asLaneId("01"), vendorId: 0x0c2e };
    await using shop = await start({ devices: [honeywell] });
    const plain = scannerNode().descriptor!;
    const feature = Buffer.from("0666ff85fe75089501 0903b20201c0".replace(" ", ""), "hex");
    const descriptor = Buffer.concat([plain.subarray(0, -1), feature]);
    shop.hid.nodes = [scannerNode({ vendorId: 0x0c2e, descriptor })];
    await shop.looks();
    expect(shop.hid.features).toEqual([[path, 254, [1]]]);
    expect(shop.health().state).toBe("up");
    expect(shop.logger.of("scanner did not take its wake-up")).toHaveLength(1);
  });

  it("drops scans, and says so, when the ledger takes none for too long", async () => {
    const held = new HeldOffers();
    await using shop = await start({}, held.offer);
    shop.hid.nodes = [scannerNode()];
    await shop.looks();
    for (let i = 0; i < 70; i += 1) shop.hid.listenerOf(path).report(scannerReports("4006381333931", "]E0")[0]!);
    expect(shop.running.offered).toHaveLength(64);
    expect(shop.logger.of("scan dropped: too many wait for the ledger")).toHaveLength(6);
    held.answer(64);
  });

  it("ends a code without a suffix when the wedge has been silent", async () => {
    const wedge = { ...till, suffix: "none" as const };
    await using shop = await start({ devices: [wedge] });
    shop.hid.nodes = [scannerNode({ descriptor: keyboardDescriptor })];
    await shop.looks();
    for (const report of typedReports("4006381333931", "us", "none")) shop.hid.listenerOf(path).report(report);
    expect(shop.running.offered).toEqual([]);
    await shop.clock.advance(600);
    expect(shop.running.of("scan")).toMatchObject([{ via: "keyboard", code: { kind: "gtin" } }]);
  });

  it("warns of devices that nothing tells apart, and of member numbers that can be card numbers", async () => {
    const members = [
      { programme: "risky", length: 16 },
      { programme: "fine", prefix: "29", length: 13 },
    ];
    const magstripe = [
      { programme: "bank", prefix: "62" },
      { programme: "club", prefix: "928000" },
    ];
    await using shop = await start({ devices: [till, till], codes: { members, magstripe } });
    const warned = shop.logger.lines.map(({ fields }) => fields["programme"] ?? fields["deviceId"]);
    // As a card number and as a payment code.
    expect(warned.slice(0, 4)).toEqual(["till-1-scanner", "risky", "risky", "bank"]);
  });

  it("loses one code to a defect in a parser, and no scanner, and logs where it was without what was read", async () => {
    const defective = {
      get prefix(): string {
        throw new Error(`cannot read STAFF-7731\n    at STAFF-7731`);
      },
    };
    const wedge = { deviceId: asDeviceId("wedge"), laneId: asLaneId("02"), vendorId: 0x4321, suffix: "none" as const };
    await using shop = await start({ devices: [till, wedge], codes: { vouchers: [defective] } });
    const keyboard = { path: "/dev/hidraw1", vendorId: 0x4321, descriptor: keyboardDescriptor };
    shop.hid.nodes = [scannerNode(), scannerNode(keyboard)];
    await shop.looks();
    const scan = (text: string) => shop.hid.listenerOf(path).report(scannerReports(text, "]C0")[0]!);
    for (let times = 0; times < 5; times += 1) scan("STAFF-7731 4006381333931");
    for (const report of typedReports("STAFF-7731", "us", "none")) shop.hid.listenerOf("/dev/hidraw1").report(report);
    await shop.clock.advance(600);
    expect(shop.running.offered).toEqual([]);
    scan("283971647685282846");
    expect(shop.running.of("scan")).toMatchObject([{ deviceId: "till-1-scanner", code: { kind: "payment" } }]);
    const defects = shop.logger.of("defect in reading a report");
    expect(defects.map(({ fields }) => [fields["deviceId"], fields["count"]])).toEqual([
      ["till-1-scanner", 1],
      ["till-1-scanner", 2],
      ["till-1-scanner", 4],
      ["wedge", 1],
    ]);
    expect(defects[0]?.fields["at"]).toContainEqual(expect.stringContaining("classify"));
    expect(JSON.stringify(shop.logger.lines)).not.toContain("7731");
  });

  it("logs what it drops without saying what it was", async () => {
    await using shop = await start();
    shop.hid.nodes = [scannerNode()];
    await shop.looks();
    shop.hid.listenerOf(path).report(Uint8Array.of(2, 13, 0x5d));
    expect(shop.logger.of("something was read and dropped")).toMatchObject([{ fields: { loss: "report-malformed" } }]);
    expect(shop.running.offered).toEqual([]);
  });
});
