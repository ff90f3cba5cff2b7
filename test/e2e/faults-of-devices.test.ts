import { setTimeout as delay } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Draft } from "../../agent/core/entry.ts";
import { virtualReaders } from "../../drivers/nfc/pcscd.ts";
import { signalApdu } from "../../drivers/nfc/signal.ts";
import { VirtualTag } from "../../drivers/nfc/virtual-cards/virtual-tag.ts";
import { VirtualScanner } from "../../drivers/hid/virtual/virtual-scanner.ts";
import { show, spread } from "../support/figures.ts";
import { withGtinCheck } from "../support/card-numbers.ts";
import {
  devicesOf,
  downWith,
  driverLibraries,
  missingForFullStore,
  openFullStore,
  tap,
  upAgain,
  type FullStore,
} from "../support/full-store.ts";
import { entriesIn, tokenCounts, tokensOf } from "../support/ledger-entries.ts";
import { cablePid, childWith, heldBy, type Held } from "../support/process-tree.ts";
import { RawCard } from "../support/raw-card.ts";
import { slip } from "../support/slip.ts";
import { until } from "../support/until.ts";

/** A few rounds with every run; the long run: STORELOOP_SOAK=1 npm test -- test/e2e/faults-of-devices.test.ts */
const isLong = process.env["STORELOOP_SOAK"] === "1";
const rounds = isLong
  ? { pcscd: 50, reader: 200, cable: 200, radio: 50, hid: 50, scanner: 50 }
  : { pcscd: 2, reader: 1, cable: 3, radio: 2, hid: 1, scanner: 2 };

const missing = missingForFullStore();
const skipped = missing === undefined ? "" : ` (skipped: ${missing})`;
const accepted = Buffer.from(signalApdu("accepted")).toString("hex");
const never = new AbortController().signal;
const mostP95Ms = 5_000;

let lastNumber = 0;
/** A number that nothing in this run has had. */
const nextNumber = (): number => (lastNumber += 1);
const newUid = (): string => `04${nextNumber().toString(16).toUpperCase().padStart(12, "0")}`;
const newMember = (): string => withGtinCheck(`29${String(nextNumber()).padStart(10, "0")}`);

