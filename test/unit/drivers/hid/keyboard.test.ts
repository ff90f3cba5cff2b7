import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { KeyText } from "../../../../drivers/hid/keyboard/key-text.ts";
import { KeyboardReports } from "../../../../drivers/hid/keyboard/keyboard-reports.ts";
import { layoutNames, layouts, type LayoutName } from "../../../../drivers/hid/keyboard/layouts.ts";
import { defaultInterKeyMs, Wedge } from "../../../../drivers/hid/keyboard/wedge.ts";
import { parseReportDescriptor } from "../../../../drivers/hid/report-descriptor.ts";
import { scannerDescriptor } from "../../../../drivers/hid/virtual/scanner-writer.ts";
import { keyboardDescriptor, typedReports } from "../../../support/hid-devices.ts";

function keyboard(descriptor: Uint8Array = keyboardDescriptor): KeyboardReports {
  const result = parseReportDescriptor(descriptor);
  const reports = result.status === "parsed" ? KeyboardReports.of(result.descriptor) : undefined;
  if (!reports) throw new Error("not a keyboard");
  return reports;
}

/** What a device types in a layout. */
function type(reports: readonly Uint8Array[], layout: LayoutName = "us"): string {
  const keys = keyboard();
  const text = new KeyText(layouts[layout]);
  return reports.map((report) => text.take(keys.take(report) ?? { pressed: [], modifiers: 0 })).join("");
}

const report = (modifiers: number, ...keys: readonly number[]): Uint8Array =>
  Uint8Array.of(modifiers, 0, ...keys, ...Array<number>(6 - keys.length).fill(0));
const up = report(0);

describe("keyboards that scanners pretend to be", () => {
  it("types digits, shifted keys and enter", () => {
    expect(type([report(0, 0x21), up, report(0x02, 0x21), up, report(0x20, 0x04), up, report(0, 0x28), up])).toBe(
      "4$A\r",
    );
  });

  it("types a key that follows another without a pause once", () => {
    expect(type([report(0, 0x1e), report(0, 0x1e, 0x1f), report(0, 0x1f), report(0, 0x1f), up])).toBe("12");
  });

  it("types nothing for a report that is full", () => {
    const rollOver = report(0, 1, 1, 1, 1, 1, 1);
    expect(type([report(0, 0x1e), rollOver, up])).toBe("1");
  });

  it("turns letters about while caps lock is on, and leaves digits", () => {
    expect(type([report(0, 0x39), up, report(0, 0x04), up, report(0x02, 0x05), up, report(0, 0x1e), up])).toBe("Ab1");
  });

  it("types FNC1 as control and the closing bracket", () => {
    expect(type([report(0x01, 0x30), up])).toBe("\u001D");
  });

  it.each([
    ["065", "A"],
    ["65", "A"],
    ["0228", "ä"],
    ["132", "ä"],
    ["029", "\u001D"],
    ["26376", "月"],
  ])("types character %s of the keypad while Alt is held", (digits, char) => {
    const keypad = digits.split("").map((digit) => (digit === "0" ? 0x62 : 0x58 + Number(digit)));
    expect(type([...keypad.flatMap((key) => [report(0x04, key), report(0x04)]), up])).toBe(char);
  });

  it.each([
    ["de", [report(0, 0x1c), up, report(0x40, 0x14), up, report(0x02, 0x24), up], "z@/"],
    ["fr", [report(0x02, 0x1e), up, report(0, 0x04), up, report(0, 0x1e), up, report(0x40, 0x27), up], "1q&@"],
    ["jp", [report(0x02, 0x1f), up, report(0, 0x2f), up, report(0x02, 0x87), up, report(0, 0x2e), up], '"@_^'],
  ] as const)("types by the layout %s", (layout, reports, text) => {
    expect(type(reports, layout)).toBe(text);
  });

  it("joins an accent with the letter after it", () => {
    expect(type([report(0, 0x2e), up, report(0, 0x08), up, report(0, 0x2e), up, report(0, 0x2c), up], "de")).toBe("é´");
  });

  it("types in each layout what another device wrote in it", () => {
    const anyText = fc.string({
      unit: fc.constantFrom(..."0123456789abcxyzABCXYZ-/.:%=?[]{}@^&_".split("")),
      maxLength: 40,
    });
    fc.assert(
      fc.property(fc.constantFrom(...layoutNames), anyText, (layout, text) => {
        expect(type(typedReports(text, layout), layout)).toBe(`${text}\r`);
      }),
    );
  });

  it("has a character for every digit and capital letter in each layout", () => {
    const needed = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ-".split("");
    for (const name of layoutNames) {
      const typed = new Set([...layouts[name].keys.values()].flat());
      expect(needed.filter((char) => !typed.has(char))).toEqual([]);
    }
  });

  it("reads keyboards that report one bit a key", () => {
    const bits = "05 01 09 06 a1 01 85 01 05 07 19 04 29 83 15 00 25 01 75 01 95 80 81 02 19 e0 29 e7 95 08 81 02 c0";
    const keys = keyboard(Uint8Array.from(Buffer.from(bits.replaceAll(" ", ""), "hex")));
    const pressed = new Uint8Array(18);
    pressed[0] = 1;
    pressed[1] = 1;
    pressed[17] = 2;
    expect(keys.take(pressed)).toEqual({ pressed: [0x04], modifiers: 2 });
  });

  it("takes any reports without throwing", () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 10 })), (reports) => {
        expect(typeof type(reports)).toBe("string");
      }),
    );
  });

  it("is no keyboard without the usage of one", () => {
    const result = parseReportDescriptor(scannerDescriptor);
    expect(result.status === "parsed" && KeyboardReports.of(result.descriptor)).toBeUndefined();
  });
});

