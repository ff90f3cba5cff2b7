import { expect, test } from "vitest";
import { liveLine } from "../../../agent/cli/live-line.ts";
import { asDeviceId, asEntryId, asLaneId, asSeq, asZoneId } from "../../../agent/core/ids.ts";
import type { LiveEvent, SlipSummary } from "../../../agent/core/live-event.ts";

const at = { atMs: Date.parse("2026-03-14T02:02:31Z") };
const place = { ...at, laneId: asLaneId("05"), deviceId: asDeviceId("till-5-nfc") };
const entry = { ...place, seq: asSeq(120), entryId: asEntryId("e") };
const visit = { ...at, zoneId: asZoneId("cafe"), beaconId: "staff", seq: asSeq(121), entryId: asEntryId("v") };
const slip: SlipSummary = {
  kind: "sale",
  status: "completed",
  sequenceNumber: "0003351",
  totalMinor: 9201,
  currencyCode: "CNY",
  currencyExponent: 2,
  lineItemCount: 4,
  reconciliation: "reconciled",
  profile: "cn-supermarket-80mm",
};
const strange: SlipSummary = {
  kind: "other",
  status: "truncated",
  lineItemCount: 1,
  reconciliation: "unreconciled",
  profile: "generic",
};

const morning: readonly LiveEvent[] = [
  { type: "agent", ...at, state: "started" },
  { type: "device", ...place, deviceType: "nfc", state: "down", code: "NFC_PCSCD_DOWN", detail: "no socket" },
  { type: "uplink", ...at, state: "connected" },
  { type: "seen", ...place, what: "nfc-tap", technology: "ntag213" },
  { type: "seen", ...place, what: "nfc-unread", reason: "NFC_CARD_REMOVED" },
  { type: "seen", ...place, what: "print-bytes", byteCount: 1254 },
  { type: "seen", ...place, what: "scan", isTest: true },
  { type: "recorded", ...entry, kind: "touch", technology: "ntag213", tier: "claimed" },
  { type: "recorded", ...entry, kind: "transaction", slip },
  { type: "recorded", ...entry, kind: "transaction", slip: strange },
  {
    type: "recorded",
    ...entry,
    kind: "transaction.repeat",
    transactionEntryId: asEntryId("t"),
    sequenceNumber: "0003351",
  },
  {
    type: "linked",
    ...entry,
    state: "linked",
    transactionEntryId: asEntryId("t"),
    sequenceNumber: "0003351",
    tier: "claimed",
    candidateCount: 1,
  },
  { type: "linked", ...entry, state: "ambiguous", transactionEntryId: asEntryId("t"), candidateCount: 2 },
  { type: "recorded", ...visit, kind: "visit.started" },
  { type: "recorded", ...visit, kind: "visit.ended", dwellMs: 305_000, reason: "left" },
  { type: "recorded", ...visit, kind: "visit.ended", dwellMs: 61_000, reason: "moved" },
  { type: "recorded", ...visit, kind: "visit.ended", dwellMs: 9000, reason: "silent" },
  { type: "sent", ...at, firstSeq: asSeq(119), lastSeq: asSeq(122), attempt: 1 },
  { type: "sent", ...at, firstSeq: asSeq(119), lastSeq: asSeq(122), attempt: 3 },
  { type: "acknowledged", ...at, firstSeq: asSeq(119), lastSeq: asSeq(122) },
  { type: "shed", ...place, what: "nfc-tap" },
  { type: "refused", ...place, what: "print-bytes", code: "LEDGER_UNWRITABLE" },
  { type: "alarm", ...at, code: "LEDGER_UNWRITABLE", state: "raised", detail: "disk full" },
];

