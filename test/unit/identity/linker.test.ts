import fc from "fast-check";
import { expect, test } from "vitest";
import { asEntryId, asLaneId } from "../../../agent/core/ids.ts";
import type { LinkableSlip, LinkableTouch } from "../../../agent/core/linking.ts";
import type { Tier } from "../../../agent/core/entry.ts";
import type { Instant } from "../../../agent/core/time.ts";
import { Linker } from "../../../agent/identity/linker.ts";

const second = 1000;
const window = { beforeMs: 120 * second, afterMs: 30 * second };

const at = (seconds: number, bootId = "boot-1"): Instant => ({
  wallMs: seconds * second,
  monotonicMs: bootId === "boot-1" ? seconds * second : 0,
  bootId,
  trusted: true,
});

function touch(name: string, seconds: number, tier: Tier = "claimed", lane = "05"): LinkableTouch {
  return { entryId: asEntryId(name), laneId: asLaneId(lane), at: at(seconds), tier };
}

function slip(name: string, from: number, to: number, lane = "05"): LinkableSlip {
  return { entryId: asEntryId(name), laneId: asLaneId(lane), firstByteAt: at(from), lastByteAt: at(to) };
}

test("gives a slip the touch that came before it", () => {
  const linker = new Linker(window);
  expect(linker.touch(touch("t1", 10))).toBeUndefined();
  expect(linker.slip(slip("s1", 60, 62))).toMatchObject({
    state: "linked",
    transactionEntryId: "s1",
    touchEntryId: "t1",
  });
});

test.each([
  ["120 s before the first byte", 880, true],
  ["just over 120 s before", 879.999, false],
  ["during the print", 1001, true],
  ["30 s after the last byte", 1032, true],
  ["just over 30 s after", 1032.001, false],
])("takes the window to the millisecond: %s", (_, seconds, inside) => {
  const early = new Linker(window);
  const late = new Linker(window);
  early.touch(touch("t1", seconds));
  const link =
    seconds <= 1002
      ? early.slip(slip("s1", 1000, 1002))
      : (late.slip(slip("s1", 1000, 1002)), late.touch(touch("t1", seconds)));
  expect(link?.touchEntryId).toBe(inside ? "t1" : undefined);
});

test("lets a touch that comes after the paper claim it, once", () => {
  const linker = new Linker(window);
  expect(linker.slip(slip("s1", 0, 2))).toBeUndefined();
  expect(linker.touch(touch("t1", 12))).toMatchObject({ transactionEntryId: "s1", touchEntryId: "t1" });
  expect(linker.touch(touch("t2", 14))).toBeUndefined();
});

test("takes the latest of several open slips", () => {
  const linker = new Linker(window);
  linker.slip(slip("s1", 0, 2));
  linker.slip(slip("s2", 10, 12));
  expect(linker.touch(touch("t1", 20))?.transactionEntryId).toBe("s2");
  const disordered = new Linker(window);
  disordered.slip(slip("s2", 10, 12));
  disordered.slip(slip("s1", 0, 2));
  expect(disordered.touch(touch("t1", 20))?.transactionEntryId).toBe("s2");
});

test("prefers the stronger tier, then the later touch", () => {
  const byTier = new Linker(window);
  byTier.touch(touch("member", 10, "presented"));
  byTier.touch(touch("uid", 20, "claimed"));
  expect(byTier.slip(slip("s1", 30, 31))).toMatchObject({ touchEntryId: "member", tier: "presented" });
  const byTime = new Linker(window);
  byTime.touch(touch("early", 10));
  byTime.touch(touch("late", 20));
  const link = byTime.slip(slip("s1", 30, 31));
  expect(link).toMatchObject({ state: "linked", touchEntryId: "late" });
  expect(link?.candidateEntryIds).toHaveLength(2);
});

const tiers: readonly Tier[] = ["proven", "presented", "claimed", "nearby"];
const pairs = tiers.flatMap((strong, index) => tiers.slice(index + 1).map((weak) => [strong, weak] as const));

test.each(pairs)("prefers what is %s to what is %s, whichever came first", (strong, weak) => {
  for (const [strongAt, weakAt] of [
    [10, 20],
    [20, 10],
    [10, 10],
  ] as const) {
    const linker = new Linker(window);
    linker.touch(touch("strong", strongAt, strong));
    linker.touch(touch("weak", weakAt, weak));
    expect(linker.slip(slip("s1", 30, 31))).toMatchObject({ state: "linked", touchEntryId: "strong", tier: strong });
  }
});

test("leaves a touch that came after the paper to the next slip, also when the paper was read late", () => {
  const linker = new Linker(window);
  linker.touch(touch("before", 10));
  linker.touch(touch("after", 70));
  expect(linker.slip(slip("s1", 30, 31))?.touchEntryId).toBe("before");
  expect(linker.slip(slip("s2", 90, 91))).toMatchObject({ touchEntryId: "after", candidateEntryIds: ["after"] });
});