describe("codes from a keyboard wedge", () => {
  const rules = { interKeyMs: defaultInterKeyMs };

  /** Types character by character, so many milliseconds apart. */
  function typeInto(wedge: Wedge, text: string, everyMs: number, fromMs = 0): string[] {
    return text.split("").flatMap((char, index) => [...wedge.take(char, fromMs + index * everyMs)]);
  }

  it("takes a code that comes at a scanner's pace, ended by enter or tab", () => {
    expect(typeInto(new Wedge(rules), "4006381333931\r", 4)).toEqual(["4006381333931"]);
    expect(typeInto(new Wedge(rules), "4006381333931\t", 30)).toEqual(["4006381333931"]);
  });

  it("keeps nothing of what a person types", () => {
    for (const everyMs of [90, 150, 400]) expect(typeInto(new Wedge(rules), "password\r", everyMs)).toEqual([]);
    expect(typeInto(new Wedge(rules), "password\r", 60)).toEqual([]);
  });

  it("keeps nothing of a few keys pressed at once", () => {
    expect(typeInto(new Wedge(rules), "abc\r", 1)).toEqual([]);
  });

  it("tells a code from what a person typed well before it", () => {
    const wedge = new Wedge(rules);
    typeInto(wedge, "hello", 120);
    expect(typeInto(wedge, "4006381333931\r", 5, 1_000)).toEqual(["4006381333931"]);
  });

  it("gives neither a code nor its rest when a person types into it", () => {
    const wedge = new Wedge(rules);
    typeInto(wedge, "hello", 120);
    expect(typeInto(wedge, "4006381333931\r", 5, 700)).toEqual([]);
  });

  it("hands out a code whole or not at all, wherever the machine stalls for up to half a second", () => {
    const code = "4006381333931";
    fc.assert(
      fc.property(fc.nat(code.length), fc.integer({ min: 0, max: 490 }), (at, stallMs) => {
        const wedge = new Wedge(rules);
        const codes = `${code}\r`
          .split("")
          .flatMap((char, index) => [...wedge.take(char, index * 5 + (index >= at ? stallMs : 0))]);
        expect([[], [code]]).toContainEqual(codes);
        if (stallMs < 400) expect(codes).toEqual([code]);
      }),
    );
  });

  it("ends a code without a suffix by silence, where so configured", () => {
    const wedge = new Wedge({ ...rules, suffix: "none" });
    expect(typeInto(wedge, "4006381333931", 5)).toEqual([]);
    expect(wedge.expire(60 + 500)).toEqual([]);
    expect(wedge.expire(wedge.dueMs!)).toEqual(["4006381333931"]);
    expect(wedge.dueMs).toBeUndefined();
  });

  it("hands out every code of a row of codes, whole", () => {
    const codes = fc.array(fc.stringMatching(/^[0-9A-Z]{4,30}$/), { minLength: 1, maxLength: 10 });
    fc.assert(
      fc.property(codes, fc.integer({ min: 0, max: 39 }), (all, everyMs) => {
        expect(typeInto(new Wedge(rules), `${all.join("\r")}\r`, everyMs)).toEqual(all);
      }),
    );
  });

  it("gives up what never ends", () => {
    const wedge = new Wedge(rules);
    expect(typeInto(wedge, "1".repeat(5_000), 1)).toEqual([]);
    expect(wedge.take("\r", 5_001)).toEqual([]);
  });
});
