import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { decodeCapture, type DecodedSlip } from "../../../agent/receipts/decode.ts";
import { compileProfile, forced } from "../../../agent/receipts/profile.ts";
import { profileSchema } from "../../../agent/receipts/profile-schema.ts";
import { createPrintDecoder } from "../../../drivers/printer/decoder/print-decoder.ts";
import { withLuhn } from "../../support/card-numbers.ts";
import { jobInGb18030 } from "./slip-bytes.ts";

const layout = `
profile: test
match: { any: ['^SHOP'] }
locale: { currency: AUD, exponent: 2 }
kinds:
  - { kind: training, line: TRAINING }
fields:
  sequenceNumber: '^No {word}$'
  endDateTime: '{year}-{month}-{day} {hour}:{minute}'
  memberId: '^MEMBER {word}'
items:
  after: '^SHOP'
  before: '^TOTAL'
  embedded: ["21IIIIIPPPPPC"]
  rows:
    - voids: '^VOID {description}\\s+{amount}$'
    - item: '^{description} {itemId}\\s+{amount}$'
    - item: '^{description}\\s+{amount}$'
totals:
  total: '^TOTAL\\s+{amount}$'
  rounding: '^ROUNDING\\s+{amount}$'
  change: '^CHANGE\\s+{amount}$'
tenders:
  - { line: '^CASH\\s+{amount}$', type: cash }
  - { line: '^CARD\\s+{amount}$', type: card }
  - { line: '^WECHAT\\s+{amount}$', type: wechat }
  - { line: '^ALIPAY\\s+{amount}$', type: alipay }
  - { line: '^SCAN PAY\\s+{amount}$', type: other }
samples:
  - { name: none is tried here, text: SHOP, expect: { kind: sale } }
`;
const profiles = [compileProfile(profileSchema.parse(parse(layout)))];

function read(lines: readonly string[], revealMember = false): DecodedSlip | undefined {
  const newDecoder = (startOffset: number) => createPrintDecoder({ startOffset });
  return decodeCapture(jobInGb18030(lines), { newDecoder, profiles, revealMember })[0];
}

const slip = (items: readonly string[], end: readonly string[]): readonly string[] => [
  "SHOP",
  ...items,
  ...end,
  "No 17",
  "2026-07-01 10:01",
];

