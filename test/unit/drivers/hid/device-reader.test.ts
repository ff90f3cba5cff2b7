import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { DeviceReader, type ReaderRules } from "../../../../drivers/hid/device-reader.ts";
import { scannerReports } from "../../../../drivers/hid/virtual/scanner-writer.ts";
import { withLuhn } from "../../../support/card-numbers.ts";
import {
  displayDescriptor,
  keyboardDescriptor,
  scaleDescriptor,
  stripeDescriptor,
  swipeReport,
  typedReports,
} from "../../../support/hid-devices.ts";
import { scannerNode } from "../../../support/scripted-hid.ts";

const rules: ReaderRules = { members: [], vouchers: [], stripes: [{ programme: "card", prefix: "928000" }] };
/** What a careless technician might configure: everything is a member. */
const everything: ReaderRules = {
  members: [{ programme: "all", minLength: 1, maxLength: 64, characters: "alphanumeric" }],
  vouchers: [{ minLength: 1, maxLength: 64, characters: "alphanumeric" }],
  stripes: [{ programme: "all", prefix: "" }],
};

function reader(descriptor: Uint8Array | undefined, all: ReaderRules = rules): DeviceReader {
  const made = DeviceReader.of(scannerNode({ descriptor }), {}, all);
  if (!made) throw new Error("the descriptor is malformed");
  return made;
}

/** Everything that comes of reports which follow each other at a scanner's pace. */
function all(device: DeviceReader, reports: readonly Uint8Array[]) {
  const taken = reports.map((report, index) => device.take(report, index * 3));
  return { readings: taken.flatMap(({ readings }) => readings), losses: taken.flatMap(({ losses }) => losses) };
}

const typed = (text: string, set: ReaderRules = rules) =>
  all(reader(keyboardDescriptor, set), typedReports(text, "us"));

describe("what is read from a device by what it announces", () => {
  it("names its roles", () => {
    const rolesOf = (descriptor: Uint8Array) => {
      const { roles, isReader, isReadable } = reader(descriptor);
      return { roles, isReader, isReadable };
    };
    expect(rolesOf(scannerNode().descriptor!)).toEqual({ roles: ["scanner"], isReader: true, isReadable: true });
    expect(rolesOf(stripeDescriptor)).toEqual({ roles: ["stripe reader"], isReader: true, isReadable: true });
    expect(rolesOf(keyboardDescriptor)).toEqual({ roles: ["keyboard"], isReader: false, isReadable: true });
    expect(rolesOf(scaleDescriptor)).toEqual({ roles: [], isReader: false, isReadable: false });
    expect(rolesOf(displayDescriptor)).toMatchObject({ isReadable: false });
    expect(DeviceReader.of(scannerNode({ descriptor: Uint8Array.of(0xa1, 1) }), {}, rules)).toBeUndefined();
  });

  it("knows a stripe that a reader types", () => {
    const member = { via: "magstripe", code: { kind: "member", programme: "card", value: "9280001234567" } };
    expect(typed("%A9280001234567^SHOPPER/ANY?;9280001234567?").readings).toEqual([member]);
    expect(typed(";9280001234567?").readings).toEqual([member]);
    expect(typed(";77001234567?")).toEqual({ readings: [], losses: ["stripe-unknown"] });
    expect(typed(";9280001234567?12")).toEqual({ readings: [], losses: ["stripe-unreadable"] });
  });

  it("takes text that only looks a little like a stripe for text", () => {
    expect(typed("%-off?").readings).toMatchObject([{ via: "keyboard", code: { kind: "other", value: "%-off?" } }]);
  });

  it("reads element strings that are typed, FNC1 as control and bracket", () => {
    const [reading] = typed("0109501101530003104711\u001D21456").readings;
    expect(reading).toMatchObject({ via: "keyboard", code: { kind: "gs1", elements: { "10": "4711", "21": "456" } } });
  });

  const card = fc
    .tuple(fc.constantFrom("4", "51", "2221", "6011", "6212", "3528", "2200"), fc.stringMatching(/^\d{16}$/))
    .map(([begin, digits]) => withLuhn((begin + digits).slice(0, 15)));
  const stripe = fc
    .tuple(card, fc.boolean(), fc.boolean(), fc.constantFrom("", "5", "?", "%", ";"), fc.nat(8))
    .map(([number, has1, has2, garbage, cut]) => {
      const first = has1 ? `%B${number}^DOE/JANE^29121011000012300000?` : "";
      const second = has2 || !has1 ? `;${number}=29121011000012300000?` : "";
      const text = first + second + garbage;
      return { number, text: text.slice(0, text.length - cut) };
    });

  it("lets no card number out of what is typed, however garbled the stripe and careless the configuration", () => {
    fc.assert(
      fc.property(stripe, fc.constantFrom(rules, everything), ({ number, text }, set) => {
        expect(JSON.stringify(typed(text, set))).not.toContain(number);
      }),
      { numRuns: 500 },
    );
  });

  it("lets no card number out of what is scanned or swiped, likewise", () => {
    fc.assert(
      fc.property(stripe, fc.constantFrom(rules, everything), ({ number, text }, set) => {
        const scanned = all(reader(scannerNode().descriptor, set), scannerReports(text, "]Q1"));
        const swiped = all(reader(stripeDescriptor, set), [swipeReport([text.slice(0, 79), text.slice(0, 40), ""])]);
        expect(JSON.stringify([scanned, swiped])).not.toContain(number);
      }),
      { numRuns: 500 },
    );
  });

  it("counts a code that is cut off once", () => {
    const device = reader(scannerNode().descriptor);
    device.take(scannerReports("x".repeat(100), "]Q1")[0]!, 0);
    const reports = scannerReports("4006381333931", "]E0");
    expect(device.take(reports[0]!, 3_000).losses).toEqual(["code-cut-off"]);
    expect(device.take(reports[0]!, 4_000).losses).toEqual([]);
  });

  it("takes any reports of any device without throwing", () => {
    const devices = [scannerNode().descriptor!, keyboardDescriptor, stripeDescriptor, displayDescriptor].map((each) =>
      reader(each),
    );
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), fc.nat(), (report, nowMs) => {
        for (const device of devices) device.take(report, nowMs);
      }),
    );
  });
});
