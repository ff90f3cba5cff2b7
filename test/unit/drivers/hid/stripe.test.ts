import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { classifyStripe } from "../../../../drivers/hid/codes/classify-stripe.ts";
import { parseReportDescriptor } from "../../../../drivers/hid/report-descriptor.ts";
import { StripeReports } from "../../../../drivers/hid/stripe-reports.ts";
import { checkCharacter, readTrack, splitTracks, type Track } from "../../../../drivers/hid/stripe-tracks.ts";
import { withLuhn } from "../../../support/card-numbers.ts";
import { magtekDescriptor, magtekReport, stripeDescriptor, swipeReport } from "../../../support/hid-devices.ts";

const magtek = 0x0801;

function reader(descriptor: Uint8Array, vendorId: number): StripeReports {
  const result = parseReportDescriptor(descriptor);
  const reports = result.status === "parsed" ? StripeReports.of(result.descriptor, vendorId) : undefined;
  if (!reports) throw new Error("not a stripe reader");
  return reports;
}

const loyalty = "%A9280001234567^SHOPPER/ANY?";
const loyalty2 = ";9280001234567?";
const patterns = [{ programme: "club", prefix: "928000" }];
const cardNumber = withLuhn("411111111111111");
const tracksOf = (...texts: readonly [1 | 2 | 3, string][]): Track[] =>
  texts.map(([track, text]) => readTrack(track, text)).filter((track) => track !== undefined);

describe("tracks of magnetic stripes", () => {
  it("reads the three tracks by the usage tables", () => {
    const swipe = reader(stripeDescriptor, 0).take(swipeReport([loyalty, loyalty2, ";01?"]));
    expect(swipe).toEqual({
      status: "read",
      tracks: [
        { track: 1, format: "A", content: "9280001234567^SHOPPER/ANY" },
        { track: 2, format: "", content: "9280001234567" },
        { track: 3, format: "", content: "01" },
      ],
    });
  });

  it("reads MagTek's reports, and leaves out a track that the reader could not decode", () => {
    const swipe = reader(magtekDescriptor, magtek).take(magtekReport([undefined, loyalty2, ""]));
    expect(swipe).toEqual({ status: "read", tracks: [{ track: 2, format: "", content: "9280001234567" }] });
    expect(reader(magtekDescriptor, magtek).take(magtekReport([undefined, undefined, ""]))).toEqual({
      status: "unreadable",
    });
    expect(reader(magtekDescriptor, magtek).take(magtekReport(["", "", ""]))).toEqual({ status: "none" });
  });

  it("checks the check character where it is there", () => {
    const right = checkCharacter(2, loyalty2);
    const wrong = right === "0" ? "1" : "0";
    expect(readTrack(2, loyalty2 + right)).toBeDefined();
    expect(readTrack(2, loyalty2 + wrong)).toBeUndefined();
  });

  it("computes the check character of the example in ISO/IEC 7811-2 style tracks: parity of every bit", () => {
    // `;` 1011, `1` 0001, `?` 1111: even parity over each bit gives 0101.
    expect(checkCharacter(2, ";1?")).toBe("5");
  });

  it.each([
    ["no start sentinel", 2, "9280001234567?"],
    ["no end sentinel", 2, ";9280001234567"],
    ["nothing between the sentinels", 2, ";?"],
    ["letters on track 2", 2, ";92800A?"],
    ["small letters on track 1", 1, "%Aabc?"],
    ["more than 40 characters on track 2", 2, `;${"1".repeat(39)}?`],
    ["more than one character after the end", 2, ";928?12"],
  ] as const)("refuses a track with %s", (_, track, text) => {
    expect(readTrack(track, text)).toBeUndefined();
  });

  it("takes any report without throwing", () => {
    const readers = [reader(stripeDescriptor, 0), reader(magtekDescriptor, magtek)];
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 340 }), (report) => readers.every((each) => each.take(report).status)),
    );
  });

  it("splits what a reader types, with and without check characters", () => {
    expect(splitTracks(`${loyalty}${loyalty2}`)).toEqual([loyalty, loyalty2]);
    expect(splitTracks(`${loyalty2}5`)).toEqual([`${loyalty2}5`]);
    expect(splitTracks("4006381333931")).toEqual([]);
  });
});

describe("what a swiped card is", () => {
  it("keeps the number of a configured programme", () => {
    const member = { kind: "member", programme: "club", value: "9280001234567" };
    expect(classifyStripe(tracksOf([1, loyalty]), patterns)).toEqual(member);
    expect(classifyStripe(tracksOf([2, loyalty2]), patterns)).toEqual(member);
  });

  it("keeps nothing of a card of no programme", () => {
    expect(classifyStripe(tracksOf([1, loyalty], [2, loyalty2]), [])).toBeUndefined();
  });

  it.each([
    ["track 1", [1, `%B${cardNumber}^DOE/JANE^29121010000000000?`]],
    ["track 2", [2, `;${cardNumber}=29121010000000000?`]],
    ["track 3", [3, `;01${cardNumber}=1240?`]],
    ["track 2 without anything else", [2, `;${cardNumber}?`]],
  ] as const)("keeps nothing of a card number on %s, whatever is configured", (_, track) => {
    const tracks = tracksOf([...track] as [1 | 2 | 3, string]);
    expect(tracks).toHaveLength(1);
    const everything = [
      { programme: "wrong", prefix: "" },
      { programme: "wrong", prefix: cardNumber.slice(0, 8) },
    ];
    const code = classifyStripe(tracks, everything);
    expect(code).toEqual({ kind: "payment-card" });
  });

  it("takes a bank card of an unknown issuer for a payment card, unless its beginning is configured", () => {
    const unknown = withLuhn("600649123456789");
    const track = tracksOf([2, `;${unknown}=29121010000000000?`]);
    expect(classifyStripe(track, [])).toEqual({ kind: "payment-card" });
    expect(classifyStripe(track, [{ programme: "gift", prefix: "600649" }])).toMatchObject({ kind: "member" });
  });

  it("lets no card number of any issuer out, on any track", () => {
    const begins = fc.constantFrom("4", "51", "2221", "34", "37", "6011", "62", "3528", "36", "5018", "2200");
    const card = fc.tuple(begins, fc.stringMatching(/^\d{18}$/)).map(([begin, digits]) => {
      const length = /^3[47]/.test(begin) ? 15 : begin === "36" ? 14 : 16;
      return withLuhn((begin + digits).slice(0, length - 1));
    });
    fc.assert(
      fc.property(card, (number) => {
        const tracks = tracksOf([1, `%B${number}^DOE/J^2912101?`], [2, `;${number}=2912101?`], [3, `;01${number}=1?`]);
        expect(tracks).toHaveLength(3);
        for (const track of tracks) {
          expect(classifyStripe([track], [{ programme: "any", prefix: "" }])).toEqual({ kind: "payment-card" });
        }
      }),
    );
  });
});
