import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { checkDigit } from "../../../../agent/core/gs1-check-digit.ts";
import { classify, type CodeRules } from "../../../../drivers/hid/codes/classify.ts";
import { readDigitalLink } from "../../../../drivers/hid/codes/digital-link.ts";
import { readElements, separator } from "../../../../drivers/hid/codes/gs1-elements.ts";
import { identifierFormat, knownIdentifiers } from "../../../../drivers/hid/codes/gs1-identifiers.ts";
import { expandUpcE, readGtin } from "../../../../drivers/hid/codes/gtin.ts";
import { withGtinCheck } from "../../../support/card-numbers.ts";

const none: CodeRules = { members: [], vouchers: [] };
const of = (text: string, symbology?: string, all: CodeRules = none) =>
  classify({ text, ...(symbology !== undefined && { symbology }) }, all);

describe("article numbers", () => {
  it.each([
    ["4006381333931", "]E0", "04006381333931"],
    ["96385074", "]E4", "00000096385074"],
    ["036000291452", undefined, "00036000291452"],
    ["0036000291452", "]E0", "00036000291452"],
    ["10614141000415", "]I1", "10614141000415"],
    ["04252614", "]E0", "00042100005264"],
    ["97712345600315", undefined, undefined],
    ["4006381333932", "]E0", undefined],
    ["4006381333931", "]C0", undefined],
    ["0000000000000", undefined, undefined],
    ["400638133393105", "]E3", "04006381333931"],
  ])("reads %s with symbology %s as %s", (text, symbology, gtin) => {
    expect(readGtin(text, symbology)).toBe(gtin);
  });

  it("expands the short form of UPC-E by its last digit", () => {
    const short = ["01234505", "01234514", "01234523", "01234531", "01234543", "01234558"];
    const body = (digits: string): string => expandUpcE(digits)?.slice(0, -1) ?? "";
    expect(short.map(body)).toEqual([
      "01200000345",
      "01210000345",
      "01220000345",
      "01230000045",
      "01234000005",
      "01234500005",
    ]);
    expect(expandUpcE("04252614")).toBe("042100005264");
    expect(expandUpcE("24252614")).toBeUndefined();
  });

  it("reads every number with its check digit, and none with another", () => {
    const digits = fc
      .constantFrom(7, 11, 12, 13)
      .chain((length) => fc.stringMatching(new RegExp(`^[2-9]\\d{${length - 1}}$`)));
    fc.assert(
      fc.property(digits, fc.integer({ min: 1, max: 9 }), (body, off) => {
        const right = withGtinCheck(body);
        expect(readGtin(right)).toBe(right.padStart(14, "0"));
        expect(right.at(-1)).toBe(checkDigit(body));
        expect(readGtin(body + String((Number(checkDigit(body)) + off) % 10))).toBeUndefined();
      }),
    );
  });
});