test.each([
  ["with the last byte", 31, undefined],
  ["a millisecond later", 31.001, "rival"],
])("uses up with a slip what was shown until its end: %s", (_, seconds, left) => {
  const linker = new Linker(window);
  linker.touch(touch("member", 10, "presented"));
  linker.touch(touch("rival", seconds));
  expect(linker.slip(slip("s1", 30, 31))?.touchEntryId).toBe("member");
  expect(linker.slip(slip("s2", 60, 61))?.touchEntryId).toBe(left);
});

test("marks what was played, linked or ambiguous, links nothing real with it, and marks nothing else", () => {
  const played = { isTest: true } as const;
  const linker = new Linker(window);
  linker.touch({ ...touch("t1", 10), ...played });
  expect(linker.slip(slip("real", 20, 21))).toBeUndefined();
  expect(linker.slip({ ...slip("s1", 20, 21), ...played })).toMatchObject({ state: "linked", ...played });
  for (const name of ["left", "right"]) linker.touch({ ...touch(name, 30), ...played });
  expect(linker.slip({ ...slip("s2", 40, 41), ...played })).toMatchObject({ state: "ambiguous", ...played });
  expect(linker.touch(touch("t2", 41))).not.toHaveProperty("isTest");
  for (const name of ["left", "right"]) linker.touch(touch(name, 50));
  expect(linker.slip(slip("s3", 60, 61))).not.toHaveProperty("isTest");
});

test("holds the latest hundred touches of a lane, and the latest hundred slips", () => {
  const many = Array.from({ length: 101 }, (_, index) => index);
  const touched = new Linker(window);
  for (const index of many) touched.touch(touch(`t${index}`, index / 10));
  const link = touched.slip(slip("s1", 30, 31));
  expect(link?.candidateEntryIds.toSorted()).toEqual(
    many
      .slice(1)
      .map((index) => `t${index}`)
      .toSorted(),
  );
  const printed = new Linker(window);
  for (const index of many) printed.slip(slip(`s${index}`, index / 10, index / 10));
  const claimed = many.map((index) => printed.touch(touch(`t${index}`, 20 + index / 100))?.transactionEntryId);
  // The latest first; the very first had to go.
  expect(claimed).toEqual([
    ...many
      .slice(1)
      .map((index) => `s${index}`)
      .toReversed(),
    undefined,
  ]);
});

test("names the candidates and chooses none when two are equal", () => {
  const linker = new Linker(window);
  linker.touch(touch("left", 10));
  linker.touch(touch("right", 10));
  const link = linker.slip(slip("s1", 30, 31));
  expect(link).toMatchObject({
    state: "ambiguous",
    candidateEntryIds: expect.arrayContaining(["left", "right"]) as unknown,
  });
  expect(link?.touchEntryId).toBeUndefined();
});

test("does not hand an earlier shopper's leftover touch to the next sale", () => {
  const linker = new Linker(window);
  linker.touch(touch("gave-up", 10));
  linker.touch(touch("paid", 20));
  expect(linker.slip(slip("s1", 30, 31))?.touchEntryId).toBe("paid");
  expect(linker.slip(slip("s2", 60, 61))).toBeUndefined();
});

test("keeps lanes apart", () => {
  const linker = new Linker(window);
  linker.touch(touch("t1", 10, "claimed", "05"));
  expect(linker.slip(slip("s1", 20, 21, "07"))).toBeUndefined();
});

test("compares by the wall clock across a reboot", () => {
  const linker = new Linker(window);
  linker.touch(touch("t1", 10));
  const after: LinkableSlip = { ...slip("s1", 0, 0), firstByteAt: at(60, "boot-2"), lastByteAt: at(61, "boot-2") };
  expect(linker.slip(after)?.touchEntryId).toBe("t1");
});

test("never gives one touch to two slips, nor two touches to one slip", () => {
  const step = fc.record({
    what: fc.constantFrom("touch", "slip"),
    gap: fc.integer({ min: 0, max: 60 }),
    lane: fc.constantFrom("05", "07"),
    tier: fc.constantFrom<Tier[]>("proven", "presented", "claimed", "nearby"),
    readLate: fc.integer({ min: 0, max: 90 }),
  });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
      const linker = new Linker(window);
      let now = 0;
      const links = steps.flatMap(({ what, gap, lane, tier, readLate }, index) => {
        now += gap;
        const made =
          what === "touch"
            ? linker.touch(touch(`t${index}`, now, tier, lane))
            : linker.slip(slip(`s${index}`, now - readLate, now - readLate + 1, lane));
        return made ?? [];
      });
      const slips = links.map((link) => link.transactionEntryId);
      const touches = links.flatMap((link) => link.touchEntryId ?? []);
      expect(new Set(slips).size).toBe(slips.length);
      expect(new Set(touches).size).toBe(touches.length);
    }),
  );
});
