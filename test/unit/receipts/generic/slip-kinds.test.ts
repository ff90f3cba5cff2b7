import { describe, expect, it } from "vitest";
import type { Transaction } from "../../../../agent/core/transaction.ts";
import { readWithoutProfile } from "./layouts.ts";

function sale(heading: string, footer: string): Transaction {
  return readWithoutProfile([
    heading,
    "Receipt No: 4411  03/14/2026 10:05",
    "MILK      3.00",
    "BREAD     4.50",
    "TOTAL    $7.50",
    "CASH     10.00",
    "CHANGE    2.50",
    footer,
  ]);
}

describe("the kind of a slip of an unknown layout", () => {
  it.each([
    "COPY SHOP",
    "DUPLICATE KEYS",
    "THE KITCHEN",
    "RETURN TO EDEN",
    "TRAINING DAY GYM",
    "FORMATION SPORTS",
    "SUSPENDED CAFE",
    "AVOIR SALON",
    "LA CUCINA",
  ])("is not told by the name of the shop %s", (heading) => {
    expect(sale(heading, "")).toMatchObject({ kind: "sale", reconciliation: { state: "reconciled" } });
  });

  it.each([
    "RETURNS WITHIN 30 DAYS",
    "Merchandise return 30 days",
    "No refunds",
    "*** CUSTOMER COPY ***",
    "MERCHANT COPY",
    "Void where prohibited",
    "退货须凭本小票",
    "返品は7日以内",
    "Umtausch innerhalb 14 Tagen",
    "Retour sous 30 jours avec ticket",
    "Reso entro 14 giorni",
    "Offer valid until 04/30/2026 23:59",
  ])("is not told by the small print %s", (footer) => {
    expect(sale("CORNER SHOP", footer)).toMatchObject({ kind: "sale", endDateTime: "2026-03-14T10:05:00" });
  });

  it.each([
    ["*** COPY ***", "copy"],
    ["REPRINT", "copy"],
    ["*** TRAINING MODE ***", "training"],
    ["TRANSACTION VOIDED", "void"],
    ["** SUSPENDED **", "suspended"],
  ])("is told by a line %s of its own", (line, kind) => {
    expect(sale("CORNER SHOP", line).kind).toBe(kind);
    expect(sale(line, "").kind).toBe(kind);
  });

  it("is a refund by its word at the head, and not surely so when it takes money", () => {
    const refund = sale("** REFUND **", "");
    expect(refund.kind).toBe("refund");
    expect(refund.confidence).toBeLessThan(0.8);
  });
});
