import { describe, expect, it } from "vitest";
import { asDeviceId } from "../../../agent/core/ids.ts";
import type { NdefRecord } from "../../../agent/core/observation.ts";
import { missingForPcscd, virtualReaders } from "../../../drivers/nfc/pcscd.ts";
import { signalApdu } from "../../../drivers/nfc/signal.ts";
import { holdCard, type HeldCard, type HoldOptions } from "../../../drivers/nfc/virtual-card.ts";
import { VirtualTag } from "../../../drivers/nfc/virtual-cards/virtual-tag.ts";
import { SystemClock } from "../../../drivers/system-clock.ts";
import { runNfc } from "../../support/nfc/running-nfc.ts";
import { pcscdForBlock } from "../../support/pcscd.ts";
import { RawCard } from "../../support/raw-card.ts";
import { until } from "../../support/until.ts";

const missing = missingForPcscd();
const skipped = missing === undefined ? "" : ` (skipped: ${missing})`;

const clock = new SystemClock();
const [first, second] = virtualReaders;
const ndef: NdefRecord[] = [{ type: "uri", uri: "https://example.com/m/42" }];
const refused = Buffer.of(0x63, 0x00);
/** How long the reader must be empty for the next card to be another coming. */
const gapMs = 700;
let serial = 0;

/** A UID that no test has used: the driver takes a card that comes back for the same tap. */
function newUid(): string {
  serial += 1;
  return `04A1B2C3D4${serial.toString(16).toUpperCase().padStart(4, "0")}`;
}

/** Holds a card to the first reader until it beeps, and then takes it off. */
function hold(options: Partial<HoldOptions> = {}): Promise<HeldCard> {
  const signal = new AbortController().signal;
  return holdCard({ port: first.port, uid: newUid(), ndef, clock, signal, patienceMs: 10_000, gapMs: 0, ...options });
}

