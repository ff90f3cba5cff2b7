import { checkDigit } from "../../../../agent/core/gs1-check-digit.ts";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { classify, type CodeRules } from "../../../../drivers/hid/codes/classify.ts";
import { fitsPattern } from "../../../../drivers/hid/codes/code-patterns.ts";
import { codeText, trimmed } from "../../../../drivers/hid/codes/code-text.ts";
import { withGtinCheck } from "../../../support/card-numbers.ts";

const none: CodeRules = { members: [], vouchers: [] };
const rules: CodeRules = {
  members: [
    { programme: "club", prefix: "29", length: 13 },
    { programme: "staff", prefix: "S", minLength: 4, maxLength: 10, characters: "alphanumeric" },
    { programme: "long", prefix: "12", length: 18 },
  ],
  vouchers: [{ prefix: "GUT", length: 12, characters: "alphanumeric" }],
};
const of = (text: string, symbology?: string, all: CodeRules = none) =>
  classify({ text, ...(symbology !== undefined && { symbology }) }, all);

describe("codes of the store's own", () => {
  it("knows members by prefix, length and characters, before article numbers", () => {
    const number = withGtinCheck("290000123456");
    expect(of(number, "]E0", rules)).toEqual({ kind: "member", programme: "club", value: number });
    expect(of(number, "]E0")).toMatchObject({ kind: "gtin" });
    expect(of("S12-AB", undefined, rules)).toEqual({ kind: "member", programme: "staff", value: "S12-AB" });
    expect(of("S1", undefined, rules)).toMatchObject({ kind: "other" });
  });

  it("lets no digits that a wallet's payment code may be pass for a member, however they are written", () => {
    const number = "123456789012345678";
    const every: CodeRules = { members: [{ programme: "all", maxLength: 64 }], vouchers: [] };
    for (const written of [number, number.replace(/(.{4})/g, "$1 "), `${number.slice(0, 6)}-${number.slice(6)}`])
      expect(of(written, "]C0", every)).toEqual({ kind: "payment", scheme: "wechat" });
    const lettered: CodeRules = { members: [{ programme: "club", prefix: "M" }], vouchers: [] };
    expect(of(`M${number}`, "]C0", lettered)).toMatchObject({ kind: "member", programme: "club" });
  });

  it.each(["constructor", "toString", "__proto__", "hasOwnProperty", "valueOf"])(
    "takes https://x/%s/a/b/c for an address like any other",
    (word) => {
      expect(of(`https://x/${word}/a/b/c`)).toMatchObject({ kind: "other" });
      expect(of(`https://x/01/09501101530003?${word}=1`)).toMatchObject({ kind: "gs1" });
    },
  );

  it("keeps of element strings what speaks of articles, and nothing of people, accounts or cards", () => {
    const person = "95011015300030000";
    const delivery = "4301ZHANG_SAN\u001d4308+8613800000000";
    const text = `0109501101530003\u001d10LOT7\u001d${delivery}\u001d8018${person}${checkDigit(person)}`;
    expect(of(text, "]C1")).toEqual({
      kind: "gs1",
      elements: { "01": "09501101530003", "10": "LOT7" },
      isDigitalLink: false,
    });
  });

  it("lets no pattern of the store make a member of an element string", () => {
    const every: CodeRules = {
      members: [{ programme: "all", maxLength: 64, characters: "alphanumeric" }],
      vouchers: [],
    };
    expect(of("0109501101530003", "]C1", every)).toMatchObject({ kind: "gs1" });
  });

  it("knows vouchers", () => {
    expect(of("GUT123456789", "]C0", rules)).toEqual({ kind: "voucher", value: "GUT123456789" });
  });

  it("prefers the longer prefix", () => {
    const members = [
      { programme: "a", prefix: "9", length: 6 },
      { programme: "b", prefix: "99", length: 6 },
    ];
    expect(of("991234", undefined, { members, vouchers: [] })).toMatchObject({ programme: "b" });
  });

  it("takes at least one character after the prefix, and at most 64, where no length is set", () => {
    expect(fitsPattern("99", { prefix: "99" })).toBe(false);
    expect(fitsPattern("990", { prefix: "99" })).toBe(true);
    expect(fitsPattern("9".repeat(65), { prefix: "99" })).toBe(false);
  });
});

describe("codes of invoices", () => {
  it.each([
    ["01,04,033001900104,12345678,88.50,20260314,12345678901234567890,ABCD,", "fapiao", "03300190010412345678"],
    ["01,32,,26312000000012345678,113.00,20260314,,A1B2", "fapiao", "26312000000012345678"],
    [
      "_R1-AT1_REGISTER-7_4711_2026-03-14T11:22:33_1,00_0,00_0,00_0,00_0,00_abc=_1f_def=_ghi=",
      "rksv",
      "REGISTER-7_4711",
    ],
    [
      "V0;955002-00;Kassenbeleg-V1;Beleg^75.33_7.99_0.00_0.00_0.00^10.00:Bar;18;112;2026-03-14T10:22:33.000Z;x;y;z",
      "tse",
      "955002-00;18",
    ],
    [
      "A:123456789*B:999999990*C:PT*D:FS*E:N*F:20260314*G:FS CDVF/12345*H:CDF7T5HD-12345*I1:PT*N:1.00",
      "atcud",
      "CDF7T5HD-12345",
    ],
  ])("reads %s", (text, scheme, number) => {
    expect(of(text, "]Q0")).toEqual({ kind: "invoice", scheme, number });
  });

  it("takes a link to an invoicing service for what it is", () => {
    expect(of("https://inv.example.cn/i?x=1")).toEqual({ kind: "other", value: "https://inv.example.cn/i?x=1" });
  });
});

describe("texts of codes", () => {
  const bytes = (hex: string): Uint8Array => Buffer.from(hex, "hex");

  it("reads UTF-8, GB 18030 and bytes", () => {
    expect(codeText(Buffer.from("会员123", "utf8"), undefined).text).toBe("会员123");
    expect(codeText(bytes("bbe1d4b1313233"), undefined).text).toBe("会员123");
    expect(codeText(bytes("ff41"), undefined).text).toBe("ÿA");
  });

  it("takes off the scanner's suffix and reads the identifier in front", () => {
    expect(trimmed("]C1010950110153000310A\r\n", undefined)).toEqual({ text: "010950110153000310A", symbology: "]C1" });
    expect(trimmed("]C110AB", "]C1")).toEqual({ text: "10AB", symbology: "]C1" });
    expect(trimmed("4006381333931\r", "]E0")).toEqual({ text: "4006381333931", symbology: "]E0" });
  });

  it("classifies any text without throwing, and keeps all of what is nothing else", () => {
    const symbology = fc.constantFrom(undefined, "]C1", "]E0", "]Q3", "]Q0");
    fc.assert(
      fc.property(
        fc.string({ unit: fc.nat(0xffff).map((code) => String.fromCharCode(code)), maxLength: 200 }),
        symbology,
        (text, carrier) => {
          const code = of(text, carrier, rules);
          if (code.kind === "other") expect(code.value).toBe(text);
        },
      ),
    );
  });

  it("takes no longer for text made to be slow", () => {
    const texts = [
      "1".repeat(8192),
      "1 ".repeat(4096),
      "4111 ".repeat(1638),
      `https://e/${"01/".repeat(600)}`,
      ",".repeat(2048),
    ];
    const began = process.hrtime.bigint();
    for (const text of texts) of(text, undefined, rules);
    expect(Number(process.hrtime.bigint() - began) / 1e6).toBeLessThan(500);
  });
});
