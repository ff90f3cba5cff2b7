import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { asDeviceId, asLaneId } from "../../../agent/core/ids.ts";
import type { Offer } from "../../../agent/core/observation.ts";
import type { HidDeviceConfig } from "../../../drivers/hid/device-config.ts";
import type { HidDriverOptions } from "../../../drivers/hid/hid-driver.ts";
import { createHidDriver } from "../../../drivers/hid/hosted.ts";
import { scannerDescriptor, scannerReports } from "../../../drivers/hid/virtual/scanner-writer.ts";
import { missingForVirtualHid, VirtualHid } from "../../../drivers/hid/virtual/virtual-hid.ts";
import { VirtualScanner, virtualScannerSerial } from "../../../drivers/hid/virtual/virtual-scanner.ts";
import { SystemClock } from "../../../drivers/system-clock.ts";
import { withLuhn } from "../../support/card-numbers.ts";
import {
  displayDescriptor,
  keyboardDescriptor,
  magtekDescriptor,
  magtekReport,
  scaleDescriptor,
  stripeDescriptor,
  swipeReport,
  typedReports,
} from "../../support/hid-devices.ts";
import { LogLines } from "../../support/log-lines.ts";
import { RunningDriver } from "../../support/running-driver.ts";
import { until } from "../../support/until.ts";

const missing = missingForVirtualHid();
const skipped = missing === undefined ? "" : ` (skipped: ${missing})`;

const codes: NonNullable<HidDriverOptions["codes"]> = {
  members: [{ programme: "club", prefix: "29", length: 13 }],
  magstripe: [{ programme: "card", prefix: "928000" }],
};

/** A till's device, told by its serial number. */
const device = (name: string, serial: string, more: Partial<HidDeviceConfig> = {}): HidDeviceConfig => ({
  deviceId: asDeviceId(name),
  laneId: asLaneId("01"),
  serial,
  ...more,
});