describe("GS1 element strings", () => {
  it("reads a GTIN, an expiry date, a batch and a serial number from GS1 DataMatrix", () => {
    const text = `01095011015300031714070410AB-123${separator}21456`;
    const elements = { "01": "09501101530003", "17": "140704", "10": "AB-123", "21": "456" };
    expect(of(text, "]d2")).toEqual({ kind: "gs1", elements, isDigitalLink: false });
    expect(of(separator + text)).toEqual({ kind: "gs1", elements, isDigitalLink: false });
    expect(of(text)).toEqual({ kind: "gs1", elements, isDigitalLink: false });
  });

  it("reads weight and price of a weighed article", () => {
    expect(of("0109501101530003310300107539221234", "]e0")).toMatchObject({
      elements: { "01": "09501101530003", "3103": "001075", "3922": "1234" },
    });
  });

  it("knows an SSCC without being told, by its check digit", () => {
    expect(of("00106141412345678908")).toMatchObject({ kind: "gs1", elements: { "00": "106141412345678908" } });
    expect(of("00106141412345678909").kind).toBe("other");
  });

  it.each([
    ["a check digit that is wrong", "0109501101530004"],
    ["a month of 13", "17141304"],
    ["an identifier that is not assigned", "0109501101530003891"],
    ["data that is too short", "010950110153"],
    ["a batch of more than 20 characters", `10${"1".repeat(21)}`],
    ["a character out of the set", "10AB é"],
    ["the same identifier with two values", `10A${separator}10B`],
    ["nothing", ""],
    ["more than 64 elements", `90A${separator}`.repeat(65)],
  ])("refuses %s", (_, text) => {
    expect(readElements(text)).toBeUndefined();
  });

  it("has no identifier that begins another", () => {
    const all = knownIdentifiers();
    expect(all.length).toBeGreaterThan(400);
    expect(all.filter((one) => all.some((other) => other !== one && other.startsWith(one)))).toEqual([]);
  });

  it("reads back any row of elements, with a separator where the length is not predefined", () => {
    const element = fc.constantFrom(...knownIdentifiers()).chain((identifier) => {
      const { components = [], isPredefined = false } = identifierFormat(identifier) ?? {};
      const parts = components.map(({ characters, maxLength, minLength, isChecked, isDate }) => {
        if (isDate) return fc.constant("290231");
        const body = fc.stringMatching(
          new RegExp(
            `^\\d{${isChecked ? maxLength - 1 : Math.max(1, minLength)},${isChecked ? maxLength - 1 : maxLength}}$`,
          ),
        );
        expect(characters.test("0")).toBe(true);
        return isChecked ? body.map((digits) => digits + checkDigit(digits)) : body;
      });
      return fc.tuple(...parts).map((values) => ({ identifier, value: values.join(""), isPredefined }));
    });
    const row = fc.uniqueArray(element, { minLength: 1, maxLength: 10, selector: ({ identifier }) => identifier });
    fc.assert(
      fc.property(row, (all) => {
        const text = all
          .map(({ identifier, value, isPredefined }) => identifier + value + (isPredefined ? "" : separator))
          .join("");
        const expected = Object.fromEntries(all.map(({ identifier, value }) => [identifier, value]));
        expect(readElements(text)).toEqual(expected);
        expect(readElements(text.endsWith(separator) ? text.slice(0, -1) : text)).toEqual(expected);
      }),
    );
  });

  it("takes a coupon's number for a voucher", () => {
    const gcn = `${withGtinCheck("950110153000")}1234`;
    expect(of(`255${gcn}${separator}3900100`, "]C1")).toEqual({ kind: "voucher", value: gcn });
    expect(of("81121061414165432131501101201", "]e0")).toEqual({ kind: "voucher", value: "1061414165432131501101201" });
  });
});

describe("GS1 Digital Link", () => {
  it.each([
    ["https://id.gs1.org/01/09506000134352", { "01": "09506000134352" }],
    [
      "https://example.com/shop/01/9506000134352/10/ABC/21/1%2F2?17=290101&utm=x",
      { "01": "09506000134352", "10": "ABC", "21": "1/2", "17": "290101" },
    ],
    ["HTTPS://ID.GS1.ORG/01/09506000134352", { "01": "09506000134352" }],
    ["https://id.gs1.org/414/9521321000018/254/32a", { "414": "9521321000018", "254": "32a" }],
  ])("reads %s", (uri, elements) => {
    expect(of(uri)).toEqual({ kind: "gs1", elements, isDigitalLink: true });
  });

  it.each([
    "https://example.com/01/09506000134353",
    "https://example.com/01/09506000134352/21/1/10/A",
    "https://example.com/8004/item",
    "https://example.com/01",
    "ftp://example.com/01/09506000134352",
    "https://example.com/%E0%A4%A/01/x",
    "https://",
  ])("refuses %s", (uri) => {
    expect(readDigitalLink(uri)).toBeUndefined();
  });
});
