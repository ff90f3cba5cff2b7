import { execFileSync, fork } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { asDeviceId, asZoneId } from "../../../agent/core/ids.ts";
import { createBleDriver } from "../../../drivers/ble/hosted.ts";
import { SystemClock } from "../../../drivers/system-clock.ts";
import { libraries, RadioBench } from "../../support/ble/radio-bench.ts";
import { LogLines } from "../../support/log-lines.ts";
import { RunningDriver } from "../../support/running-driver.ts";
import { TempFolder } from "../../support/temp-folder.ts";
import { until } from "../../support/until.ts";
import { describeRadio } from "./radio-suite.ts";

/** Whether socket(2) gives this machine no Bluetooth socket, as in most containers. */
const lacksBluetooth = (): boolean => {
  const script =
    "try { new (require('@abandonware/bluetooth-hci-socket'))() } catch (e) { console.log(e.code) } process.exit()";
  return execFileSync(process.execPath, ["-e", script], { encoding: "utf8" }).includes("EAFNOSUPPORT");
};
describeRadio("abandonware");

describe.skipIf(!lacksBluetooth())(
  "a machine without Bluetooth (skipped where there is Bluetooth)",
  { timeout: 60_000 },
  () => {
    it("is told of through either library, each in a process of its own, and costs the agent nothing", async () => {
      const logger = new LogLines();
      const radios = libraries.map((library) => ({
        deviceId: asDeviceId(library),
        zoneId: asZoneId("entrance"),
        port: { library },
      }));
      const driver = createBleDriver({ radios, beacons: [], retryMs: 100 }, { clock: new SystemClock(), logger });
      await using _running = new RunningDriver(driver);
      const codes = () => driver.devices().map(({ deviceId, health }) => [deviceId, health.state, health.code]);
      await until(() => codes().every(([, , code]) => code === "BLE_NO_BLUETOOTH"), { timeoutMs: 20_000 });
      expect(codes()).toEqual(libraries.map((library) => [library, "down", "BLE_NO_BLUETOOTH"]));
      expect(new Set(driver.childPids).size).toBe(2);
      expect(logger.of("driver process is gone")).toEqual([]);
    });
  },
);

describe("an adapter that is only asked for its address", { timeout: 30_000 }, () => {
  /** Ends whatever scan runs: Reset, LE Set Scan Enable (Core Specification, Vol 4, Part E, 7.3.2 and 7.8.11). */
  const [reset, scanEnable] = ["c03", "200c"];
  const child = fileURLToPath(new URL("../../support/ble/asking-child.ts", import.meta.url));
  const play = async (...words: readonly string[]) => {
    using folder = new TempFolder();
    await once(fork(child, [folder.file("sent"), ...words], { stdio: ["ignore", "ignore", "ignore", "ipc"] }), "exit");
    return JSON.parse(readFileSync(folder.file("sent"), "utf8")) as { address: string; sent: string[] };
  };

  it("keeps the scan that another radio runs on it, to the end of the process", async () => {
    const { address, sent } = await play();
    expect(address).toBe("ca:fe:00:00:00:01");
    expect(sent.filter((opcode) => opcode === reset || opcode === scanEnable)).toEqual([]);
    // And the radio whose own it is does scan.
    expect((await play("scan")).sent).toContain(scanEnable);
  });

  it("is none that another radio of the store has by its number", async () => {
    const library = "abandonware";
    const ports = [
      { library, adapter: 2 },
      { library, address: "00:1a:7d:da:71:14" },
    ] as const;
    const radios = ports.map((port, index) => {
      return { deviceId: asDeviceId(`radio-${index}`), zoneId: asZoneId("entrance"), port };
    });
    const moduleUrl = new URL("../../support/ble/told-child.ts", import.meta.url);
    const driver = createBleDriver(
      { radios, beacons: [] },
      { clock: new SystemClock(), logger: new LogLines(), moduleUrl },
    );
    await using _running = new RunningDriver(driver);
    await until(() => driver.devices()[1]?.health.state === "up", { timeoutMs: 20_000 });
    expect(driver.devices()[1]?.health.detail).toBe("[2]");
  });
});

describe("a Bluetooth radio of a machine", { timeout: 60_000 }, () => {
  it("scans again when another program stops the scan", async () => {
    await using radio = await RadioBench.start("abandonware");
    await radio.sightsAgain();
    radio.controller.stopScan();
    await until(() => radio.logger.of("another program stopped the scan").length === 1, { timeoutMs: 10_000 });
    await until(() => radio.controller.isScanning, { timeoutMs: 10_000 });
    await radio.sightsAgain();
    expect(radio.health.state).toBe("up");
  });
});
