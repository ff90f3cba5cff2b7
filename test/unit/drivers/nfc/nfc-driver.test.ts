import { describe, expect, it } from "vitest";
import type { DeviceState } from "../../../../agent/core/driver.ts";
import { asDeviceId, asLaneId } from "../../../../agent/core/ids.ts";
import { StoreloopError } from "../../../../agent/core/errors.ts";
import type { Offer, Outcome } from "../../../../agent/core/observation.ts";
import { NfcDriver, type NfcDriverOptions } from "../../../../drivers/nfc/nfc-driver.ts";
import { signalApdu } from "../../../../drivers/nfc/signal.ts";
import type { VirtualCard } from "../../../../drivers/nfc/virtual-card.ts";
import { virtualBankCard } from "../../../../drivers/nfc/virtual-cards/shop-cards.ts";
import { VirtualTag } from "../../../../drivers/nfc/virtual-cards/virtual-tag.ts";
import { SystemClock } from "../../../../drivers/system-clock.ts";
import { LogLines } from "../../../support/log-lines.ts";
import { RunningDriver } from "../../../support/running-driver.ts";
import { ScriptedPcsc, ScriptedReader } from "../../../support/scripted-pcsc.ts";
import { TempFolder } from "../../../support/temp-folder.ts";
import { until } from "../../../support/until.ts";

const accepted = Buffer.from(signalApdu("accepted")).toString("hex");

/** A driver with one configured reader over a PC/SC that the test plays. */
async function start(answer?: Offer, options: Partial<NfcDriverOptions> = {}, previous: readonly DeviceState[] = []) {
  const folder = new TempFolder();
  const socketPath = folder.file("pcscd.comm");
  const pcsc = new ScriptedPcsc(socketPath);
  const readers = [{ deviceId: asDeviceId("till-1"), laneId: asLaneId("01"), reader: "ACS ACR122U" }];
  const parts = { clock: new SystemClock(), logger: new LogLines(), open: pcsc.open, previous };
  const driver = new NfcDriver({ readers, socketPath, ...options }, parts);
  const running = new RunningDriver(driver, answer);
  await until(() => pcsc.opened === 1);
  const health = () => driver.devices()[0]!.health;
  const dispose = async () => {
    await running.stop();
    await pcsc[Symbol.asyncDispose]();
    folder[Symbol.dispose]();
  };
  return { driver, pcsc, running, health, [Symbol.asyncDispose]: dispose };
}

/** Holds a tag to a reader; answers what takes it off. */
function hold(pcsc: ScriptedPcsc, reader: ScriptedReader, uid: string): () => void {
  return holdCard(pcsc, reader, new VirtualTag({ uid }));
}

/** Holds any card to a reader; answers what takes it off. */
function holdCard(pcsc: ScriptedPcsc, reader: ScriptedReader, card: VirtualCard): () => void {
  reader.respond = (apdu) => card.respond(apdu);
  pcsc.listener.cardPresent(reader, card.atr);
  return () => pcsc.listener.cardGone(reader);
}

