import { setTimeout as delay } from "node:timers/promises";
import { expect, test } from "vitest";
import type { Receipt } from "../../agent/control/control-source.ts";
import { freePorts } from "../support/free-port.ts";
import { LoneDaemon } from "../support/lone-daemon.ts";
import { PaperPrinter } from "../support/paper-printer.ts";
import { PosSocket } from "../support/pos-socket.ts";
import { slip, slipText } from "../support/slip.ts";
import { TempFolder } from "../support/temp-folder.ts";
import { until } from "../support/until.ts";

/** A short receipt with every run; a longer one: STORELOOP_LOAVES=80 npm test -- test/e2e/kill-at-every-byte.test.ts */
const loaves = Number(process.env["STORELOOP_LOAVES"] ?? 1);

/** Status of the paper, answered in print order: everything before it is on disk. */
const isItSafe = Buffer.of(0x1d, 0x72, 0x01);

const numberOf = (cut: number): string => String(cut).padStart(4, "0");
const receiptOf = (cut: number): Buffer => slip(numberOf(cut), loaves);
const length = receiptOf(0).length;

/** One till and the byte of its receipt at which the daemon is to die. */
interface Place {
  readonly id: string;
  readonly port: number;
  readonly cut: number;
}

/** Tills that print at once: one kill meets each of them at another byte. */
interface Tills {
  readonly ids: readonly string[];
  readonly ports: readonly number[];
}

async function someTills(count: number): Promise<Tills> {
  const ids = Array.from({ length: count }, (_, index) => String(index + 1).padStart(2, "0"));
  return { ids, ports: await freePorts(count) };
}

/** Every byte of the receipt, as many at a time as there are tills. */
function rounds({ ids, ports }: Tills): readonly (readonly Place[])[] {
  const cuts = Array.from({ length: length + 1 }, (_, cut) => cut);
  return Array.from({ length: Math.ceil(cuts.length / ids.length) }, (_, round) =>
    cuts
      .slice(round * ids.length, (round + 1) * ids.length)
      .map((cut, index) => ({ id: ids[index] ?? "", port: ports[index] ?? 0, cut })),
  );
}

/** Where the text of a receipt is; between commands a printer sees a question for what it is. */
const isInText = (cut: number): boolean => cut >= 2 && cut <= length - 4;

/** How long the daemon is given where it cannot be asked. What is tested is that it does not matter. */
const momentMs = 20;

/** Prints the first part of a receipt; resolves when the daemon says that it is on disk, as far as it can be asked. */
async function begin(pos: PosSocket, { cut }: Place): Promise<void> {
  await pos.send(Buffer.concat([receiptOf(cut).subarray(0, cut), isInText(cut) ? isItSafe : Buffer.alloc(0)]));
  if (isInText(cut)) await until(() => pos.received.length === 1, { everyMs: 2 });
  else await delay(momentMs);
}

const textOf = ({ lines }: Receipt): string => lines.join("\n");

/** What the ledger says of the receipt that was cut, checked against the paper. */
function expectOnce(all: readonly Receipt[], place: Place): readonly Receipt[] {
  const text = slipText(numberOf(place.cut), loaves);
  const ofTill = all.filter(({ laneId }) => laneId === place.id);
  const whole = ofTill.filter((receipt) => receipt.status === "completed" && textOf(receipt) === text);
  expect(whole, `cut at ${place.cut}`).toMatchObject([
    {
      kind: "sale",
      sequenceNumber: numberOf(place.cut),
      totalMinor: loaves * 250,
      reconciliation: { state: "reconciled" },
    },
  ]);
  return ofTill.filter((receipt) => receipt !== whole[0]);
}

const lanesOf = ({ ids, ports }: Tills, printers?: readonly PaperPrinter[]): string =>
  ids
    .map((id, index) => {
      const forward = printers === undefined ? "" : `, forwardTo: "127.0.0.1:${printers[index]?.port}"`;
      return `  - id: "${id}"
    devices: [{ id: till-${id}, type: printer-tcp, listen: "127.0.0.1:${ports[index]}"${forward} }]`;
    })
    .join("\n");

