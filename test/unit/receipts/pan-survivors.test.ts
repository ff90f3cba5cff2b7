import { existsSync, globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { PanRedactor, redactPans } from "../../../agent/receipts/pan.ts";
import { doubtfulKinds, harmlessKinds } from "../../support/harmless-numbers.ts";

const each = 10_000;

/** How many of the numbers do not come through as they were, each between lines of its own. */
function altered(next: () => string): readonly string[] {
  return Array.from({ length: each }, next).filter((number) => {
    const bytes = Buffer.from(`TOTAL 12.50\n${number}\n\nTHANK YOU\n`, "latin1");
    return !Buffer.from(redactPans(bytes)).equals(bytes);
  });
}

describe("numbers that are no card numbers", { timeout: 60_000 }, () => {
  it.each(harmlessKinds(20_260_314))("survive, 10,000 of them: $kind", ({ next }) => {
    expect(altered(next)).toEqual([]);
  });

  it("are masked only as often as chance makes card numbers of them", () => {
    const shares = doubtfulKinds(20_260_314).map(({ kind, next }) => ({ kind, masked: altered(next).length / each }));
    // The figures of docs/privacy.md.
    process.stdout.write(shares.map(({ kind, masked }) => `${kind}: ${(masked * 100).toFixed(2)} % masked\n`).join(""));
    for (const { kind, masked } of shares) expect(masked, kind).toBeLessThan(kind.includes("Luhn") ? 0.3 : 0.07);
  });
});

describe("masking", () => {
  it("is far faster than any line", () => {
    const kinds = harmlessKinds(1);
    const slips = Array.from({ length: 200 }, () =>
      kinds.map(({ next }) => `Milk 1 l   2 x 0.99   1.98\n${next()}\n`).join("\n"),
    );
    const bytes = Buffer.from(slips.join("\x1dV\x01"), "latin1");
    const from = performance.now();
    const redactor = new PanRedactor();
    for (let at = 0; at < bytes.length; at += 4096) redactor.push(bytes.subarray(at, at + 4096));
    const rate = bytes.length / 1000 / (performance.now() - from);
    process.stdout.write(`${rate.toFixed(1)} MB/s, nothing but numbers\n`);
    // A serial line at 115,200 baud carries 0.0115 MB/s, a printer on a network well under 1.
    expect(rate).toBeGreaterThan(0.1);
  });
});

const shared = join(import.meta.dirname, "../../../../shared/receipts");

describe.skipIf(!existsSync(shared))("streams in ../shared (skipped where ../shared is absent)", () => {
  it("come through as they are: no card number is in them", () => {
    const streams = globSync("*/*.bin", { cwd: shared });
    expect(streams.length).toBeGreaterThan(50);
    const changed = streams.filter((name) => {
      const bytes = readFileSync(join(shared, name));
      return !bytes.equals(redactPans(bytes));
    });
    expect(changed).toEqual([]);
  });
});

describe("pictures", () => {
  it("stay as they are, card numbers among their pixels or not", () => {
    const pixels = Buffer.alloc(4096, 0x55);
    pixels.set(Buffer.from(`4${"0".repeat(14)}2`), 100);
    pixels.set(Buffer.from(`4${"0".repeat(14)}2`), 4080);
    const raster = Buffer.concat([Buffer.from("1d76300040004000", "hex"), pixels]);
    const graphics = Buffer.concat([Buffer.from("1d384c0a10000030703001010100024000", "hex"), pixels]);
    const columns = Buffer.concat([Buffer.from("1b2a210004", "hex"), pixels.subarray(0, 3072)]);
    const job = Buffer.concat([raster, graphics, Buffer.from("\x1d(L\x02\x0002"), columns, Buffer.from("\n")]);
    expect(Buffer.from(redactPans(job)).equals(job)).toBe(true);
  });

  it("that were cut short hide no card number in the lines after them", () => {
    const cut = Buffer.concat([Buffer.from("1d76300040004000", "hex"), Buffer.alloc(500, 0x55)]);
    const job = Buffer.concat([cut, Buffer.from(`STORE 0117\nLANE 05 CASHIER 3\n4${"0".repeat(14)}2\n`)]);
    expect(Buffer.from(redactPans(job)).toString("latin1")).toContain(`\n${"*".repeat(12)}0002\n`);
  });
});