describe("the NFC driver", () => {
  it("keeps a reader that is unplugged and plugged in elsewhere as the same device", async () => {
    await using nfc = await start();
    const before = new ScriptedReader("ACS ACR122U PICC Interface 00 00");
    nfc.pcsc.listener.readerFound(before);
    expect(nfc.health()).toMatchObject({ state: "up", detail: before.name });
    nfc.pcsc.listener.readerGone(before);
    expect(nfc.health()).toMatchObject({ state: "down", code: "NFC_READER_GONE" });
    const after = new ScriptedReader("ACS ACR122U PICC Interface 01 00");
    nfc.pcsc.listener.readerFound(after);
    hold(nfc.pcsc, after, "04A1B2C3D4E5F6");
    await until(() => nfc.running.of("nfc-tap").length === 1);
    expect(nfc.running.of("nfc-tap")[0]).toMatchObject({ deviceId: "till-1", uid: "04A1B2C3D4E5F6" });
  });

  it("lights up and beeps through the reader itself when no card is on it, where the reader takes that", async () => {
    await using nfc = await start();
    const identify = (): Promise<boolean> => nfc.driver.identify(asDeviceId("till-1"));
    expect(await identify()).toBe(false);
    const reader = new ScriptedReader("ACS ACR122U PICC Interface 00 00");
    nfc.pcsc.listener.readerFound(reader);
    expect(await identify()).toBe(false);
    reader.escaped = [];
    expect(await identify()).toBe(true);
    expect(reader.escaped).toEqual(["ff0040500402010201"]);
  });

  it("tries again when a card does not connect at once", async () => {
    await using nfc = await start();
    const reader = new ScriptedReader("ACS ACR122U PICC Interface 00 00");
    reader.failures = 3;
    nfc.pcsc.listener.readerFound(reader);
    hold(nfc.pcsc, reader, "04A1B2C3D4E5F6");
    await until(() => nfc.running.of("nfc-tap").length === 1);
    expect(reader.failures).toBe(0);
  });

  it("tells of a card that lies there unread, also right after one that was only waved past", async () => {
    await using nfc = await start(undefined, { readTimeoutMs: 50 });
    const reader = new ScriptedReader("ACS ACR122U PICC Interface 00 00");
    nfc.pcsc.listener.readerFound(reader);
    for (const waved of [1, 2]) {
      nfc.pcsc.listener.cardPresent(reader, Buffer.of(waved));
      nfc.pcsc.listener.cardGone(reader);
    }
    await until(() => nfc.running.of("nfc-unread").length === 1);
    nfc.pcsc.listener.cardPresent(reader, Buffer.of(3));
    await until(() => nfc.running.of("nfc-unread").length === 2);
    const reasons = nfc.running.of("nfc-unread").map(({ reason }) => reason);
    expect(reasons).toEqual(["NFC_CARD_REMOVED", "NFC_READ_TIMEOUT"]);
  });

  it("gives two readers of a model their lanes by serial number, whatever they are numbered", async () => {
    const readers = ["A1B2", "C3D4"].map((serial, index) => ({
      deviceId: asDeviceId(`till-${index + 1}`),
      laneId: asLaneId(`0${index + 1}`),
      reader: "ACS ACR122U",
      serial,
    }));
    await using nfc = await start(undefined, { readers });
    for (const [turn, serials] of [
      ["A1B2", "C3D4"],
      ["C3D4", "A1B2"],
    ].entries()) {
      const plugged = serials.map((serial, number) => {
        const reader = new ScriptedReader(`ACS ACR122U PICC Interface (${serial}) 0${number} 00`);
        nfc.pcsc.listener.readerFound(reader);
        hold(nfc.pcsc, reader, `04${serial}00000${turn}00`);
        return reader;
      });
      await until(() => nfc.running.of("nfc-tap").length === 2 * (turn + 1));
      for (const reader of plugged) nfc.pcsc.listener.readerGone(reader);
    }
    const lanes = nfc.running.of("nfc-tap").map(({ laneId, uid }) => `${laneId} ${uid.slice(2, 6)}`);
    expect(lanes.toSorted()).toEqual(["01 A1B2", "01 A1B2", "02 C3D4", "02 C3D4"]);
  });

  it("says which serial number it misses", async () => {
    const readers = [{ deviceId: asDeviceId("till-1"), laneId: asLaneId("01"), reader: "ACS ACR122U", serial: "A1B2" }];
    await using nfc = await start(undefined, { readers });
    nfc.pcsc.listener.readerFound(new ScriptedReader("ACS ACR122U PICC Interface 00 00"));
    await until(() => nfc.health().state === "down");
    expect(nfc.health()).toMatchObject({ code: "NFC_READER_GONE", detail: "no reader is named ACS ACR122U (A1B2)" });
  });

  it("tells once of a bank card that comes and goes at the edge of the field, and gives its tone each time", async () => {
    await using nfc = await start();
    const reader = new ScriptedReader("ACS ACR122U PICC Interface 00 00");
    nfc.pcsc.listener.readerFound(reader);
    const tone = Buffer.from(signalApdu("unsuitable")).toString("hex");
    for (const times of [1, 2, 3]) {
      const takeOff = holdCard(nfc.pcsc, reader, virtualBankCard("04A1B2C3D4E5F6"));
      await until(() => reader.received.filter((apdu) => apdu === tone).length === times);
      takeOff();
    }
    expect(nfc.running.offered).toMatchObject([{ kind: "nfc-unread", reason: "NFC_BANK_CARD", technology: "emv" }]);
  });

  it("refuses to be made with a key that is none", () => {
    const parts = { clock: new SystemClock(), logger: new LogLines() };
    const credentials = { ntag424: [{ keyName: "members", authKeyHex: "12" }] };
    expect(() => new NfcDriver({ readers: [], credentials }, parts)).toThrow(RangeError);
  });

  it("does not beep for a card that has left to the card that follows", async () => {
    const answers: ((outcome: Outcome) => void)[] = [];
    await using nfc = await start(() => new Promise((resolve) => answers.push(resolve)));
    const reader = new ScriptedReader("ACS ACR122U PICC Interface 00 00");
    nfc.pcsc.listener.readerFound(reader);
    const takeOff = hold(nfc.pcsc, reader, "04000000000001");
    await until(() => answers.length === 1);
    takeOff();
    hold(nfc.pcsc, reader, "04000000000002");
    await until(() => answers.length === 2);
    answers[0]?.({ status: "recorded" });
    await new Promise((resolve) => setImmediate(resolve));
    expect(reader.received).not.toContain(accepted);
    answers[1]?.({ status: "recorded" });
    await until(() => reader.received.includes(accepted));
  });

  it("ignores readers that are not configured, and cards on them", async () => {
    await using nfc = await start();
    const other = new ScriptedReader("Yubico YubiKey 00 00");
    nfc.pcsc.listener.readerFound(other);
    hold(nfc.pcsc, other, "04A1B2C3D4E5F6")();
    nfc.pcsc.listener.readerGone(other);
    expect(other.received).toEqual([]);
    expect(nfc.health().state).toBe("starting");
  });

  it("asks for a new process when pcscd went away, and lets go of what was", async () => {
    await using nfc = await start();
    nfc.pcsc.listener.readerFound(new ScriptedReader("ACS ACR122U PICC Interface 00 00"));
    nfc.pcsc.listener.failed(new Error("SCardGetStatusChange error: Service not available."));
    await nfc.running.finished;
    expect([nfc.pcsc.opened, nfc.pcsc.closed]).toEqual([1, 1]);
    expect(nfc.health()).toMatchObject({ state: "down", code: "NFC_PCSCD_DOWN" });
  });

  it("goes on saying what was wrong in the process before, until it is better", async () => {
    const before = { state: "down", sinceMs: 1, code: "NFC_PCSCD_DOWN" } as const;
    const previous = [{ deviceId: asDeviceId("till-1"), laneId: asLaneId("01"), type: "nfc", health: before }];
    await using nfc = await start(undefined, {}, previous);
    expect(nfc.health()).toEqual(before);
    nfc.pcsc.listener.readerFound(new ScriptedReader("ACS ACR122U PICC Interface 00 00"));
    expect(nfc.health().state).toBe("up");
  });

  it("records each tap once while its reader is pulled out and put back two hundred times", async () => {
    await using nfc = await start();
    for (let round = 0; round < 200; round += 1) {
      const reader = new ScriptedReader(`ACS ACR122U PICC Interface 0${round % 3} 00`);
      nfc.pcsc.listener.readerFound(reader);
      const uid = `0400000000${round.toString(16).toUpperCase().padStart(4, "0")}`;
      const takeOff = hold(nfc.pcsc, reader, uid);
      await until(() => reader.received.includes(accepted), { everyMs: 1 });
      // In every other round it is pulled out with the card on it.
      if (round % 2 === 0) takeOff();
      nfc.pcsc.listener.readerGone(reader);
      expect(nfc.health()).toMatchObject({ state: "down", code: "NFC_READER_GONE" });
    }
    const uids = nfc.running.of("nfc-tap").map(({ uid }) => uid);
    expect([uids.length, new Set(uids).size, nfc.running.offered.length]).toEqual([200, 200, 200]);
    expect([nfc.pcsc.opened, nfc.pcsc.closed]).toEqual([1, 0]);
  });

  it("gives up where the native library is missing, and says so", async () => {
    using folder = new TempFolder();
    const socketPath = folder.file("pcscd.comm");
    await using _pcsc = new ScriptedPcsc(socketPath);
    const readers = [{ deviceId: asDeviceId("till-1"), laneId: asLaneId("01"), reader: "ACS" }];
    const open = () => Promise.reject(new StoreloopError("NFC_LIBRARY_MISSING", "not built"));
    const driver = new NfcDriver({ readers, socketPath }, { clock: new SystemClock(), logger: new LogLines(), open });
    await using _running = new RunningDriver(driver);
    await until(() => driver.devices()[0]?.health.state === "failed");
    expect(driver.devices()[0]?.health.code).toBe("NFC_LIBRARY_MISSING");
  });
});
