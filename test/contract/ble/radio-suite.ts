import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { structure } from "../../../drivers/ble/virtual/advert-writer.ts";
import { SerialCable } from "../../../drivers/virtual/serial-cable.ts";
import { iBeacon, RadioBench, uuid, type Library } from "../../support/ble/radio-bench.ts";
import { until } from "../../support/until.ts";

const isLongRun = process.env["STORELOOP_BLE_ADVERTS"] !== undefined;
const longRunAdverts = Number(process.env["STORELOOP_BLE_ADVERTS"] ?? 500_000);

/** A phone's advert that nobody knows. */
const phone = structure(0xff, Uint8Array.of(0x4c, 0x00, 0x10, 0x05, 0x0b, 0x98, 0x20, 0x68, 0xdd));
const rssBytes = (pid: number): number =>
  1_024 * Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1]);

/** What every library below a radio has to hold to: the real one, above the emulated controller. */
export function describeRadio(library: Library): void {
  const cannot = library === "stoprocent" && !SerialCable.isAvailable();
  const note = cannot ? " (skipped: socat is not installed)" : "";

  describe.skipIf(cannot)(`a Bluetooth radio through ${library}${note}`, { timeout: 60_000 }, () => {
    it("sights known beacons, once each interval, with the median of the power and the number of adverts", async () => {
      await using radio = await RadioBench.start(library, { transmitters: [iBeacon(1, -61), iBeacon(2, -75)] });
      await radio.becomes("up");
      await until(() => radio.running.offered.length >= 8, { timeoutMs: 20_000 });
      const whole = radio.running.of("ble-sighting").slice(2, 8);
      for (const minor of [1, 2]) {
        const identifier = `ibeacon:${uuid}:1:${minor}`;
        const of = whole.filter((each) => each.identifier === identifier);
        expect(of.length).toBeGreaterThan(1);
        const apartMs = of.slice(1).map(({ at }, index) => at.monotonicMs - of[index]!.at.monotonicMs);
        expect(Math.min(...apartMs)).toBeGreaterThan(199);
        for (const each of of) {
          expect(each).toMatchObject({ deviceId: "radio-1", zoneId: "entrance", beaconId: "door", txPowerDbm: -59 });
          expect(each.rssiDbm).toBe(minor === 1 ? -61 : -75);
          expect(each.adverts).toBeGreaterThan(0);
        }
      }
      expect(radio.driver.devices()).toMatchObject([{ deviceId: "radio-1", zoneId: "entrance", type: "ble" }]);
    });

    it("decides from each frame alone: what an address said before is not said again", async () => {
      const beacon = iBeacon(1);
      const named = { ...beacon, bytes: structure(0x09, Buffer.from("beacon")), everyMs: 10 };
      await using radio = await RadioBench.start(library, { transmitters: [beacon, named] });
      await radio.becomes("up");
      await until(() => radio.running.offered.length >= 5, { timeoutMs: 20_000 });
      // Of the hundred frames a second from that address, ten are a beacon's.
      const adverts = radio.running.of("ble-sighting").reduce((sum, each) => sum + each.adverts, 0);
      expect(adverts).toBeLessThan(radio.controller.sent * 0.3);
    });

    it("leaves out adverts without a power, and those that nobody knows", async () => {
      const crowd = { advertsPerSecond: 500, addresses: 1_000, bytes: phone, rssiDbm: -80 };
      const beacons = [{ beaconId: "door", match: { type: "ibeacon", uuid, major: 1, minor: 1 } } as const];
      await using radio = await RadioBench.start(library, {
        transmitters: [iBeacon(1), { ...iBeacon(1), rssiDbm: 127 }, iBeacon(2)],
        crowd,
        beacons,
      });
      await until(() => radio.running.offered.length >= 4, { timeoutMs: 20_000 });
      expect(radio.sighted).toEqual([`ibeacon:${uuid}:1:1`]);
      expect(new Set(radio.running.of("ble-sighting").map(({ rssiDbm }) => rssiDbm))).toEqual(new Set([-60]));
    });

    it("scans again by itself when the controller was off", async () => {
      await using radio = await RadioBench.start(library);
      await radio.sightsAgain();
      await radio.powerOff();
      await radio.becomes(library === "abandonware" ? "BLE_ADAPTER_DOWN" : "BLE_ADAPTER_GONE");
      expect(radio.health.state).toBe("down");
      await radio.powerOn();
      await radio.becomes("up");
      await radio.sightsAgain();
    });

    it("takes a quiet shop for a quiet shop, and a stalled controller for a fault, up to the alarm, and back", async () => {
      const timing = { quietMs: 400, answerMs: 800, openMs: 3_000, alarmMs: 1_000 };
      await using radio = await RadioBench.start(library, { timing });
      await radio.sightsAgain();
      const [child] = radio.driver.childPids;
      radio.controller.mood = "quiet";
      await until(() => radio.health.detail?.includes("nothing was heard"), {
        timeoutMs: 10_000,
        what: "the quiet told of",
      });
      const asked = radio.controller.commands;
      // It goes on being asked, and goes on answering.
      await until(() => radio.controller.commands > asked + 12, { timeoutMs: 10_000 });
      expect(radio.health.state).toBe("up");
      expect(radio.driver.childPids).toEqual([child]);

      radio.controller.mood = "stalled";
      await radio.becomes("BLE_SCAN_STALLED");
      expect(radio.health).toMatchObject({ state: "down", detail: expect.stringContaining("new process") as string });
      expect(radio.logger.of("controller does not answer: its scan is started anew")).toHaveLength(1);
      await radio.becomes("failed");
      expect(radio.health.code).toBe("BLE_SCAN_STALLED");
      expect(radio.logger.of("controller is stalled and nothing helped").length).toBeGreaterThan(0);
      expect(radio.driver.childPids).not.toContain(child);

      radio.controller.mood = "well";
      await radio.becomes("up");
      await radio.sightsAgain();
    });

    it("is back when its process is killed", async () => {
      await using radio = await RadioBench.start(library);
      await radio.sightsAgain();
      const [child] = radio.driver.childPids;
      process.kill(child!, "SIGKILL");
      await radio.becomes("HOST_CHILD_DIED");
      await radio.becomes("up");
      await radio.sightsAgain();
      expect(radio.driver.childPids).not.toEqual([child]);
    });

    it("holds no memory of the addresses that it heard, and sights every planted beacon among them", async () => {
      const crowd = { advertsPerSecond: 10_000, addresses: 20_000, bytes: phone, rssiDbm: -80 };
      const planted = Array.from({ length: 20 }, (_, index) => iBeacon(index + 1));
      await using radio = await RadioBench.start(library, { transmitters: planted, crowd });
      await until(() => radio.controller.sent > 5_000, { timeoutMs: 30_000 });
      const [child] = radio.driver.childPids;
      const before = rssBytes(child!);
      // Some do not reach a host that is slow, as on the air.
      await until(() => radio.controller.sent > 60_000, { timeoutMs: 40_000, what: "60000 adverts" });
      const grown = rssBytes(child!) - before;
      expect(radio.sighted).toHaveLength(20);
      // 20000 addresses would hold 40 MB in the library.
      expect(grown).toBeLessThan(30 * 1024 * 1024);
      expect(radio.driver.childPids).toEqual([child]);
    });

    it("writes no identifier into the log", async () => {
      await using radio = await RadioBench.start(library);
      await radio.sightsAgain();
      const log = JSON.stringify(radio.logger.lines).toLowerCase();
      expect(log).not.toContain(uuid.slice(0, 8));
      expect(log).not.toContain("c0:00:00");
    });
  });

  describe.skipIf(cannot || !isLongRun)(
    `a Bluetooth radio through ${library} for long (skipped unless STORELOOP_BLE_ADVERTS says how many adverts)${note}`,
    { timeout: 600_000 },
    () => {
      it("stays within its memory though a hundred thousand phones pass, and sights every beacon to the end", async () => {
        const crowd = { advertsPerSecond: 10_000, addresses: 100_000, bytes: phone, rssiDbm: -80 };
        const planted = Array.from({ length: 20 }, (_, index) => iBeacon(index + 1));
        await using radio = await RadioBench.start(library, {
          transmitters: planted,
          crowd,
          timing: { summaryMs: 1_000 },
        });
        await radio.becomes("up");
        const beganMs = performance.now();
        const rssMb: number[] = [];
        const measure = () => {
          const [pid] = radio.driver.childPids;
          if (pid !== undefined) rssMb.push(Math.round(rssBytes(pid) / 1024 / 1024));
          return radio.controller.sent >= longRunAdverts;
        };
        await until(measure, { timeoutMs: 500_000, everyMs: 1_000 });
        const seconds = (performance.now() - beganMs) / 1_000;
        const lastMs = radio.running.of("ble-sighting").at(-1)!.at.monotonicMs;
        const late = radio.running.of("ble-sighting").filter(({ at }) => at.monotonicMs > lastMs - 3_000);
        const replaced = radio.logger.of("driver process is replaced").length;
        const figures = {
          library,
          adverts: radio.controller.sent,
          seconds,
          rssMb,
          sightings: radio.running.offered.length,
          replaced,
        };
        process.stdout.write(`${JSON.stringify(figures)}\n`);
        expect(new Set(late.map(({ identifier }) => identifier)).size).toBe(20);
        expect(Math.max(...rssMb)).toBeLessThan(300);
      });
    },
  );
}