describe.skipIf(missing !== undefined)(
  `HID devices through umockdev and node-hid${skipped}`,
  { timeout: 60_000 },
  () => {
    let hid: VirtualHid;

    beforeAll(async () => {
      const started = await VirtualHid.start();
      if (started.status === "unavailable") throw new Error(started.reason);
      hid = started.hid;
    });

    afterAll(async () => {
      await hid[Symbol.asyncDispose]();
    });

    function subject(devices: readonly HidDeviceConfig[], answer?: Offer) {
      const logger = new LogLines();
      const env = { ...process.env, ...hid.environment };
      const driver = createHidDriver({ devices, codes, pollMs: 100 }, { clock: new SystemClock(), logger, env });
      const running = new RunningDriver(driver, answer);
      const healthOf = (name: string) => driver.devices().find(({ deviceId }) => deviceId === name)!.health;
      const is = (name: string, state: string) =>
        until(() => healthOf(name).state === state, { timeoutMs: 20_000, what: `${name} being ${state}` });
      const scans = (count: number) =>
        until(() => running.of("scan").length >= count && running.of("scan"), { what: `${count} scans` });
      return { driver, logger, running, healthOf, is, scans, [Symbol.asyncDispose]: () => running.stop() };
    }

    /** Plugs a device in with a serial number of its own. */
    async function plug(node: number, serial: string, descriptor: Uint8Array, vendorId = 0x1234) {
      const facts = { vendorId, productId: 1, serial, manufacturer: "ACME", product: serial, port: `1-${node + 1}` };
      await hid.plug({ ...facts, nodes: [{ node, descriptor }] });
      return { [Symbol.asyncDispose]: () => hid.unplug(facts.port) };
    }

    it("offers what a scanner reads: an article, a long code from several reports, a member", async () => {
      await using scanner = await VirtualScanner.plug(hid, 0);
      await using till = subject([device("scanner", virtualScannerSerial(0))]);
      await till.is("scanner", "up");
      expect(till.healthOf("scanner").detail).toBe("storeloop virtual scanner: scanner");
      await scanner.scan("4006381333931", "]E0");
      const long = `https://example.com/${"x".repeat(150)}`;
      await scanner.scan(long, "]Q1");
      await scanner.scan("2900001234566", "]E0");
      const seen = { kind: "scan", deviceId: "scanner", laneId: "01", via: "hid-pos" };
      expect(await till.scans(3)).toMatchObject([
        { ...seen, symbology: "]E0", code: { kind: "gtin", gtin: "04006381333931" } },
        { ...seen, symbology: "]Q1", code: { kind: "other", value: long } },
        { ...seen, code: { kind: "member", programme: "club", value: "2900001234566" } },
      ]);
      await scanner.unplug();
    });

    it("offers two scans of two equal articles as two", async () => {
      await using scanner = await VirtualScanner.plug(hid, 1);
      await using till = subject([device("scanner", virtualScannerSerial(1))]);
      await till.is("scanner", "up");
      await scanner.scan("4006381333931", "]E0");
      await scanner.scan("4006381333931", "]E0");
      const ids = (await till.scans(2)).map(({ readingId }) => readingId);
      expect(new Set(ids).size).toBe(2);
      await scanner.unplug();
    });

    it("hears nothing of what was scanned while nobody read the scanner", async () => {
      await using scanner = await VirtualScanner.plug(hid, 14);
      await expect(scanner.scan("4006381333931", "]E0")).rejects.toThrow("nobody reads the device");
      await using till = subject([device("scanner", virtualScannerSerial(14))]);
      await till.is("scanner", "up");
      await scanner.scan("6901000110017", "]E0");
      expect(await till.scans(1)).toMatchObject([{ code: { kind: "gtin", gtin: "06901000110017" } }]);
      await scanner.unplug();
    });

    it("keeps payment codes and card numbers to itself", async () => {
      await using scanner = await VirtualScanner.plug(hid, 2);
      await using till = subject([device("scanner", virtualScannerSerial(2))]);
      await till.is("scanner", "up");
      const card = withLuhn("411111111111111");
      for (const text of ["136731678237198135", card, `pay ${card}`]) await scanner.scan(text, "]C0");
      expect((await till.scans(3)).map(({ code }) => code)).toEqual([
        { kind: "payment", scheme: "wechat" },
        { kind: "payment-card" },
        { kind: "payment-card" },
      ]);
      expect(JSON.stringify([till.running.offered, till.logger.lines])).not.toMatch(
        new RegExp(`136731678237198135|${card}`),
      );
      await scanner.unplug();
    });

    it("is down while a scanner is unplugged, and the same device when it is plugged in elsewhere", async () => {
      await using scanner = await VirtualScanner.plug(hid, 3);
      await using till = subject([device("scanner", virtualScannerSerial(3))]);
      await till.is("scanner", "up");
      await scanner.unplug();
      await till.is("scanner", "down");
      expect(till.healthOf("scanner").code).toBe("HID_DEVICE_GONE");
      await using _elsewhere = await plug(9, virtualScannerSerial(3), scannerDescriptor, 0x0c2e);
      await till.is("scanner", "up");
      await hid.report(9, Buffer.from(`020d5d453034303036333831333333393331${"00".repeat(46)}`, "hex"));
      expect(await till.scans(1)).toMatchObject([{ deviceId: "scanner", code: { kind: "gtin" } }]);
    });

    it("lets go of a device that breaks while it is read, and takes it up again", async () => {
      const facts = { vendorId: 0x0c2e, productId: 1, serial: "BREAKS", manufacturer: "ACME", product: "scanner" };
      const at = (node: number) => ({
        ...facts,
        port: `1-${node}`,
        breaks: true,
        nodes: [{ node, descriptor: scannerDescriptor }],
      });
      await hid.plug(at(30));
      await using till = subject([device("scanner", "BREAKS")]);
      await till.is("scanner", "up");
      await hid.unplug("1-30");
      await till.is("scanner", "down");
      const broke = expect.stringContaining("could not read from HID device") as string;
      expect(till.logger.of("HID device is not up")).toContainEqual(
        expect.objectContaining({ fields: expect.objectContaining({ detail: broke }) as object }),
      );
      expect(till.healthOf("scanner").code).toBe("HID_DEVICE_GONE");
      await hid.plug(at(31));
      await till.is("scanner", "up");
      await hid.report(31, scannerReports("4006381333931", "]E0")[0]!);
      expect(await till.scans(1)).toMatchObject([{ deviceId: "scanner", code: { kind: "gtin" } }]);
      await hid.unplug("1-31");
    });

    it("reads loyalty cards off stripe readers, and nothing of other cards", async () => {
      await using _reader = await plug(4, "MSR", stripeDescriptor);
      await using _magtek = await plug(5, "MAGTEK", magtekDescriptor, 0x0801);
      await using till = subject([device("msr", "MSR"), device("magtek", "MAGTEK")]);
      await till.is("msr", "up");
      await till.is("magtek", "up");
      const card = withLuhn("520082828282821");
      const tracks = [`%B${card}^DOE/JANE^2912101?`, `;${card}=29121011000012300000?`] as const;
      await hid.report(4, swipeReport(["%A9280001234567^SHOPPER/ANY?", ";9280001234567?", ""]));
      await hid.report(4, swipeReport([...tracks, ""]));
      await hid.report(4, swipeReport(["", ";77001234567?", ""]));
      await hid.report(5, magtekReport([undefined, ";9280009999999?", undefined]));
      await hid.report(5, magtekReport([...tracks, ""]));
      await till.scans(4);
      const of = (name: string) => till.running.of("scan").filter(({ deviceId }) => deviceId === name);
      expect(of("msr").map(({ code }) => code)).toEqual([
        { kind: "member", programme: "card", value: "9280001234567" },
        { kind: "payment-card" },
      ]);
      expect(of("magtek").map(({ code }) => code)).toEqual([
        { kind: "member", programme: "card", value: "9280009999999" },
        { kind: "payment-card" },
      ]);
      await until(() => till.logger.lines.some(({ fields }) => fields["loss"] === "stripe-unknown"));
      expect(JSON.stringify([till.running.offered, till.logger.lines])).not.toMatch(
        new RegExp(`${card}|77001234567|DOE`),
      );
    });

    it("reads a scanner that types, and not a person who does", async () => {
      await using _wedge = await plug(6, "WEDGE", keyboardDescriptor);
      await using till = subject([device("wedge", "WEDGE", { keyboardLayout: "de", interKeyMs: 1_000 })]);
      await till.is("wedge", "up");
      for (const report of typedReports("4006381333931", "de")) await hid.report(6, report);
      for (const report of typedReports("https://example.com/ZY?", "de", "tab")) await hid.report(6, report);
      for (const report of typedReports("pass", "de")) {
        await hid.report(6, report);
        await new Promise((resolve) => setTimeout(resolve, 350));
      }
      for (const report of typedReports("96385074", "de")) await hid.report(6, report);
      expect((await till.scans(3)).map(({ via, code }) => ({ via, code }))).toEqual([
        { via: "keyboard", code: { kind: "gtin", gtin: "04006381333931" } },
        { via: "keyboard", code: { kind: "other", value: "https://example.com/ZY?" } },
        { via: "keyboard", code: { kind: "gtin", gtin: "00000096385074" } },
      ]);
    });

    it("takes all interfaces of one device, and says that there is a customer display", async () => {
      const facts = { vendorId: 0x4321, productId: 7, serial: "POSKBD", manufacturer: "ACME", product: "POS keyboard" };
      const interfaces = [keyboardDescriptor, stripeDescriptor, displayDescriptor];
      await hid.plug({
        ...facts,
        port: "1-21",
        nodes: interfaces.map((descriptor, index) => ({ node: 20 + index, descriptor })),
      });
      await using till = subject([device("poskbd", "POSKBD", { interKeyMs: 1_000 })]);
      const detail = "ACME POS keyboard: keyboard, stripe reader, customer display (nothing is written to it)";
      await until(() => till.healthOf("poskbd").state === "up" && till.healthOf("poskbd").detail === detail);
      await hid.report(21, swipeReport(["", ";9280001234567?", ""]));
      for (const report of typedReports("4006381333931", "us")) await hid.report(20, report);
      expect((await till.scans(2)).map(({ via }) => via)).toEqual(["magstripe", "keyboard"]);
      await hid.unplug("1-21");
    });

    it("leaves a keyboard alone that nobody configured, and says when a device is none that it reads", async () => {
      await using _keyboard = await plug(7, "OFFICE", keyboardDescriptor);
      await using _scale = await plug(8, "SCALE", scaleDescriptor);
      const any: HidDeviceConfig = { deviceId: asDeviceId("any"), laneId: asLaneId("01") };
      await using till = subject([any, device("scale", "SCALE")]);
      await till.is("scale", "failed");
      await till.is("any", "down");
      expect(till.healthOf("scale").code).toBe("HID_DEVICE_FAILED");
      expect(till.healthOf("any").code).toBe("HID_DEVICE_GONE");
    });

    it("loses no scan when its process is killed between two, and stops in order", async () => {
      await using scanner = await VirtualScanner.plug(hid, 10);
      await using till = subject([device("scanner", virtualScannerSerial(10))]);
      await till.is("scanner", "up");
      await scanner.scan("4006381333931", "]E0");
      await till.scans(1);
      process.kill(till.driver.childPid!, "SIGKILL");
      await until(() => till.healthOf("scanner").state === "down");
      await till.is("scanner", "up");
      await scanner.scan("96385074", "]E4");
      await till.scans(2);
      await till.running.stop();
      expect(till.logger.of("driver process is gone")).toHaveLength(1);
      await scanner.unplug();
    });
  },
);