describe.skipIf(missing !== undefined)(
  `NFC taps through pcscd, vpcd and nfc-pcsc${skipped}`,
  { timeout: 60_000 },
  () => {
    const pcscd = pcscdForBlock();

    it("records a tap once, with UID, kind of tag and NDEF, and beeps", async () => {
      await using nfc = runNfc();
      await nfc.areAll("up");
      const uid = newUid();
      expect(await hold({ uid })).toEqual({ status: "accepted" });
      const tap = { kind: "nfc-tap", deviceId: "nfc-1", laneId: "01", uid, technology: "ntag213", ndef };
      expect(nfc.running.of("nfc-tap")).toMatchObject([tap]);
    });

    it("serves two readers at once, each for its lane", async () => {
      await using nfc = runNfc();
      await nfc.areAll("up");
      const uids = [newUid(), newUid()];
      const held = [first, second].map(({ port }, index) => hold({ port, uid: uids[index]! }));
      expect(await Promise.all(held)).toEqual([{ status: "accepted" }, { status: "accepted" }]);
      const seen = nfc.running.of("nfc-tap").map(({ laneId, uid }) => `${laneId} ${uid}`);
      expect(seen.toSorted()).toEqual([`01 ${uids[0]}`, `02 ${uids[1]}`]);
    });

    it("takes a card that comes right back for the same tap, and beeps again", async () => {
      await using nfc = runNfc();
      await nfc.areAll("up");
      const uid = newUid();
      expect(await hold({ uid })).toEqual({ status: "accepted" });
      expect(await hold({ uid })).toEqual({ status: "accepted" });
      expect(nfc.running.of("nfc-tap")).toHaveLength(1);
    });

    it("gives the refused signal when the tap is not safe, and hears the shopper who tries again", async () => {
      let isSafe = false;
      await using nfc = runNfc({
        answer: () =>
          Promise.resolve(isSafe ? { status: "recorded" } : { status: "refused", code: "LEDGER_UNWRITABLE" }),
      });
      await nfc.areAll("up");
      const uid = newUid();
      expect(await hold({ uid, gapMs })).toEqual({ status: "refused" });
      isSafe = true;
      expect(await hold({ uid })).toEqual({ status: "accepted" });
      expect(nfc.running.of("nfc-tap").map((tap) => tap.uid)).toEqual([uid, uid]);
    });

    it("reports a card that lies there unread, and reads it still when it answers at last", async () => {
      await using nfc = runNfc();
      await nfc.areAll("up");
      const tag = new VirtualTag({ uid: newUid(), ndef });
      let answers = false;
      using card = new RawCard(first.port, tag.atr, (apdu) => (answers ? tag.respond(apdu) : refused));
      // The card of the test before may still be leaving when this reader is opened.
      await until(() => nfc.running.of("nfc-unread").some(({ reason }) => reason === "NFC_READ_TIMEOUT"));
      answers = true;
      await until(() => nfc.running.of("nfc-tap").length === 1);
      await until(() => card.received.at(-1) === Buffer.from(signalApdu("accepted")).toString("hex"));
      expect(nfc.running.of("nfc-tap")).toHaveLength(1);
    });

    it("reports a card that leaves before it was read", async () => {
      await using nfc = runNfc();
      await nfc.areAll("up");
      const tag = new VirtualTag({ uid: newUid(), ndef });
      using card = new RawCard(first.port, tag.atr, () => {
        card[Symbol.dispose]();
        return undefined;
      });
      await until(() => nfc.running.offered.length > 0);
      expect(nfc.running.offered).toMatchObject([{ kind: "nfc-unread", reason: "NFC_CARD_REMOVED" }]);
    });

    it("outlives a card that stops answering in mid-command", async () => {
      await using nfc = runNfc({ options: { readTimeoutMs: 500 } });
      await nfc.areAll("up");
      {
        using _card = new RawCard(first.port, new VirtualTag({ uid: newUid() }).atr, () => undefined);
        await until(() => nfc.running.of("nfc-unread").length > 0);
      }
      const uid = newUid();
      await until(async () => (await hold({ uid, gapMs })).status === "accepted", { timeoutMs: 20_000 });
      expect(nfc.running.of("nfc-tap").map((tap) => tap.uid)).toEqual([uid]);
    });

    it("reads a card that took another's place while the process was stopped", async () => {
      await using nfc = runNfc();
      await nfc.areAll("up");
      const child = nfc.driver.childPid!;
      expect(await hold()).toEqual({ status: "accepted" });
      process.kill(child, "SIGSTOP");
      const uid = newUid();
      let held: Promise<HeldCard>;
      try {
        await clock.sleep(gapMs, new AbortController().signal);
        held = hold({ uid });
        await clock.sleep(gapMs, new AbortController().signal);
      } finally {
        process.kill(child, "SIGCONT");
      }
      expect(await held).toEqual({ status: "accepted" });
      expect(nfc.running.of("nfc-tap").at(-1)?.uid).toBe(uid);
    });

    it("names a configured reader that is not there, and serves the others", async () => {
      await using nfc = runNfc({ readers: ["ACS ACR122U", "Virtual PCD"] });
      await until(() => nfc.codes().includes("NFC_READER_GONE"));
      expect(nfc.codes()).toEqual(["NFC_READER_GONE", "up"]);
    });

    it("comes back when its process is killed", async () => {
      await using nfc = runNfc();
      await nfc.areAll("up");
      process.kill(nfc.driver.childPid!, "SIGKILL");
      await nfc.areAll("HOST_CHILD_DIED");
      await nfc.areAll("up");
      expect(await hold()).toEqual({ status: "accepted" });
    });

    it.each(["SIGKILL", "SIGTERM"] as const)("outlives pcscd: %s, restart, next tap", async (signal) => {
      await using nfc = runNfc();
      await nfc.areAll("up");
      const child = nfc.driver.childPid;
      expect(await hold()).toEqual({ status: "accepted" });
      await pcscd().stop(signal);
      await nfc.areAll("NFC_PCSCD_DOWN");
      await pcscd().start();
      await nfc.areAll("up");
      expect(await hold()).toEqual({ status: "accepted" });
      expect(nfc.running.of("nfc-tap")).toHaveLength(2);
      expect(nfc.driver.childPid).not.toBe(child);
      expect(nfc.logger.of("driver process is gone")).toEqual([]);
    });

    it("says of a card that lay on the reader while pcscd restarted that it was lying there", async () => {
      await using nfc = runNfc();
      await nfc.areAll("up");
      const uid = newUid();
      const tag = new VirtualTag({ uid });
      const accepted = Buffer.from(signalApdu("accepted")).toString("hex");
      using before = new RawCard(first.port, tag.atr, (apdu) => tag.respond(apdu));
      await until(() => before.received.includes(accepted));
      await pcscd().stop("SIGKILL");
      await nfc.areAll("NFC_PCSCD_DOWN");
      await pcscd().start();
      using after = new RawCard(first.port, tag.atr, (apdu) => tag.respond(apdu));
      await until(() => after.received.includes(accepted));
      // Whether it is the card of the last tap is for the ledger to say, which outlives the process.
      expect(nfc.running.of("nfc-tap")).toHaveLength(2);
      expect(nfc.running.of("nfc-tap").at(-1)).toMatchObject({ uid, foundLying: true });
    });

    it("says that pcscd hangs, and goes on when it is back", async () => {
      await using nfc = runNfc();
      await nfc.areAll("up");
      process.kill(pcscd().pid, "SIGSTOP");
      try {
        await nfc.areAll("NFC_PCSCD_HUNG");
      } finally {
        process.kill(pcscd().pid, "SIGCONT");
      }
      await nfc.areAll("up");
      expect(await hold()).toEqual({ status: "accepted" });
    });

    it("lights up and beeps when it is asked to, by way of the card that lies there", async () => {
      await using nfc = runNfc();
      await nfc.areAll("up");
      const signal = new AbortController().signal;
      const identify = (): Promise<boolean> => nfc.driver.identify(asDeviceId("nfc-1"), signal);
      expect(await identify()).toBe(false);
      const tag = new VirtualTag({ uid: newUid() });
      using card = new RawCard(first.port, tag.atr, (apdu) => tag.respond(apdu));
      await until(() => nfc.running.of("nfc-tap").length === 1);
      const beep = Buffer.from(signalApdu("refused")).toString("hex");
      expect(card.received).not.toContain(beep);
      expect(await identify()).toBe(true);
      expect(card.received).toContain(beep);
    });

    it("logs no UID and nothing of what a tag says", async () => {
      await using nfc = runNfc();
      await nfc.areAll("up");
      const uid = newUid();
      await hold({ uid });
      const log = JSON.stringify(nfc.logger.lines).toUpperCase();
      expect(log).toContain("READER IS UP");
      expect(log).not.toContain(uid);
      expect(log).not.toContain("EXAMPLE.COM");
    });
  },
);