describe.skipIf(missing !== undefined)(`a store whose devices fail again and again${skipped}`, () => {
  const stack = new AsyncDisposableStack();
  let store: FullStore;
  let before: Held;
  /** What was shown while its device was up: each is to be recorded once. */
  const uids: string[] = [];
  const members: string[] = [];
  const numbers: string[] = [];
  const began = performance.now();

  beforeAll(async () => {
    store = await openFullStore(stack);
    // What is opened at first use is open from here on.
    await tapBoth();
    await scan();
    await print();
    before = heldBy(store.daemon.pid);
  }, 400_000);

  afterAll(async () => {
    await stack.disposeAsync();
  });

  async function tapBoth(): Promise<void> {
    const shown = [newUid(), newUid()] as const;
    const held = await Promise.all([tap(shown[0], 0), tap(shown[1], 1)]);
    expect(held).toEqual([{ status: "accepted" }, { status: "accepted" }]);
    uids.push(...shown);
  }

  async function scan(): Promise<void> {
    const member = newMember();
    await store.scanner.scan(member, "]E0");
    members.push(member);
  }

  /** Prints on the serial line until the printer says that it is printed, as a POS does. */
  async function print(number = String(nextNumber()).padStart(6, "0")): Promise<void> {
    const confirmed = async () => (await store.pos.print(slip(number), never)) === "confirmed";
    await until(confirmed, { timeoutMs: 20_000, what: `receipt ${number} printed` });
    numbers.push(number);
  }

  /** Kills a driver's process and waits until its device works again. */
  async function killDriver(kind: keyof typeof driverLibraries, deviceId: string): Promise<number> {
    const pid = childWith(store.daemon.pid, driverLibraries[kind]);
    const killedAtMs = Date.now();
    process.kill(pid ?? 0, "SIGKILL");
    return await upAgain(store.daemon, [deviceId], killedAtMs);
  }

  /** A card that lies on the second reader from before something happens until after it. */
  async function withLyingCard(happens: () => Promise<number>): Promise<number> {
    const uid = newUid();
    const tag = new VirtualTag({ uid });
    const layDown = async () => {
      const card = new RawCard(virtualReaders[1].port, tag.atr, (apdu) => tag.respond(apdu));
      await until(() => card.received.includes(accepted), { what: "the beep" });
      return card;
    };
    let tookMs: number;
    {
      using _card = await layDown();
      uids.push(uid);
      tookMs = await happens();
    }
    {
      using _again = await layDown();
    }
    await delay(450);
    return tookMs;
  }

  function expectRecovery(what: string, tookMs: readonly number[]): void {
    show(what, { rounds: tookMs.length, recovery: spread(tookMs), held: heldBy(store.daemon.pid) });
    expect(spread(tookMs).p95Ms).toBeLessThan(mostP95Ms);
  }

  it(`is itself again each of ${rounds.pcscd} times that pcscd is killed and started, also with a card on the reader`, async () => {
    const tookMs: number[] = [];
    const restart = async (): Promise<number> => {
      await store.pcscd.stop("SIGKILL");
      await downWith(store.daemon, "nfc-1", "NFC_PCSCD_DOWN");
      const startedAtMs = Date.now();
      await store.pcscd.start();
      return await upAgain(store.daemon, ["nfc-1", "nfc-2"], startedAtMs);
    };
    for (let round = 0; round < rounds.pcscd; round += 1) {
      tookMs.push(round % 2 === 0 ? await restart() : await withLyingCard(restart));
      await tapBoth();
    }
    expectRecovery("pcscd killed", tookMs);
  }, 900_000);

  it(`is itself again each of ${rounds.reader} times that its readers are gone and back (emulated: pcscd restarted without readers and with)`, async () => {
    const tookMs: number[] = [];
    for (let round = 0; round < rounds.reader; round += 1) {
      await store.pcscd.stop();
      await store.pcscd.startWithoutReaders();
      await downWith(store.daemon, "nfc-1", "NFC_READER_GONE");
      await store.pcscd.stop();
      const startedAtMs = Date.now();
      await store.pcscd.start();
      tookMs.push(await upAgain(store.daemon, ["nfc-1", "nfc-2"], startedAtMs));
      await tapBoth();
    }
    expectRecovery("readers gone", tookMs);
  }, 1_800_000);

  it(`is itself again each of ${rounds.cable} times that socat, its serial line, is killed, also in the middle of a receipt`, async () => {
    const portPath = store.folder.file("tty-pos");
    const tookMs: number[] = [];
    for (let round = 0; round < rounds.cable; round += 1) {
      const number = String(nextNumber()).padStart(6, "0");
      const printing = round % 2 === 0 ? undefined : print(number);
      if (printing) await delay(2);
      const killedAtMs = Date.now();
      process.kill(cablePid(portPath) ?? 0, "SIGKILL");
      tookMs.push(await upAgain(store.daemon, ["till-7-printer"], killedAtMs));
      await (printing ?? print(number));
    }
    expectRecovery("socat killed", tookMs);
  }, 1_800_000);

  it(`is itself again each of ${rounds.radio} times that the radio's process is killed`, async () => {
    const tookMs: number[] = [];
    for (let round = 0; round < rounds.radio; round += 1) {
      tookMs.push(await killDriver("ble", "radio-1"));
      // A radio that never gets to hear anything loses its visits, and rightly so.
      const upAtMs = Date.now();
      const hears = async () => ((await devicesOf(store.daemon)).get("radio-1")?.lastSeenAtMs ?? 0) > upAtMs;
      await until(hears, { what: "the radio hearing its beacons" });
    }
    expectRecovery("radio's process killed", tookMs);
  }, 900_000);

  it(`is itself again each of ${rounds.hid} times that the scanner's process is killed, and ${rounds.scanner} that the scanner is unplugged (emulated by umockdev)`, async () => {
    const killedMs: number[] = [];
    for (let round = 0; round < rounds.hid; round += 1) {
      killedMs.push(await killDriver("hid", "scanner"));
      await scan();
    }
    expectRecovery("scanner's process killed", killedMs);
    const unpluggedMs: number[] = [];
    for (let round = 0; round < rounds.scanner; round += 1) {
      await store.scanner.unplug();
      await downWith(store.daemon, "scanner", "HID_DEVICE_GONE");
      const pluggedAtMs = Date.now();
      // Into another socket each time: umockdev cannot have a device twice.
      store.scanner = await VirtualScanner.plug(store.hid, round + 1);
      unpluggedMs.push(await upAgain(store.daemon, ["scanner"], pluggedAtMs));
      await scan();
    }
    expectRecovery("scanner unplugged", unpluggedMs);
  }, 1_800_000);

  it("has lost no process and no file by it, and has recorded once what was shown while its device was up", async () => {
    // A radio that was just replaced takes a moment to hear its beacons.
    await until(() => store.feed.count("visit.started") >= 3, { timeoutMs: 20_000, what: "three visits" });
    const after = heldBy(store.daemon.pid);
    show("held", { before, after, seconds: Math.round((performance.now() - began) / 1_000) });
    expect(after.zombies).toBe(0);
    expect(after.processes).toBe(before.processes);
    expect(after.ownFiles).toBeLessThanOrEqual(before.ownFiles);
    expect(after.files).toBeLessThanOrEqual(before.files);
    await store.daemon.end("SIGTERM");
    const entries = entriesIn(store.daemon.dataDir);
    const tokens = tokensOf(store.daemon.dataDir);
    const taps = tokenCounts(entries, "nfc.uid");
    expect(uids.map((uid) => taps.get(tokens.of("nfc.uid", uid)))).toEqual(uids.map(() => 1));
    const scans = tokenCounts(entries, "member.number");
    expect(members.map((member) => scans.get(tokens.of("member.number", `club:${member}`)))).toEqual(
      members.map(() => 1),
    );
    expect(numbers.map((number) => completed(entries, number))).toEqual(numbers.map(() => 1));
    expect(entries.filter(({ kind }) => kind === "visit.started")).toHaveLength(3);
    show("recorded", { taps: uids.length, scans: members.length, receipts: numbers.length, entries: entries.length });
  }, 60_000);
});

/** How often a receipt was recorded whole. */
function completed(entries: readonly Draft[], number: string): number {
  return entries.filter(
    ({ kind, data }) => kind === "transaction" && data.status === "completed" && data.sequenceNumber === number,
  ).length;
}
