import { describe, expect, it } from "vitest";
import { runTrials } from "../../../agent/profile-trials.ts";
import { chineseSale, jobInGb18030 } from "./slip-bytes.ts";

const capture = (lines: readonly string[]) => [{ name: "one.bin", bytes: jobInGb18030(lines) }];

describe("trying a profile", () => {
  it("tells from which characters of which line each field was read", () => {
    const [trial] = runTrials({ captures: capture(chineseSale()) }).trials;
    const marks = trial?.lines.flatMap(({ text, marks: on }, index) =>
      on.map(({ field, from, to }) => `${index + 1} ${field}: ${text.slice(from, to)}`),
    );
    expect(trial).toMatchObject({ passed: true, profile: "cn-supermarket-80mm", slip: "one.bin" });
    expect(marks).toEqual(
      expect.arrayContaining([
        "2 workstationId: 02",
        "3 sequenceNumber: 0000042",
        "3 endDateTime: 2026-05-01 09:30:00",
        "5 item: 测试可乐",
        "6 itemId: 6900000000014",
        "6 amount: 14.00",
        "7 itemCount: 1",
        "8 totalMinor: 14.00",
        "9 tender cash: 20.00",
      ]),
    );
    expect(trial?.missing).toEqual(["memberId"]);
  });

  it("marks a line among the items that no row explains", () => {
    const strange = chineseSale().flatMap((line) => (line === "1 测试可乐" ? ["?? 赠品 ??", line] : [line]));
    const [failed] = runTrials({ captures: capture(strange), profile: "cn-supermarket-80mm" }).trials;
    expect(failed?.passed).toBe(false);
    expect(failed?.lines.filter(({ unread }) => unread).map(({ text }) => text)).toEqual(["?? 赠品 ??"]);
  });

  it("shows a slip that no profile takes", () => {
    const [trial] = runTrials({ captures: capture(["厨房单", "1 x 面条"]) }).trials;
    expect(trial).toMatchObject({ passed: false, profile: "none", takenBy: "none" });
    expect(trial?.lines.map(({ text }) => text)).toEqual(["厨房单", "1 x 面条"]);
  });

  it("tries all samples of all profiles when nothing is named, and says when a name is unknown", () => {
    const { trials } = runTrials({ captures: [] });
    expect(trials.length).toBeGreaterThan(10);
    expect(trials.filter(({ passed }) => !passed)).toEqual([]);
    expect(() => runTrials({ captures: [], profile: "none-such" })).toThrow(
      expect.objectContaining({ code: "PROFILE_UNKNOWN" }),
    );
  });
});
