import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { maskPans, PanRedactor, redactPans } from "../../../agent/receipts/pan.ts";
import { cardsIn } from "../../support/card-traces.ts";
import { plantedCards } from "../../support/planted-cards.ts";
import { withGtinCheck, withLuhn } from "../../support/card-numbers.ts";

const visa = withLuhn("411122233344455");
const bytesOf = (text: string): Uint8Array => Buffer.from(text, "latin1");
const textOf = (bytes: Uint8Array): string => Buffer.from(bytes).toString("latin1");

function redact(text: string): string {
  const redactor = new PanRedactor();
  return textOf(Buffer.concat([redactor.push(bytesOf(text)), redactor.flush()]));
}

const digits = (length: number): fc.Arbitrary<string> =>
  fc.array(fc.integer({ min: 0, max: 9 }), { minLength: length, maxLength: length }).map((all) => all.join(""));

/** Issuers with a length each, and the grouping their cards are embossed in. */
const issuers: readonly { name: string; prefix: string; length: number; groups: readonly number[] }[] = [
  { name: "Visa", prefix: "4", length: 16, groups: [4, 4, 4, 4] },
  { name: "Visa of 19", prefix: "4", length: 19, groups: [4, 4, 4, 4, 3] },
  { name: "Mastercard", prefix: "53", length: 16, groups: [4, 4, 4, 4] },
  { name: "Mastercard 2-series", prefix: "2221", length: 16, groups: [4, 4, 4, 4] },
  { name: "American Express", prefix: "37", length: 15, groups: [4, 6, 5] },
  { name: "Discover", prefix: "6011", length: 16, groups: [4, 4, 4, 4] },
  { name: "UnionPay", prefix: "6222", length: 19, groups: [6, 13] },
  { name: "UnionPay 81", prefix: "8110", length: 16, groups: [4, 4, 4, 4] },
  { name: "JCB", prefix: "3530", length: 16, groups: [4, 4, 4, 4] },
  { name: "Maestro", prefix: "6759", length: 18, groups: [4, 4, 4, 4, 2] },
  { name: "Mir", prefix: "2200", length: 16, groups: [4, 4, 4, 4] },
];

describe("PanRedactor", () => {
  describe.each(issuers)("$name", ({ prefix, length, groups }) => {
    const number = digits(length - prefix.length - 1).map((rest) => withLuhn(prefix + rest));
    const grouped = (pan: string, separator: string): string => {
      let at = 0;
      return groups.map((size) => pan.slice(at, (at += size))).join(separator);
    };

    // A short number before a line end and 12 to 14 digits after it are taken for an article on the next line if they are a GTIN.
    const firstCut = Math.min(8, Math.max(2, length - 11));

    it("masks it bare, with blanks, with hyphens and over a line end", () => {
      fc.assert(
        fc.property(number, fc.integer({ min: firstCut, max: length - 1 }), (pan, cut) => {
          const forms = [pan, grouped(pan, " "), grouped(pan, "-"), `${pan.slice(0, cut)}\n${pan.slice(cut)}`];
          for (const form of forms) {
            const masked = redact(`ACCT ${form} OK`);
            expect(masked).toHaveLength(form.length + 8);
            expect(masked.replace(/\D/g, "")).toBe(pan.slice(-4));
          }
        }),
        { numRuns: 50 },
      );
    });
  });

  it("masks a number that style commands, padding and a line end break up", () => {
    const broken = `${visa.slice(0, 10)}   \r\n\x1d!\x00\x1bE\x00\x1ba\x00${visa.slice(10)}`;
    expect(redact(broken).replace(/[^0-9]/g, "")).toBe(visa.slice(-4));
    expect(redact(`\x1b!0${visa}`)).toBe(`\x1b!0${"*".repeat(12)}${visa.slice(-4)}`);
  });

  it("masks a number in track 2 data, in a QR payload and next to letters", () => {
    expect(redact(`;${visa}=30122010000?`)).toBe(`;************${visa.slice(-4)}=***********?`);
    expect(redact(`%B${visa}^DOE/J^30122010?`)).toBe(`%B************${visa.slice(-4)}^*****^********?`);
    expect(redact(`https://pay.example/?a=1&c=${visa}&x`)).not.toContain(visa);
    expect(redact(`A${visa}B`)).not.toContain(visa);
  });

  it("leaves runs of more than 19 digits alone even when a card number stands in them", () => {
    const trade = `4200${visa}20260314`;
    expect(redact(trade)).toBe(trade);
  });

  it("leaves article numbers, trade numbers, member numbers and masked numbers alone", () => {
    const gtin = fc.integer({ min: 11, max: 13 }).chain((length) => digits(length).map(withGtinCheck));
    const trade = fc.oneof(
      digits(24).map((rest) => `4200${rest}`),
      digits(20).map((rest) => `20260314${rest}`),
    );
    const member = digits(5).map((rest) => `6000021${rest}`);
    const line = fc.oneof(
      gtin.map((code) => `${code}             3.50       2      7.00`),
      fc.tuple(gtin, digits(1)).map(([code, count]) => `name ${count}\n${code}`),
      fc.tuple(gtin, digits(4)).map(([code, number]) => `TR# ${number}\n${code}  1.00`),
      fc.tuple(gtin, digits(3)).map(([code, amount]) => `1,${amount}\n${code}`),
      gtin.map((code) => `   3.49\n\r${code}`),
      trade.map((number) => `ref:${number}`),
      fc.tuple(member, digits(4)).map(([number, time]) => `member:${number} 2026-03-14 ${time}`),
      digits(4).map((rest) => `****-****-****-${rest}`),
      digits(4).map((rest) => `138****${rest}`),
    );
    fc.assert(
      fc.property(fc.array(line, { maxLength: 6 }), (lines) => {
        const text = lines.join("\n\n");
        expect(redact(text)).toBe(text);
      }),
      { numRuns: 1000 },
    );
  });

  it("gives the same bytes for any split, never changes the length and holds back less than 2 KiB", () => {
    const piece = fc.oneof(
      digits(15).map((rest) => withLuhn(`4${rest.slice(1)}`)),
      fc.integer({ min: 0, max: 20 }).chain(digits),
      fc.constantFrom(" ", "-", "\n", "\r\n", ".", "x", "\x1b", "\x1bE\x01", "\x1b!0", "  ", "\n\n", ":"),
      fc.string({ maxLength: 6 }),
      fc.constantFrom(
        "\xa3\xb4",
        "\x82\x53",
        "\xef\xbc\x94",
        "\xef\xbc",
        "\xa0",
        "\xe2\x80\x91",
        "%20",
        "\t",
        ".",
        "*",
        "/",
      ),
      fc.constantFrom(
        ";",
        "=",
        "%B",
        "^",
        "D",
        "?",
        "000",
        "4200",
        "20260314",
        "card ",
        "\x10\x04\x01",
        "\x1b$\x31\x01",
      ),
      fc.constantFrom("\x1dkI\x08{C", "\x1dv0\0\x02\0\x04\0", "\x1d(k\x08\x001P0", "\x1b\x1dt\x01", "\x1d8L", "\x1c&"),
      fc.uint8Array({ maxLength: 5 }).map((bytes) => textOf(bytes)),
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 12 }), fc.array(fc.integer({ min: 1, max: 9 })), (pieces, sizes) => {
        const bytes = bytesOf(pieces.join(""));
        const redactor = new PanRedactor();
        const out: Uint8Array[] = [];
        let [fed, given] = [0, 0];
        for (let i = 0; fed < bytes.length; i += 1) {
          const chunk = bytes.subarray(fed, fed + (sizes[i] ?? 7));
          fed += chunk.length;
          const part = redactor.push(chunk);
          given += part.length;
          expect(fed - given).toBeLessThan(2048);
          out.push(part);
        }
        out.push(redactor.flush());
        expect(textOf(Buffer.concat(out))).toBe(redact(textOf(bytes)));
        expect(Buffer.concat(out)).toHaveLength(bytes.length);
      }),
      { numRuns: 4000 },
    );
  });

  it("masks a number at the end whatever short number stands on the line before it", () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 999 }), (number) => {
        expect(redact(`LANE ${number}\n${visa}`)).toBe(`LANE ${number}\n${"*".repeat(12)}${visa.slice(-4)}`);
      }),
    );
  });

  it("does not touch the bytes it was given", () => {
    const bytes = bytesOf(visa);
    new PanRedactor().push(bytes);
    expect(textOf(bytes)).toBe(visa);
  });

  it("holds nothing back behind a cut", () => {
    const job = bytesOf(`TOTAL 12.00\n${visa}\n\x1dV\x01`);
    expect(new PanRedactor().push(job)).toHaveLength(job.length);
  });
});

