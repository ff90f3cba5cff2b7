import { randomBytes } from "node:crypto";
import { describe, expect, it } from "vitest";
import type { Evidence, TouchEntry } from "../../agent/core/entry.ts";
import { missingForPcscd, virtualReaders } from "../../drivers/nfc/pcscd.ts";
import { holdVirtualCard, type VirtualCard } from "../../drivers/nfc/virtual-card.ts";
import { VirtualTag } from "../../drivers/nfc/virtual-cards/virtual-tag.ts";
import { SystemClock } from "../../drivers/system-clock.ts";
import { freePort } from "../support/free-port.ts";
import { entriesIn, touchesIn } from "../support/ledger-entries.ts";
import { LoneDaemon } from "../support/lone-daemon.ts";
import { pcscdForBlock } from "../support/pcscd.ts";
import { receiverCommand, ReceiverProcess } from "../support/receiver-process.ts";
import {
  android,
  copiedLink,
  copiedToStorage,
  forgedIphone,
  foreignTag,
  iphone,
  memberTag,
  nfcSection,
  signed,
  sticker,
  tampered,
} from "../support/shown-cards.ts";
import { TempFolder } from "../support/temp-folder.ts";
import { missingForTrustedClock, throughTrustedClock } from "../support/trusted-clock.ts";
import { until } from "../support/until.ts";

const missing = missingForPcscd() ?? missingForTrustedClock();
const skipped = missing === undefined ? "" : ` (skipped: ${missing})`;
const clock = new SystemClock();

const lanes = virtualReaders
  .map(
    ({ reader }, index) =>
      `  - { id: "0${index + 1}", devices: [{ id: nfc-${index + 1}, type: nfc, reader: "${reader}" }] }`,
  )
  .join("\n");

/** What a touch shows, as the test compares it: `type tier doubt`. */
const shown = ({ evidence }: Pick<TouchEntry, "evidence">): readonly string[] => evidence.map(inWords);
const inWords = ({ type, tier, doubt }: { type: string; tier: string; doubt?: string | null }): string =>
  [type, tier, ...(doubt ? [doubt] : [])].join(" ");

/** A card and what its touch is to show. */
interface Showing {
  readonly what: string;
  readonly card: VirtualCard;
  readonly shows: readonly string[];
}

const uid = "04A1B2C3D4E5F6";
const [tagUid, copyUid, stickerUid] = ["04C0FFEE010203", "04C0FFEE040506", "04C0FFEE070809"];

/** All cards of both lives of the daemon, each pile in order. Two piles, for two readers at once. */
function showings() {
  const tag = memberTag(tagUid, { counter: 6 });
  // Taken down by somebody who held a phone to the tag before the shop saw it, and some that are later than what the shop will see.
  const [seventh, ...later] = Array.from({ length: 5 }, () => tag.mirroredUrl());
  const genuine = memberTag(tagUid, { counter: 7 });
  const [replaying, aged] = [iphone("M-1", { replays: true }), iphone("M-2", { clockSkewMs: -600_000 })];
  const droid = android("G-1", { replays: true });
  const clone = foreignTag(tagUid);
  const withoutKey = memberTag(copyUid, { authKey: randomBytes(16) });
  const [plain, copied] = [sticker(stickerUid, 4), sticker(stickerUid, 4).mirroredUrl()];
  const forged = new VirtualTag({ uid, signature: signed.signature });
  const replayed = ["nfc.sun claimed counter-replayed", "nfc.uid claimed"];
  const first: readonly [readonly Showing[], readonly Showing[]] = [
    [
      { what: "the genuine tag", card: genuine, shows: ["nfc.ev2 proven", "nfc.sun proven", "nfc.uid claimed"] },
      { what: "a forged signature", card: forged, shows: ["nfc.uid claimed originality-forged"] },
      { what: "a replayed SUN message", card: copiedLink(tagUid, seventh!), shows: replayed },
      { what: "a genuine phone", card: iphone("M-3"), shows: ["wallet.vas proven"] },
      { what: "a cloned UID", card: new VirtualTag({ uid: tagUid }), shows: ["nfc.uid claimed"] },
      {
        what: "a message of another UID",
        card: copiedLink(copyUid, later[0]!),
        shows: ["nfc.sun claimed uid-mismatch", "nfc.uid claimed"],
      },
      {
        what: "a message with another MAC",
        card: copiedLink(tagUid, tampered(later[0]!)),
        shows: ["nfc.sun claimed mac-mismatch", "nfc.uid claimed"],
      },
      { what: "a recorded bundle", card: droid, shows: ["wallet.smart-tap proven"] },
    ],
    [
      {
        what: "a message that nobody has seen yet",
        card: copiedLink(tagUid, later[2]!),
        shows: ["nfc.sun claimed not-authenticated", "nfc.uid claimed"],
      },
      { what: "a sticker that is taken down", card: plain, shows: ["nfc.sun proven", "nfc.uid claimed"] },
      { what: "a phone that will be recorded", card: replaying, shows: ["wallet.vas proven"] },
      { what: "an old cryptogram", card: aged, shows: ["wallet.vas claimed expired"] },
      { what: "a replayed cryptogram", card: replaying, shows: ["wallet.vas claimed cryptogram-replayed"] },
      { what: "the sticker's message replayed", card: copiedLink(stickerUid, copied), shows: replayed },
      { what: "a forged cryptogram", card: forgedIphone("M-4"), shows: ["wallet.vas claimed tag-mismatch"] },
      {
        what: "a message on a storage tag",
        card: copiedToStorage(tagUid, later[1]!),
        shows: ["nfc.sun claimed copied", "nfc.uid claimed"],
      },
      {
        what: "a bundle in the clear",
        card: android("G-2", { sendsPlain: true }),
        shows: ["wallet.smart-tap claimed not-encrypted"],
      },
      {
        what: "a tag with the UID and other keys",
        card: clone,
        shows: ["nfc.sun claimed picc-data-invalid", "nfc.uid claimed"],
      },
    ],
  ];
  const second: typeof first = [
    [
      { what: "the SUN message replayed after a restart", card: copiedLink(tagUid, seventh!), shows: replayed },
      { what: "the recorded bundle", card: droid, shows: ["wallet.smart-tap claimed mac-mismatch"] },
      { what: "the genuine tag again", card: genuine, shows: ["nfc.ev2 proven", "nfc.sun proven", "nfc.uid claimed"] },
    ],
    [
      {
        what: "the cryptogram replayed after a restart",
        card: replaying,
        shows: ["wallet.vas claimed cryptogram-replayed"],
      },
      {
        what: "a phone while the clock is not trusted",
        card: iphone("M-5"),
        shows: ["wallet.vas presented clock-untrusted"],
      },
      { what: "the sticker's message once more", card: copiedLink(stickerUid, copied), shows: replayed },
      {
        what: "a tag whose authentication fails",
        card: withoutKey,
        shows: ["nfc.ev2 claimed key-mismatch", "nfc.sun claimed not-authenticated", "nfc.uid claimed"],
      },
    ],
  ];
  return { first, second };
}

