import { describe, expect, it } from "vitest";
import type { Outcome } from "../../../../agent/core/observation.ts";
import { RepeatFilter } from "../../../../drivers/nfc/repeat-filter.ts";

const recorded = Promise.resolve<Outcome>({ status: "recorded" });

function filterAfterTap(outcome: Promise<Outcome> = recorded): RepeatFilter {
  const filter = new RepeatFilter(1_500);
  filter.remember("AA", outcome);
  return filter;
}

describe("a card that comes back", () => {
  it("within the window goes on with the tap it began", () => {
    const filter = filterAfterTap();
    filter.left(10_000);
    expect(filter.continued("AA", false, 11_499)).toBe(recorded);
  });

  it("after the window is a new tap", () => {
    const filter = filterAfterTap();
    filter.left(10_000);
    expect(filter.continued("AA", false, 11_500)).toBeUndefined();
  });

  it("again and again at the edge of the field stays one tap, as long as no gap is too long", () => {
    const filter = filterAfterTap();
    for (let at = 0; at < 20_000; at += 1_000) {
      filter.left(at);
      expect(filter.continued("AA", false, at + 900)).toBe(recorded);
    }
  });

  it("as another card is a new tap", () => {
    const filter = filterAfterTap();
    filter.left(10_000);
    expect(filter.continued("BB", false, 10_100)).toBeUndefined();
  });

  it("is a new tap when the first one was not recorded", async () => {
    const refused = Promise.resolve<Outcome>({ status: "refused", code: "LEDGER_UNWRITABLE" });
    const filter = filterAfterTap(refused);
    await refused;
    filter.left(10_000);
    expect(filter.continued("AA", false, 10_100)).toBeUndefined();
  });

  it("is the same tap when it lay there while its reader was away, however long", () => {
    const filter = filterAfterTap();
    filter.readerLost(10_000);
    expect(filter.continued("AA", true, 600_000)).toBe(recorded);
  });

  it("is a new tap when it was taken off before its reader went away", () => {
    const filter = filterAfterTap();
    filter.left(9_000);
    filter.readerLost(10_000);
    expect(filter.continued("AA", true, 600_000)).toBeUndefined();
  });

  it("is a new tap when it came after its reader was back", () => {
    const filter = filterAfterTap();
    filter.readerLost(10_000);
    expect(filter.continued("AA", false, 600_000)).toBeUndefined();
  });
});
