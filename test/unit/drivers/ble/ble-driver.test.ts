import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { StoreloopError } from "../../../../agent/core/errors.ts";
import type { Outcome } from "../../../../agent/core/observation.ts";
import type { RadioPort } from "../../../../drivers/ble/radio.ts";
import { scanning, stalled, start, uuid } from "../../../support/ble/played-radio.ts";
import { ScriptedRadio } from "../../../support/ble/scripted-radio.ts";
import { TempFolder } from "../../../support/temp-folder.ts";

const minutes = 60_000;

describe("the Bluetooth driver", () => {
  it("offers one sighting a beacon and second, and nothing of an empty one", async () => {
    await using ble = await scanning();
    expect(ble.health()).toMatchObject({ state: "up" });
    for (const rssi of [-70, -60, -50]) ble.radio.hear(uuid, rssi);
    ble.radio.hear(uuid.replace("f", "e"));
    await ble.pass(1_000);
    await ble.pass(3_000);
    expect(ble.running.offered).toEqual([
      {
        kind: "ble-sighting",
        deviceId: "radio-1",
        zoneId: "entrance",
        at: expect.objectContaining({ monotonicMs: 2_000 }) as object,
        beaconId: "door",
        identifier: `ibeacon:${uuid}:1:1`,
        rssiDbm: -60,
        txPowerDbm: -59,
        adverts: 3,
      },
    ]);
  });

  it("makes the next sighting stand for more while the agent is slow, and does not queue", async () => {
    const answers: ((outcome: Outcome) => void)[] = [];
    await using ble = await scanning({ answer: () => new Promise((resolve) => answers.push(resolve)) });
    for (let second = 0; second < 10; second++) {
      ble.radio.hear(uuid);
      await ble.pass(1_000);
    }
    expect(ble.running.offered).toHaveLength(1);
    answers[0]?.({ status: "recorded" });
    await ble.pass(1_000);
    expect(ble.running.of("ble-sighting").map(({ adverts }) => adverts)).toEqual([1, 9]);
    answers[1]?.({ status: "recorded" });
  });

  it("tells each minute what it hears", async () => {
    await using ble = await scanning();
    ble.radio.hear(uuid);
    ble.radio.hear(uuid.replace("f", "e"));
    await ble.pass(61_000);
    expect(ble.health().detail).toBe("2 adverts in the last minute, 1 of known beacons (1)");
  });

  it("asks after five minutes of silence, and not while anything is heard", async () => {
    await using ble = await scanning();
    for (let minute = 0; minute < 12; minute++) {
      ble.radio.hear(uuid);
      await ble.pass(minutes);
    }
    expect(ble.radio.done).toEqual(["open", "scan"]);
    await ble.pass(4 * minutes + 1_000);
    expect(ble.radio.done).toEqual(["open", "scan", "ask", "scan"]);
    expect(ble.health()).toMatchObject({ state: "up" });
  });

  it("is up through a night in which nothing is heard, if the controller answers", async () => {
    await using ble = await scanning();
    const sinceMs = ble.health().sinceMs;
    for (let hour = 0; hour < 8; hour++) await ble.pass(60 * minutes);
    expect(ble.health()).toMatchObject({ state: "up", sinceMs });
    expect(ble.health().detail).toContain("nothing was heard");
    expect(ble.radio.done.filter((each) => each === "ask").length).toBeGreaterThan(90);
    expect(ble.logger.lines).toEqual([]);
  });

  it("asks, scans anew, and then wants a new process when the controller answers neither", async () => {
    await using ble = await scanning();
    ble.radio.answers = false;
    await ble.pass(5 * minutes);
    expect(ble.radio.done).toEqual(["open", "scan", "ask"]);
    expect(ble.health()).toMatchObject({ state: "up" });
    await ble.pass(5_000);
    expect(ble.radio.done).toEqual(["open", "scan", "ask", "scan"]);
    await ble.pass(5_000);
    expect(ble.radio.done.at(-1)).toBe("close");
    expect(ble.health()).toMatchObject({ state: "down", code: "BLE_SCAN_STALLED" });
    await ble.running.finished;
  });

  it("says so when the controller answers and refuses to scan", async () => {
    const radio = new ScriptedRadio();
    radio.refusal = new Error("the controller refused to scan: status 12");
    await using ble = await scanning({ radio });
    await ble.running.finished;
    expect(ble.health()).toMatchObject({ state: "down", code: "BLE_SCAN_STALLED" });
    expect(ble.health().detail).toContain("refused to scan: status 12");
  });

  it("is up again when only the question was lost", async () => {
    await using ble = await scanning();
    ble.radio.answers = false;
    await ble.pass(5 * minutes);
    ble.radio.answers = true;
    await ble.pass(5_000);
    expect(ble.radio.done).toEqual(["open", "scan", "ask", "scan"]);
    expect(ble.health()).toMatchObject({ state: "up" });
  });

  it("turns the adapter off and on in the process after, and raises the alarm when that does not help", async () => {
    await using ble = await start({ previous: stalled });
    const block = ble.folder.file("hci0/rfkill3/soft");
    expect(ble.health()).toMatchObject({ state: "down", code: "BLE_SCAN_STALLED" });
    await ble.pass(10_000);
    expect(readFileSync(block, "utf8")).toBe("1");
    await ble.pass(1_000);
    expect(readFileSync(block, "utf8")).toBe("0");
    expect(ble.health().detail).toContain("turned off and on");
    await ble.pass(10_000);
    expect(ble.health()).toMatchObject({ state: "failed", code: "BLE_SCAN_STALLED" });
    await ble.pass(4 * minutes);
    expect(ble.radio.done).toEqual(["open"]);
    await ble.pass(minutes);
    await ble.running.finished;
    expect(ble.health()).toMatchObject({ state: "failed" });
  });

  it("is up when turning it off and on helped", async () => {
    await using ble = await start({ previous: stalled });
    await ble.pass(10_000);
    await ble.pass(1_000);
    ble.radio.listener.stateChanged("on");
    await ble.pass(0);
    expect(ble.health()).toMatchObject({ state: "up" });
  });

  it("says that a controller on a serial line has no switch", async () => {
    using folder = new TempFolder();
    writeFileSync(folder.file("tty"), "");
    const port: RadioPort = { library: "stoprocent", uart: { port: folder.file("tty"), baudRate: 1_000_000 } };
    await using ble = await start({ previous: stalled, port });
    await ble.pass(10_000);
    await ble.pass(10_000);
    expect(ble.health()).toMatchObject({
      state: "failed",
      detail: expect.stringContaining("no power switch") as string,
    });
  });

  it("does not sit out an alarm when the controller is unplugged, as a technician is told to do", async () => {
    using folder = new TempFolder();
    writeFileSync(folder.file("tty"), "");
    const port: RadioPort = { library: "stoprocent", uart: { port: folder.file("tty"), baudRate: 1_000_000 } };
    await using ble = await start({ previous: stalled, port });
    await ble.pass(10_000);
    await ble.pass(10_000);
    expect(ble.health()).toMatchObject({ state: "failed" });
    rmSync(folder.file("tty"));
    await ble.pass(1_000);
    await ble.running.finished;
  });

  it("notices that a serial port is gone though its library says nothing of it", async () => {
    using folder = new TempFolder();
    writeFileSync(folder.file("tty"), "");
    const port: RadioPort = { library: "stoprocent", uart: { port: folder.file("tty"), baudRate: 1_000_000 } };
    await using ble = await scanning({ port });
    await ble.pass(2_000);
    expect(ble.health()).toMatchObject({ state: "up" });
    rmSync(folder.file("tty"));
    ble.radio.isPowered = true;
    await ble.pass(1_000);
    await ble.running.finished;
    expect(ble.health()).toMatchObject({ state: "down", code: "BLE_ADAPTER_GONE" });
  });

  it("takes up an adapter that was off, and one that was on and never answered for stalled", async () => {
    const radio = new ScriptedRadio();
    radio.isPowered = false;
    await using ble = await start({ radio });
    radio.listener.stateChanged("off");
    await ble.pass(0);
    expect(ble.health()).toMatchObject({ state: "down", code: "BLE_ADAPTER_DOWN" });
    await ble.pass(60 * minutes);
    radio.isPowered = true;
    radio.listener.stateChanged("on");
    await ble.pass(3_000);
    expect(ble.health()).toMatchObject({ state: "up" });
    radio.isPowered = false;
    radio.listener.stateChanged("off");
    await ble.pass(3_000);
    radio.isPowered = true;
    await ble.pass(3_000);
    await ble.pass(10_000);
    expect(ble.health()).toMatchObject({ state: "down", code: "BLE_SCAN_STALLED" });
    await ble.running.finished;
  });

  it("wants a new process when its adapter is pulled out, which waits for it without a library", async () => {
    await using ble = await scanning();
    rmSync(ble.folder.file("hci0"), { recursive: true });
    ble.radio.isPowered = false;
    ble.radio.listener.stateChanged("off");
    await ble.pass(0);
    await ble.running.finished;
    expect(ble.radio.done).toEqual(["open", "scan", "close"]);
    expect(ble.health()).toMatchObject({ state: "down", code: "BLE_ADAPTER_GONE" });

    await using next = await start({ previous: ble.driver.devices(), port: { library: "abandonware", adapter: 1 } });
    await next.pass(60 * minutes);
    expect(next.health()).toEqual({ ...ble.health(), detail: "it is not there" });
    expect(next.radio.done).toEqual([]);
    mkdirSync(next.folder.file("hci1"));
    await next.pass(3_000);
    expect(next.radio.done).toEqual(["open"]);
  });

  it("waits for an adapter of its number before it loads a library", async () => {
    await using ble = await start({ port: { library: "abandonware", adapter: 1 } });
    expect(ble.health()).toMatchObject({ state: "down", code: "BLE_ADAPTER_GONE" });
    expect(ble.radio.done).toEqual([]);
    mkdirSync(ble.folder.file("hci1"));
    await ble.pass(3_000);
    expect(ble.radio.done).toEqual(["open"]);
  });

  it("tries again where there is no Bluetooth, and logs it once", async () => {
    const radio = new ScriptedRadio();
    for (let times = 0; times < 3; times++) radio.failures.push(new StoreloopError("BLE_NO_BLUETOOTH", "EAFNOSUPPORT"));
    await using ble = await start({ radio });
    expect(ble.health()).toMatchObject({ state: "down", code: "BLE_NO_BLUETOOTH", detail: "EAFNOSUPPORT" });
    for (let times = 0; times < 3; times++) await ble.pass(3_000);
    radio.listener.stateChanged("on");
    await ble.pass(0);
    expect(ble.health()).toMatchObject({ state: "up" });
    expect(ble.logger.of("cannot open the radio")).toHaveLength(1);
  });

  it("gives up when its library is missing", async () => {
    const radio = new ScriptedRadio();
    radio.failures.push(new StoreloopError("BLE_LIBRARY_MISSING", "not built"));
    await using ble = await start({ radio });
    await ble.pass(60 * minutes);
    expect(ble.health()).toMatchObject({ state: "failed", code: "BLE_LIBRARY_MISSING" });
    expect(radio.done).toEqual(["open"]);
  });

  it.each([
    ["denied", "BLE_DENIED"],
    ["unsupported", "BLE_NO_BLUETOOTH"],
  ] as const)("is down when it is %s, and tries again in a new process", async (state, code) => {
    await using ble = await start();
    ble.radio.listener.stateChanged(state);
    await ble.pass(0);
    expect(ble.health()).toMatchObject({ state: "down", code });
    await ble.pass(30_000);
    await ble.running.finished;
  });
});