test("tells a morning in one readable line an event", () => {
  expect(morning.map((event) => liveLine(event, "Asia/Shanghai", "en")).join("\n")).toMatchInlineSnapshot(`
    "10:02:31  agent                   started
    10:02:31  device        lane 05   till-5-nfc  down, retrying  NFC_PCSCD_DOWN  no socket
    10:02:31  cloud                   connected
    10:02:31  seen          lane 05   card  ntag213  till-5-nfc
    10:02:31  seen          lane 05   card not read  NFC_CARD_REMOVED  till-5-nfc
    10:02:31  seen          lane 05   print bytes  1254 bytes  till-5-nfc
    10:02:31  seen          lane 05   scan  (test)  till-5-nfc
    10:02:31  recorded      lane 05   touch  ntag213  claimed  #120
    10:02:31  recorded      lane 05   sale  0003351  92.01 CNY  4 lines  cn-supermarket-80mm  #120
    10:02:31  recorded      lane 05   other slip  no number  1 line  cut off  amounts differ  no profile  #120
    10:02:31  recorded      lane 05   the same receipt again, not counted  0003351  #120
    10:02:31  linked        lane 05   receipt 0003351  ↔ touch  claimed  #120
    10:02:31  linked        lane 05   receipt ?  2 touches, none chosen
    10:02:31  recorded      zone cafe  visit  staff  #121
    10:02:31  recorded      zone cafe  visit over  staff  5 min 5 s  went away  #121
    10:02:31  recorded      zone cafe  visit over  staff  1 min 1 s  went to another zone  #121
    10:02:31  recorded      zone cafe  visit over  staff  9 s  not heard any more  #121
    10:02:31  sent                    #119–#122
    10:02:31  sent                    #119–#122 (attempt 3)
    10:02:31  acknowledged            stored in the cloud: #119–#122
    10:02:31  dropped       lane 05   card  till-5-nfc
    10:02:31  REFUSED       lane 05   print bytes  till-5-nfc  LEDGER_UNWRITABLE
    10:02:31  ALARM                   LEDGER_UNWRITABLE  raised  disk full"
  `);
});

test("tells it in Chinese with the columns at the same places", () => {
  expect(morning.map((event) => liveLine(event, "Asia/Shanghai", "zh-CN")).join("\n")).toMatchInlineSnapshot(`
    "10:02:31  代理                    已启动
    10:02:31  设备          台 05     till-5-nfc  断开,自动重试  NFC_PCSCD_DOWN  no socket
    10:02:31  云端                    已连接
    10:02:31  看到          台 05     卡片  ntag213  till-5-nfc
    10:02:31  看到          台 05     卡片读不出  NFC_CARD_REMOVED  till-5-nfc
    10:02:31  看到          台 05     打印数据  1254 字节  till-5-nfc
    10:02:31  看到          台 05     扫码  (测试)  till-5-nfc
    10:02:31  已记录        台 05     触碰  ntag213  自称  #120
    10:02:31  已记录        台 05     销售  0003351  92.01 CNY  4 行  cn-supermarket-80mm  #120
    10:02:31  已记录        台 05     其他  无号码  1 行  不完整  金额不符  通用版式  #120
    10:02:31  已记录        台 05     重复的小票,不重复计数  0003351  #120
    10:02:31  已关联        台 05     小票 0003351  ↔ 触碰  自称  #120
    10:02:31  已关联        台 05     小票 ?  有 2 个触碰,无法区分
    10:02:31  已记录        区域 cafe  到访  staff  #121
    10:02:31  已记录        区域 cafe  离开  staff  5 分 5 秒  走远  #121
    10:02:31  已记录        区域 cafe  离开  staff  1 分 1 秒  去了别的区域  #121
    10:02:31  已记录        区域 cafe  离开  staff  9 秒  不再听到  #121
    10:02:31  已发送                  #119–#122
    10:02:31  已发送                  #119–#122(第 3 次)
    10:02:31  已确认                  云端已保存 #119–#122
    10:02:31  已丢弃        台 05     卡片  till-5-nfc
    10:02:31  被拒绝        台 05     打印数据  till-5-nfc  LEDGER_UNWRITABLE
    10:02:31  告警                    LEDGER_UNWRITABLE  出现  disk full"
  `);
});