/** Holds each card of a pile to its reader, one after the other. */
async function hold(pile: readonly Showing[], port: number): Promise<void> {
  const signal = new AbortController().signal;
  for (const { card, what } of pile) {
    const held = await holdVirtualCard(card, { port, clock, signal, patienceMs: 10_000 });
    expect(held, what).toEqual({ status: "accepted" });
  }
}

const holdAll = (piles: readonly (readonly Showing[])[]) =>
  Promise.all(piles.map((pile, index) => hold(pile, virtualReaders[index]!.port)));

describe.skipIf(missing !== undefined)(
  `what is not what it pretends to be, through pcscd, vpcd and nfc-pcsc${skipped}`,
  () => {
    pcscdForBlock();

    it("is never proof, before a restart or after it, and is told with its doubt in the ledger and in the cloud", async () => {
      await using stack = new AsyncDisposableStack();
      const folder = stack.use(new TempFolder());
      const broker = `127.0.0.1:${await freePort()}`;
      const cloud = { socket: folder.file("cloud.sock"), database: `pglite:${folder.file("cloud")}` };
      const flags = ["--embedded-broker", broker, "--database", cloud.database, "--socket", cloud.socket];
      const receiver = stack.use(ReceiverProcess.start(flags));
      await receiver.untilReady();
      const settings = { sections: nfcSection(folder), uplink: `mqtt://${broker}` };
      const daemon = stack.use(new LoneDaemon(folder.path, lanes, undefined, settings));
      const { first, second } = showings();

      daemon.spawn(throughTrustedClock);
      await daemon.up();
      await holdAll(first);
      await daemon.end("SIGKILL");
      daemon.spawn();
      await daemon.up();
      await holdAll(second);

      const all = [...first.flat(), ...second.flat()];
      const rowsOf = async (): Promise<readonly Row[]> => {
        const asked = await receiverCommand("sql", evidenceRows, "--json", "--socket", cloud.socket);
        return JSON.parse(asked.stdout) as readonly Row[];
      };
      const touchIds = async () => new Set((await rowsOf()).map(({ touch_id: id }) => id)).size;
      await until(async () => (await touchIds()) === all.length, {
        timeoutMs: 20_000,
        everyMs: 300,
        what: "the cloud",
      });
      const rows = await rowsOf();
      await daemon.end("SIGTERM");

      const entries = touchesIn(entriesIn(daemon.dataDir));
      for (const lane of [0, 1] as const) {
        const expected = [...first[lane], ...second[lane]];
        const seen = entries.filter(({ data }) => data.laneId === `0${lane + 1}`);
        expect(seen.map(({ data }) => shown(data))).toEqual(expected.map(({ shows }) => shows));
      }
      // In the cloud the same, evidence by evidence.
      for (const { id, data } of entries) {
        const of = rows.filter((row) => row.touch_id === id);
        expect(of.map((row) => inWords(row))).toEqual(shown(data));
      }
      const replays = rows.filter(({ doubt }) => doubt === "counter-replayed");
      expect(replays.map(({ counter, last_counter: last }) => `${counter} after ${last}`).toSorted()).toEqual([
        "5 after 5",
        "5 after 5",
        "7 after 8",
        "7 after 8",
      ]);
    });
  },
);

const evidenceRows = `SELECT e.touch_id, e.evidence_type AS type, e.tier, e.doubt, e.counter, e.last_counter
  FROM touch_evidence e JOIN touches t USING (touch_id) ORDER BY t.seq, e.evidence_number`;

interface Row {
  readonly touch_id: string;
  readonly type: string;
  readonly tier: Evidence["tier"];
  readonly doubt: string | null;
  readonly counter: number | null;
  readonly last_counter: number | null;
}
