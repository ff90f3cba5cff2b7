import { describe, expect, it } from "vitest";
import { readGeneric } from "../../../../agent/receipts/generic/generic-profile.ts";
import { segmentWith } from "./layouts.ts";

const read = (lines: readonly string[]) =>
  readGeneric(segmentWith(["SHOP", "Receipt 1", ...lines]), { statusOf: () => "completed", revealMember: false });

describe("a member number on a slip of no profile", () => {
  it("is masked in full-width digits, and columns keep their places", () => {
    const { memberId, lines } = read(["会员卡号：１３８０１２３４５６７ 等级３", "合计 5.00"]);
    expect(memberId).toBe("*******4567");
    expect(lines).toContain("会员卡号：＊＊＊＊＊＊＊４５６７ 等级３");
  });

  it("is masked as often as it is printed, and nothing of a longer number", () => {
    const { lines } = read(["Member No: 12345678 / 12345678", "Points of 12345678", "EAN 9912345678", "TOTAL 5.00"]);
    expect(lines).toEqual(
      expect.arrayContaining(["Member No: ****5678 / ****5678", "Points of ****5678", "EAN 9912345678"]),
    );
  });

  it("takes no digit from a figure when it is short", () => {
    const { lines } = read(["Member No: 5", "Milk 15.50", "TOTAL 15.50"]);
    expect(lines).toEqual(expect.arrayContaining(["Member No: *", "Milk 15.50", "TOTAL 15.50"]));
  });

  it("is masked alone under its label", () => {
    expect(read(["Member No", "12345", "TOTAL 123.45"]).lines).toEqual(
      expect.arrayContaining(["***45", "TOTAL 123.45"]),
    );
  });
});
