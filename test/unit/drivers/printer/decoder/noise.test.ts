import { describe, expect, it } from "vitest";
import type { PrintDecoder, PrintEvent } from "../../../../../agent/core/print.ts";
import { CharsetCache } from "../../../../../drivers/printer/decoder/charset-cache.ts";
import { createPrintDecoder } from "../../../../../drivers/printer/decoder/print-decoder.ts";
import { printCnReceipt } from "../../../../../drivers/virtual/cn-receipt.ts";
import { makeSlip } from "../../../../../drivers/virtual/make-slip.ts";
import { SeededRandom } from "../../../../../drivers/virtual/random.ts";
import { printUsReceipt } from "../../../../../drivers/virtual/us-receipt.ts";
import { bytesOf } from "./decode-with.ts";

const ESC = 0x1b;
const GS = 0x1d;
const random = new SeededRandom(20_260_314);
const charsets = new CharsetCache();
const below = (n: number): number => random.between(0, n - 1);

const starReceipt = bytesOf(
  [ESC, "@", 0x18, ESC, GS, "t", 1, ESC, "i", 1, 1, "STAR SHOP\n", ESC, "i", 0, 0, ESC, GS, "a", 0],
  ["Apple                     1.00\nPear                      2.50\nTOTAL                     3.50\n"],
  [ESC, GS, "yD1", 0, 5, 0, "hello", ESC, GS, "yP", ESC, "b", 6, 2, 2, 60, "ABC123", 0x1e, ESC, "d", 1],
);

/** Good receipts, each of which begins with a reset. */
const receipts = [...Array.from({ length: 6 }, (_, number) => printed(number)), starReceipt];

function printed(number: number): Uint8Array {
  const layout = number % 2 === 0 ? "cn" : "us";
  const head = { retailStoreId: "0117", workstationId: "05", receiptNo: `000335${number}`, at: "2026-03-14T10:47:11" };
  const slip = makeSlip({ layout, kind: "sale", member: false, ...head }, random);
  return layout === "cn" ? printCnReceipt(slip) : printUsReceipt(slip);
}

const leads = [0x1b, 0x1d, 0x1c, 0x10, 0x1f, 0x1e, 0x07, 0x00];

/** What can stand on a line: plain noise, noise dense with commands, receipts with bytes changed, receipts cut short. */
const kinds: readonly (() => Uint8Array)[] = [
  () => Uint8Array.from({ length: 100 + below(3000) }, () => below(256)),
  () =>
    Uint8Array.from({ length: 100 + below(3000) }, () => (below(4) === 0 ? (leads[below(8)] ?? 0) : 32 + below(96))),
  () => oneOf(receipts).map((byte) => (below(25) === 0 ? below(256) : byte)),
  () => oneOf(receipts).subarray(0, below(1000)),
];

function oneOf(all: readonly Uint8Array[]): Uint8Array {
  return all[below(all.length)] ?? starReceipt;
}

/** What must be read of a receipt: its text lines, codes and cut. */
function essence(events: readonly PrintEvent[]): readonly string[] {
  return events.flatMap((event) => {
    if (event.type === "line") return event.text === "" ? [] : [event.text];
    if (event.type === "barcode" || event.type === "qr") return [event.data];
    return event.type === "cut" ? ["cut"] : [];
  });
}

function decoded(decoder: PrintDecoder, bytes: Uint8Array): readonly string[] {
  return essence([...decoder.feed(bytes), ...decoder.end()]);
}

describe("ten million bytes of noise", () => {
  it(
    "bring no exception, take bounded time and memory, and every good receipt after them is read",
    { timeout: 60_000 },
    () => {
      const expected = new Map(receipts.map((receipt) => [receipt, decoded(fresh(), receipt)]));
      const decoder = fresh();
      const before = process.memoryUsage().heapUsed;
      let fed = 0;
      for (let round = 0; fed < 10_000_000; round += 1) {
        const noise = kinds[round % kinds.length]?.() ?? starReceipt;
        decoder.feed(noise);
        decoder.end();
        const receipt = oneOf(receipts);
        if (round % 8 < 4) expect(decoded(decoder, receipt)).toEqual(expected.get(receipt));
        fed += noise.length;
      }
      expect(process.memoryUsage().heapUsed - before).toBeLessThan(96 * 1024 * 1024);
    },
  );

  it("cost a receipt that follows at once its first line at the most, nearly always", { timeout: 60_000 }, () => {
    let lost = 0;
    const rounds = 1000;
    for (let round = 0; round < rounds; round += 1) {
      const decoder = fresh();
      const receipt = oneOf(receipts);
      const whole = decoded(fresh(), receipt);
      const noise = kinds[round % kinds.length]?.() ?? starReceipt;
      const read = essence([...decoder.feed(noise), ...decoder.feed(receipt), ...decoder.end()]).slice(
        -whole.length + 1,
      );
      if (read.join("\n") !== whole.slice(1).join("\n")) lost += 1;
    }
    expect(lost / rounds).toBeLessThan(0.05);
  });
});

function fresh(): PrintDecoder {
  return createPrintDecoder({ startOffset: 0, charsets });
}
