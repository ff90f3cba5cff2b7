import { describe, expect, it } from "vitest";
import { schema } from "../../../../../config/schema.ts";
import { codePageMakers } from "../../../../../drivers/printer/decoder/code-pages.ts";
import { bytesOf, eventsOf, linesOf } from "./decode-with.ts";

const ESC = 0x1b;
const printed = (options: Parameters<typeof eventsOf>[1], ...bytes: readonly (string | number)[]): string =>
  linesOf(eventsOf(bytesOf(...bytes, "\n"), options)).join("\n");

describe("code pages", () => {
  it("differ by maker for the same number", () => {
    const page = (n: number): readonly (string | number)[] => [ESC, "t", n, 0xd0, 0xd1];
    expect(printed({ codePages: "pos-5890" }, ...page(23))).toBe("РС");
    expect(printed({ codePages: "pos-5890" }, ...page(6))).toBe("ÐÑ");
    expect(printed({ codePages: "citizen" }, ...page(6))).toBe("đĐ");
    expect(printed({ codePages: "bixolon" }, ...page(28))).toBe("РС");
    expect(printed({ codePages: "epson" }, ...page(46))).toBe("РС");
    expect(printed({}, ...page(46))).toBe("РС");
  });

  it("are there that iconv-lite lacks", () => {
    expect(printed({}, ESC, "t", 11, 0xa4, 0xa5)).toBe("ΑΒ");
    expect(printed({}, ESC, "t", 12, 0x98, 0xa6)).toBe("İĞ");
    expect(printed({}, ESC, "t", 1, 0xb1, 0xb2, 0x95)).toBe("ｱｲ─");
    expect(printed({}, ESC, "t", 43, 0xd0)).toMatch(/^\S$/u);
  });

  it("of a number that the maker does not use read as page 0", () => {
    expect(printed({}, ESC, "t", 99, 0x8a)).toBe("è");
  });

  it("have no characters that would break a line", () => {
    for (const codePages of codePageMakers) {
      for (let n = 0; n < 100; n += 1) {
        const text = printed({ codePages }, ESC, "t", n, ...Array.from({ length: 128 }, (_, i) => i + 0x80));
        expect(Array.from(text).filter((character) => character < " ")).toEqual([]);
      }
    }
  });

  it("of every maker can be chosen in the configuration", () => {
    const device = { id: "p", type: "printer-tcp", listen: "127.0.0.1:9100" };
    const read = (codePages: string): boolean =>
      schema.safeParse({
        version: 1,
        store: { retailStoreId: "1", timeZone: "Asia/Shanghai", currencyCode: "CNY" },
        agent: { id: "a", dataDir: "/d" },
        lanes: [{ id: "l", devices: [{ ...device, codePages }] }],
        uplink: { url: "mqtt://localhost" },
      }).success;
    expect(codePageMakers.filter((maker) => !read(maker))).toEqual([]);
    expect(read("nobody")).toBe(false);
  });
});

describe("national characters of ESC R", () => {
  it("stand in for ASCII ones", () => {
    expect(printed({ dialect: "escpos" }, ESC, "R", 2, "M}LLER [ STRA~E")).toBe("MüLLER Ä STRAßE");
    expect(printed({ dialect: "escpos" }, ESC, "R", 3, "#5 $6")).toBe("£5 $6");
    expect(printed({ dialect: "escpos" }, ESC, "R", 8, "\\980")).toBe("¥980");
    expect(printed({ dialect: "escpos" }, ESC, "R", 0, "#5 [x]")).toBe("#5 [x]");
  });

  it("change nothing in UTF-8", () => {
    expect(printed({}, ESC, "R", 3, 0x1c, "(C", 2, 0, 48, 2, "#5")).toBe("#5");
  });
});

describe("columns", () => {
  it("of ESC $ are those of the font in force", () => {
    expect(printed({}, ESC, "M", 1, "ab", ESC, "$", 90, 0, "c")).toBe("ab        c");
    expect(printed({}, ESC, "!", 1, "ab", ESC, "$", 90, 0, "c")).toBe("ab        c");
    expect(printed({}, ESC, " ", 3, "ab", ESC, "$", 150, 0, "c")).toBe("ab        c");
  });
});