/** What was recorded since. */
async function recordedSince(daemon: LoneDaemon, seq: number): Promise<readonly Receipt[]> {
  return (await daemon.receipts()).filter((receipt) => receipt.seq > seq);
}

const lastSeq = async (daemon: LoneDaemon): Promise<number> => (await daemon.receipts()).at(-1)?.seq ?? 0;

test(
  "a receipt that the daemon took as the printer is there once, and its first part flagged, after kill -9 at every byte",
  async () => {
    using folder = new TempFolder();
    const tills = await someTills(16);
    await using daemon = new LoneDaemon(folder.path, lanesOf(tills));
    await daemon.start();
    for (const places of rounds(tills)) {
      const before = await lastSeq(daemon);
      const killed = await Promise.all(places.map(({ port }) => PosSocket.connect(port)));
      await Promise.all(killed.map((pos, index) => begin(pos, places[index]!)));
      await daemon.end("SIGKILL");
      for (const pos of killed) pos[Symbol.dispose]();
      await daemon.start();
      // A POS that was not told that its receipt is safe prints it again.
      await Promise.all(
        places.map(async ({ port, cut }) => {
          using pos = await PosSocket.connect(port);
          await pos.send(Buffer.concat([receiptOf(cut), isItSafe]));
          await until(() => pos.received.length === 1, { everyMs: 2 });
        }),
      );
      const fresh = await recordedSince(daemon, before);
      for (const place of places) {
        const [fragment, ...more] = expectOnce(fresh, place);
        expect(more).toEqual([]);
        expectFlagged(fragment, place);
      }
    }
  },
  60_000 + length * 2_000,
);

/** The first part of a receipt is what was printed of it, and flagged; once its last line is there it may be the receipt itself. */
function expectFlagged(fragment: Receipt | undefined, { cut }: Place): void {
  const hasText = cut > 2;
  const hasAllText = cut >= length - 4;
  if (fragment === undefined) return expect(hasText && !hasAllText, `cut at ${cut}`).toBe(false);
  const printed = slipText(numberOf(cut), loaves).slice(0, Math.max(0, cut - 2));
  expect(fragment.status, `cut at ${cut}`).toBe("truncated");
  // Where the daemon could not be asked it may have been killed before the last bytes came.
  if (isInText(cut)) expect(textOf(fragment), `cut at ${cut}`).toBe(printed.trimEnd());
  else expect(printed.startsWith(textOf(fragment)), `cut at ${cut}`).toBe(true);
}

test(
  "a receipt that goes through to its printer is there once and whole after kill -9 at every byte",
  async () => {
    await using stack = new AsyncDisposableStack();
    const folder = stack.use(new TempFolder());
    const printers = await Promise.all(Array.from({ length: 12 }, async () => stack.use(await PaperPrinter.on())));
    const tills = await someTills(printers.length);
    const daemon = stack.use(new LoneDaemon(folder.path, lanesOf(tills, printers)));
    await daemon.start();
    const lines = await Promise.all(tills.ports.map(async (port) => stack.use(await PosSocket.connect(port))));
    for (const places of rounds(tills)) {
      const before = await lastSeq(daemon);
      const papers = printers.map(({ printed }) => printed.length);
      await Promise.all(places.map(({ cut }, index) => lines[index]!.send(receiptOf(cut).subarray(0, cut))));
      await until(() => places.every(({ cut }, index) => printed(index, papers) >= cut), { everyMs: 1 });
      await daemon.end("SIGKILL");
      // Neither the POS nor the printer notices anything.
      await Promise.all(places.map(({ cut }, index) => lines[index]!.send(receiptOf(cut).subarray(cut))));
      await until(() => places.every((_, index) => printed(index, papers) === length), { everyMs: 1 });
      await daemon.start();
      await until(async () => (await recordedSince(daemon, before)).length >= places.length);
      const fresh = await recordedSince(daemon, before);
      for (const place of places) expect(expectOnce(fresh, place)).toEqual([]);
    }
    function printed(index: number, papers: readonly number[]): number {
      return (printers[index]?.printed.length ?? 0) - (papers[index] ?? 0);
    }
  },
  60_000 + length * 2_000,
);