describe("reading a slip by a profile", () => {
  it("does not take the name of goods for the kind of the slip", () => {
    const pants = slip(["TRAINING PANTS  9.00"], ["TOTAL  9.00", "CASH  9.00"]);
    expect(read(pants)).toMatchObject({ kind: "sale", reconciliation: { state: "reconciled" } });
    expect(read([...pants, "** TRAINING **"])).toMatchObject({ kind: "training", status: "training" });
  });

  it("reads a slip that does not match when the profile is forced on it, and leaves alone what is no receipt", () => {
    const other = slip(["MILK  3.00"], ["TOTAL  3.00", "CASH  3.00"]).map((line) => line.replace("SHOP", "STORE"));
    const newDecoder = (startOffset: number) => createPrintDecoder({ startOffset });
    const kinds = (lines: readonly string[]) =>
      decodeCapture(jobInGb18030(lines), { newDecoder, profiles: profiles.map(forced) }).map((read) => [
        read.profile,
        read.kind,
        read.sequenceNumber,
      ]);
    expect(read(other)).toMatchObject({ profile: "generic" });
    expect(kinds(other)).toEqual([["test", "sale", "17"]]);
    expect(kinds(["KITCHEN", "2 x SOUP"])).toEqual([["generic", "other", undefined]]);
  });

  it("voids the line that a later line takes back", () => {
    const voided = read(
      slip(["MILK  3.00", "MILK  3.00", "BREAD  4.00", "VOID MILK  3.00-"], ["TOTAL  7.00", "CASH  7.00"]),
    );
    expect(voided?.lineItems.map((item) => item.voided)).toEqual([false, true, false]);
    expect(voided?.reconciliation).toEqual({ state: "reconciled", reasons: [] });
  });

  it("does not understand a line that takes back what is not there", () => {
    const voided = read(slip(["MILK  3.00", "VOID BREAD  4.00-"], ["TOTAL  3.00", "CASH  3.00"]));
    expect(voided?.reconciliation.reasons).toEqual(["LINE_UNREADABLE"]);
  });

  it("notes a wrong check digit and still believes the figures", () => {
    const wrong = read(slip(["MILK 4006381333935  3.00", "TEA 4006381333931  2.00"], ["TOTAL  5.00", "CASH  5.00"]));
    expect(wrong?.lineItems.map((item) => item.itemIdFault)).toEqual(["CHECK_DIGIT", undefined]);
    expect(wrong?.reconciliation.state).toBe("reconciled");
  });

  it("holds an embedded price against its line", () => {
    const cheese = (amount: string) =>
      read(slip([`CHEESE 2112345007997  ${amount}`], [`TOTAL  ${amount}`, `CASH  ${amount}`]));
    expect(cheese("7.99")?.lineItems[0]?.embedded).toEqual({ itemReference: "12345", priceMinor: 799 });
    expect(cheese("7.99")?.reconciliation.state).toBe("reconciled");
    expect(cheese("7.89")?.reconciliation.reasons).toEqual(["EMBEDDED_NOT_AMOUNT"]);
  });

  it("understands rounding to the smallest coin", () => {
    const rounded = read(slip(["MILK  2.98"], ["TOTAL  2.98", "ROUNDING  0.02", "CASH  5.00", "CHANGE  2.00"]));
    expect(rounded).toMatchObject({ roundingMinor: 2, totalMinor: 298, reconciliation: { state: "reconciled" } });
  });

  it.each<[string, readonly string[], readonly string[], number]>([
    ["handed out, with a minus", ["MILK  2.98"], ["TOTAL  2.98", "CASH  5.00", "CHANGE  2.02-"], 202],
    ["handed out, without one", ["MILK  2.98"], ["TOTAL  2.98", "CASH  5.00", "CHANGE  2.02"], 202],
    ["of nothing", ["MILK  2.98"], ["TOTAL  2.98", "CASH  2.98", "CHANGE  0.00"], 0],
    ["that a tender says too", ["MILK  2.98"], ["TOTAL  2.98", "CASH  5.00", "CASH  2.02-", "CHANGE  2.02-"], -202],
    ["of a refund", ["MILK  2.98-"], ["TOTAL  2.98-", "CARD  1.00-", "CHANGE  1.98-"], -198],
  ])("reads change %s", (_, items, end, changeMinor) => {
    expect(read(slip(items, end))).toMatchObject({ changeMinor });
  });

  const paid = (...lines: readonly string[]) => read(slip(["MILK  3.00"], ["TOTAL  3.00", ...lines]))?.tenders[0];
  const wechat = "4200001823202607018812345678";
  const alipay = "2026070122001458731426512345";

  it.each([
    ["a WeChat trade number", ["WECHAT  3.00", "out 0117050000335120260701104711", `no ${wechat}`], "wechat", wechat],
    [
      "one that goes on on the next line",
      ["WECHAT  3.00", `no:${wechat.slice(0, 20)}`, wechat.slice(20)],
      "wechat",
      wechat,
    ],
    ["one in groups of four", ["WECHAT  3.00", wechat.replace(/(.{4})(?=.)/g, "$1 ")], "wechat", wechat],
    ["an Alipay trade number", ["ALIPAY  3.00", `交易号:${alipay}`], "alipay", alipay],
    ["a wallet that only its number names", ["SCAN PAY  3.00", wechat], "wechat", wechat],
    ["an authorisation code", ["CARD  3.00", "AID A0000000031010", "AUTH CODE: 07712B"], "card", "07712B"],
    ["an authorisation code in Chinese", ["CARD  3.00", "授权码:123456"], "card", "123456"],
  ])("finds %s without being told where", (_, lines, tenderType, reference) => {
    expect(paid(...lines)).toEqual({ tenderType, amountMinor: 300, reference });
  });

  it("never gives a card number for a reference", () => {
    const number = withLuhn(`4${"1".repeat(14)}`);
    const slipped = read(slip(["MILK  3.00"], ["TOTAL  3.00", "CARD  3.00", `AUTH ${number}`, number]));
    expect(slipped?.tenders).toEqual([{ tenderType: "card", amountMinor: 300 }]);
    expect(JSON.stringify(slipped)).not.toContain(number);
  });

  it("masks the member number wherever it stands, unless it is asked for", () => {
    const lines = slip(["MILK  3.00"], ["TOTAL  3.00", "CASH  3.00", "MEMBER 13812345678 GOLD"]);
    expect(read(lines)).toMatchObject({ memberId: "*******5678" });
    expect(JSON.stringify(read(lines))).not.toContain("13812345678");
    expect(read(lines)?.lines).toContain("MEMBER *******5678 GOLD");
    expect(read(lines, true)).toMatchObject({ memberId: "13812345678" });
    expect(read(lines, true)?.lines).toContain("MEMBER 13812345678 GOLD");
  });

  it("masks the member number as often as it is printed, and nothing of a longer number", () => {
    const printed = ["MEMBER 13812345678 (13812345678)", "POINTS OF 13812345678", "REF 913812345678"];
    const { lines } = read(slip(["MILK  3.00"], ["TOTAL  3.00", "CASH  3.00", ...printed])) ?? {};
    expect(lines).toEqual(
      expect.arrayContaining(["MEMBER *******5678 (*******5678)", "POINTS OF *******5678", "REF 913812345678"]),
    );
  });

  it("leaves at least half of a short member number unsaid", () => {
    expect(read(slip(["MILK  3.00"], ["TOTAL  3.00", "CASH  3.00", "MEMBER 1234"]))).toMatchObject({
      memberId: "**34",
    });
  });
});
