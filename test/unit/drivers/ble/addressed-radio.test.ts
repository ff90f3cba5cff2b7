import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import type { DeviceState } from "../../../../agent/core/driver.ts";
import { StoreloopError } from "../../../../agent/core/errors.ts";
import type { RadioPort } from "../../../../drivers/ble/radio.ts";
import { stalled, start, uuid } from "../../../support/ble/played-radio.ts";
import { ScriptedRadio } from "../../../support/ble/scripted-radio.ts";
import { ManualClock } from "../../../support/manual-clock.ts";
import { TempFolder } from "../../../support/temp-folder.ts";

const minutes = 60_000;

describe("a Bluetooth radio that is known by the address of its adapter", () => {
  const port: RadioPort = { library: "abandonware", address: "00:1A:7D:DA:71:14" };
  const [other, wanted] = ["00:1a:7d:da:71:13", "00:1a:7d:da:71:14"];

  /** A machine with adapters of these numbers, each with a switch. */
  function machine(...numbers: readonly number[]): TempFolder {
    const folder = new TempFolder();
    for (const number of numbers) {
      mkdirSync(folder.file(`hci${number}/rfkill${number + 3}`), { recursive: true });
      writeFileSync(folder.file(`hci${number}/rfkill${number + 3}/soft`), "0");
    }
    return folder;
  }
  const soft = (folder: TempFolder, number: number): string =>
    readFileSync(folder.file(`hci${number}/rfkill${number + 3}/soft`), "utf8");

  function adapters(...addresses: readonly (readonly [number, string])[]): ScriptedRadio {
    const radio = new ScriptedRadio();
    radio.stateAtOpen = "on";
    for (const [number, address] of addresses) radio.addresses.set(number, address);
    return radio;
  }

  it("finds it at whatever number it has, and then has a process of its own in which no other is open", async () => {
    const radio = adapters([1, other], [2, wanted]);
    radio.failures.push(new StoreloopError("BLE_ADAPTER_GONE", "no such device"));
    await using ble = await start({ port, radio, folder: machine(2, 0, 1) });
    await ble.running.finished;
    expect(radio.opened).toEqual([1, 2]);
    expect(ble.health()).toMatchObject({ state: "starting" });

    const again = adapters([1, other], [2, wanted]);
    await using next = await start({ port, radio: again, folder: machine(0, 1, 2), previous: ble.driver.devices() });
    await next.pass(0);
    expect(next.health()).toMatchObject({ state: "up" });
    expect(again.opened).toEqual([2]);
    expect(next.driver.devices()).toMatchObject([{ adapter: 2 }]);
  });

  it("needs no second process where it is the first that is asked", async () => {
    await using ble = await start({ port, radio: adapters([0, wanted], [1, other]), folder: machine(0, 1) });
    await ble.pass(0);
    expect(ble.radio.opened).toEqual([0]);
    expect(ble.health()).toMatchObject({ state: "up" });
    ble.radio.hear(uuid);
    await ble.pass(1_000);
    expect(ble.running.of("ble-sighting")).toHaveLength(1);
  });

  it("asks through the library that resets nothing, and then opens it through its own", async () => {
    const resetting: RadioPort = { library: "stoprocent", address: wanted };
    const radio = adapters([0, wanted]);
    await using ble = await start({ port: resetting, radio, folder: machine(0) });
    await ble.running.finished;
    await using next = await start({ port: resetting, radio, folder: machine(0), previous: ble.driver.devices() });
    await next.pass(0);
    expect(next.health()).toMatchObject({ state: "up" });
    expect(radio.libraries).toEqual(["abandonware", "stoprocent"]);
  });

  it("passes on nothing that an adapter hears which is another, and leaves its scan alone", async () => {
    await using ble = await start({ port, radio: adapters([0, other]) });
    await ble.pass(0);
    expect(ble.health()).toMatchObject({ state: "down", code: "BLE_ADAPTER_GONE" });
    expect(ble.health().detail).toContain("00:1A:7D:DA:71:14");
    for (let second = 0; second < 10; second += 1) {
      ble.radio.hear(uuid);
      await ble.pass(1_000);
    }
    expect(ble.running.offered).toEqual([]);
    expect(ble.radio.done).toEqual(["open", "ask"]);
  });

  it("does not ask an adapter that another radio uses", async () => {
    const radio = adapters([0, wanted], [1, other]);
    await using ble = await start({ port, radio, folder: machine(0, 1), reserved: [0] });
    await ble.pass(0);
    expect(radio.opened).toEqual([1]);
    expect(ble.health()).toMatchObject({ code: "BLE_ADAPTER_GONE" });
  });

  it("asks again ever more rarely, and at once when an adapter comes", async () => {
    const goneFor = (ms: number): readonly DeviceState[] => {
      const sinceMs = new ManualClock().now().wallMs - ms;
      return [{ ...stalled[0]!, health: { state: "down", sinceMs, code: "BLE_ADAPTER_GONE" } }];
    };
    const waits = async (ms: number): Promise<number> => {
      await using ble = await start({ port, radio: adapters([0, other]), previous: goneFor(ms) });
      let isOver = false;
      void ble.running.finished.then(() => (isOver = true));
      for (let seconds = 0; ; seconds += 3, await ble.pass(3_000)) if (isOver) return seconds;
    };
    expect([await waits(0), await waits(2 * minutes), await waits(24 * 60 * minutes)]).toEqual([30, 120, 300]);

    await using ble = await start({ port, radio: adapters([0, other]), previous: goneFor(60 * minutes) });
    await ble.pass(6_000);
    mkdirSync(ble.folder.file("hci1"));
    await ble.pass(3_000);
    await ble.running.finished;
  });

  it("looks among the others when its number is another's now", async () => {
    const radio = adapters([0, wanted], [1, other]);
    await using ble = await start({ port, radio, folder: machine(0, 1), previous: [{ ...stalled[0]!, adapter: 1 }] });
    await ble.running.finished;
    expect(radio.opened).toEqual([1, 0]);
    expect(ble.driver.devices()).toMatchObject([{ adapter: 0 }]);
  });

  it("forgets the number of an adapter that was pulled out", async () => {
    await using ble = await start({ port, radio: adapters([0, wanted]) });
    await ble.pass(0);
    expect(ble.driver.devices()).toMatchObject([{ adapter: 0 }]);
    rmSync(ble.folder.file("hci0"), { recursive: true });
    ble.radio.isPowered = false;
    ble.radio.listener.stateChanged("off");
    await ble.pass(0);
    await ble.running.finished;
    expect(ble.driver.devices()[0]).not.toHaveProperty("adapter");
  });

  it("turns off and on the adapter that it was, and not the first", async () => {
    const radio = adapters([0, other], [1, wanted]);
    radio.refusal = new Error("the controller refused to scan: status 12");
    const folder = machine(0, 1);
    await using ble = await start({ port, radio, folder, previous: [{ ...stalled[0]!, adapter: 1 }] });
    await ble.pass(0);
    expect([soft(folder, 0), soft(folder, 1)]).toEqual(["0", "1"]);
    await ble.pass(1_000);
    expect(ble.health()).toMatchObject({ state: "failed", code: "BLE_SCAN_STALLED" });
  });

  it("climbs the whole ladder with an adapter that no longer answers at its number", async () => {
    const folder = machine(0, 1);
    const mute = adapters([0, other], [1, wanted]);
    mute.answers = false;
    await using next = await start({ port, radio: mute, folder, previous: [{ ...stalled[0]!, adapter: 1 }] });
    await next.pass(15_000);
    expect(soft(folder, 1)).toBe("1");
    await next.pass(10_000);
    expect(mute.opened).toEqual([1]);
    expect(soft(folder, 0)).toBe("0");
    expect(next.health()).toMatchObject({ state: "failed", code: "BLE_SCAN_STALLED" });
  });

  it("says which adapter does not answer, and in the next process raises the alarm, and turns off none", async () => {
    const mute = adapters([0, other]);
    const folder = machine(0, 1);
    mute.answers = false;
    await using ble = await start({ port, radio: mute, folder });
    await ble.pass(20_000);
    expect(ble.health()).toMatchObject({ state: "down", code: "BLE_SCAN_STALLED" });
    expect(ble.health().detail).toContain("hci0, hci1");
    await ble.pass(30_000);
    await ble.running.finished;
    await using next = await start({ port, radio: mute, folder, previous: ble.driver.devices() });
    await next.pass(20_000);
    expect(next.health()).toMatchObject({ state: "failed", code: "BLE_SCAN_STALLED" });
    expect(next.logger.of("the adapter of the radio cannot be told")).toHaveLength(1);
    expect([soft(folder, 0), soft(folder, 1)]).toEqual(["0", "0"]);
  });

  it("says that an adapter is off which may be it, and asks it when it is on", async () => {
    const radio = adapters([0, wanted]);
    radio.stateAtOpen = "off";
    await using ble = await start({ port, radio });
    await ble.pass(0);
    expect(ble.health()).toMatchObject({ state: "down", code: "BLE_ADAPTER_DOWN" });
    await ble.pass(9_000);
    radio.listener.stateChanged("on");
    await ble.pass(3_000);
    await ble.running.finished;
  });

  it("names the missing permission", async () => {
    const radio = adapters([0, wanted]);
    radio.stateAtOpen = "denied";
    await using ble = await start({ port, radio });
    await ble.pass(0);
    expect(ble.health()).toMatchObject({ state: "down", code: "BLE_DENIED" });
  });
});
