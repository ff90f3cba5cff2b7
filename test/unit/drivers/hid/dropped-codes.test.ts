import { existsSync, readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { holdsCardNumber, isCardNumber, mayBeCardNumber } from "../../../../drivers/hid/codes/card-number.ts";
import { classify, type CodeRules } from "../../../../drivers/hid/codes/classify.ts";
import { paymentScheme } from "../../../../drivers/hid/codes/payment-code.ts";
import { withGtinCheck, withLuhn } from "../../../support/card-numbers.ts";

const none: CodeRules = { members: [], vouchers: [] };
const of = (text: string, symbology?: string, all: CodeRules = none) =>
  classify({ text, ...(symbology !== undefined && { symbology }) }, all);

const vectorFile = new URL("../../../../../shared/vectors/payment-codes.json", import.meta.url);
const hasVectors = existsSync(vectorFile);
const examples = hasVectors
  ? (JSON.parse(readFileSync(vectorFile, "utf8")) as { examples: { code: string; kind: string }[] }).examples
  : [];

describe("codes whose value stays in the driver", () => {
  it.each([
    ["136731678237198135", "wechat"],
    ["132627763299749640", "wechat"],
    ["283971647685282846", "alipay"],
    ["6212345678901234567", "unionpay"],
  ])("drops the payment code %s", (code, scheme) => {
    expect(of(code, "]C0")).toEqual({ kind: "payment", scheme });
    expect(of(code)).toEqual({ kind: "payment", scheme });
  });

  it.skipIf(!hasVectors)(
    `drops the payment codes of public code${hasVectors ? "" : " (skipped: no ../shared/vectors)"}`,
    () => {
      expect(examples.length).toBeGreaterThan(0);
      for (const { code, kind } of examples) expect(of(code)).toEqual({ kind: "payment", scheme: kind });
    },
  );

  it("never hands out any text that has the form of a payment code, unless the store says it is a member's", () => {
    const wallets = fc.oneof(
      fc.stringMatching(/^1[0-5]\d{16}$/),
      fc.stringMatching(/^(?:2[5-9]|30)\d{14,22}$/),
      fc.stringMatching(/^62\d{17}$/),
    );
    const symbology = fc.constantFrom(undefined, "]C0", "]Q0", "]Q1", "]A0");
    fc.assert(
      fc.property(wallets, symbology, (code, carrier) => {
        expect(paymentScheme(code)).toBeDefined();
        expect(JSON.stringify(of(code, carrier))).not.toContain(code);
      }),
    );
  });

  const card = fc
    .tuple(fc.constantFrom("4", "51", "2221", "6011", "6212", "3528", "2200"), fc.stringMatching(/^\d{16}$/))
    .map(([begin, digits]) => withLuhn((begin + digits).slice(0, 15)));
  const everything: CodeRules = {
    members: [{ programme: "all", maxLength: 64, characters: "alphanumeric" }],
    vouchers: [{ maxLength: 64, characters: "alphanumeric" }],
  };

  it("never hands out a card number, alone, in groups or within text, whatever is configured", () => {
    const written = fc.constantFrom(
      (digits: string) => digits,
      (digits: string) => (digits.match(/.{1,4}/g) ?? []).join(" "),
      (digits: string) => (digits.match(/.{1,4}/g) ?? []).join("-"),
      (digits: string) => `card=${digits};`,
      (digits: string) => `A${digits}`,
      (digits: string) => `${digits}-X`,
      (digits: string) => `No 12 ${(digits.match(/.{1,4}/g) ?? []).join(" ")} 7`,
      (digits: string) => `https://pay.example/?pan=${digits}`,
      (digits: string) => digits.replaceAll(/\d/g, (digit) => String.fromCodePoint(0xff10 + Number(digit))),
    );
    fc.assert(
      fc.property(card, written, fc.constantFrom(none, everything), (digits, write, all) => {
        const kind = of(write(digits), undefined, all);
        expect(["payment-card", "payment"]).toContain(kind.kind);
        expect(Object.keys(kind)).not.toContain("value");
      }),
    );
  });

  it("keeps a member number that has a letter of the store in front", () => {
    const members = [{ programme: "club", prefix: "M", length: 17 }];
    const number = `M${withLuhn("411111111111111")}`;
    expect(of(number, undefined, { members, vouchers: [] })).toEqual({
      kind: "member",
      programme: "club",
      value: number,
    });
    expect(of(number)).toEqual({ kind: "payment-card" });
  });

  it("never hands out a card number that stands in an element of companies' own", () => {
    fc.assert(fc.property(card, (digits) => of(`91${digits}`, "]C1").kind === "payment-card"));
  });

  it("takes an article number of 13 digits for one, even where a card number looks the same", () => {
    fc.assert(
      fc.property(fc.stringMatching(/^4\d{11}$/), (body) => {
        expect(of(withGtinCheck(body)).kind).toBe("gtin");
      }),
    );
  });

  it("says which prefixes of a programme run into card numbers", () => {
    expect(mayBeCardNumber("62", { min: 16, max: 16 })).toBe(true);
    expect(mayBeCardNumber("", { min: 16, max: 16 })).toBe(true);
    expect(mayBeCardNumber("62", { min: 12, max: 12 })).toBe(false);
    expect(mayBeCardNumber("29", { min: 13, max: 13 })).toBe(false);
    expect(mayBeCardNumber("9280001", { min: 16, max: 16 })).toBe(false);
    expect(mayBeCardNumber("M4", { min: 16, max: 16 })).toBe(false);
    expect(holdsCardNumber("4006381333931")).toBe(isCardNumber("4006381333931"));
  });
});
