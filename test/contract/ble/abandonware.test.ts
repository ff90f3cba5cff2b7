import { execFileSync } from "node:child_process";
import { describe, expect, it } from "vitest";
import { asDeviceId, asZoneId } from "../../../agent/core/ids.ts";
import { createBleDriver } from "../../../drivers/ble/hosted.ts";
import { SystemClock } from "../../../drivers/system-clock.ts";
import { libraries, RadioBench } from "../../support/ble/radio-bench.ts";
import { LogLines } from "../../support/log-lines.ts";
import { RunningDriver } from "../../support/running-driver.ts";
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