describe("planted card numbers", () => {
  const cards = plantedCards();

  it("are in 50 forms and more, and the search for them finds each", () => {
    expect(cards.length).toBeGreaterThanOrEqual(50);
    expect(new Set(cards.map(({ pan }) => pan.slice(0, 12))).size).toBe(cards.length);
    expect(cards.filter((card) => cardsIn(card.bytes, [card]).length === 0).map(({ form }) => form)).toEqual([]);
  });

  it.each(cards)("leave no trace: $form", (card) => {
    const job = Buffer.concat([bytesOf("No 4711 12.50\n"), card.bytes, bytesOf("\nTOTAL 12.50\n\n\x1dV\x01")]);
    const whole = Buffer.from(redactPans(job));
    expect(whole).toHaveLength(job.length);
    expect(cardsIn(whole, [card])).toEqual([]);
    const redactor = new PanRedactor();
    const single = [...job].map((byte) => redactor.push(Uint8Array.of(byte)));
    expect(textOf(Buffer.concat([...single, redactor.flush()]))).toBe(textOf(whole));
  });

  it("leave no trace when the line falls silent inside them", () => {
    const whole: string[] = [];
    for (const card of cards) {
      for (let cut = 1; cut < card.bytes.length; cut += 1) {
        const redactor = new PanRedactor();
        const parts = [
          redactor.push(card.bytes.subarray(0, cut)),
          redactor.flush(),
          redactor.push(card.bytes.subarray(cut)),
        ];
        const all = Buffer.concat([...parts, redactor.push(bytesOf("\n\n")), redactor.flush()]);
        if (textOf(all).replace(/\D/g, "").includes(card.pan)) whole.push(`${card.form} at ${cut}`);
      }
    }
    expect(whole).toEqual([]);
  });
});

describe("maskPans", () => {
  it("masks full-width digits and leaves everything else of the text as it was", () => {
    const wide = [...visa].map((digit) => String.fromCharCode(digit.charCodeAt(0) + 0xfee0)).join("");
    expect(maskPans(`卡号:${wide} 谢谢`)).toBe(`卡号:${"*".repeat(12)}${wide.slice(-4)} 谢谢`);
    expect(maskPans("应收 92.01 ￥")).toBe("应收 92.01 ￥");
  });
});
