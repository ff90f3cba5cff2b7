import type { Locale } from "../core/errors.ts";
import type { LiveEvent, RecordedEvent, SeenEvent, SlipSummary } from "../core/live-event.ts";
import { pad } from "./columns.ts";
import { formatMoney, formatSpan, formatTime } from "./format.ts";
import { detailWords } from "./detail-words.ts";
import { codeWords } from "./entry-words.ts";
import { healthWords } from "./health-words.ts";
import { kindWords, reconciliationWords, statusWords, tierWords } from "./receipt-words.ts";
import { text, type Text } from "./text.ts";

/** One live event as one readable line: time, what happened, where, particulars. */
export function liveLine(event: LiveEvent, timeZone: string, locale: Locale): string {
  const say = (words: Text): string => words[locale];
  const verb = pad(say(verbs[event.type]), 12);
  return `${formatTime(event.atMs, timeZone, "time")}  ${verb}  ${pad(place(event, say), 8)}  ${particulars(event, say, locale)}`.trimEnd();
}

type Say = (words: Text) => string;

function place(event: LiveEvent, say: Say): string {
  if ("laneId" in event && event.laneId !== undefined) return say(text(`台 ${event.laneId}`, `lane ${event.laneId}`));
  if ("zoneId" in event && event.zoneId !== undefined) return say(text(`区域 ${event.zoneId}`, `zone ${event.zoneId}`));
  return "";
}

const verbs: Readonly<Record<LiveEvent["type"], Text>> = {
  seen: text("看到", "seen"),
  recorded: text("已记录", "recorded"),
  linked: text("已关联", "linked"),
  sent: text("已发送", "sent"),
  acknowledged: text("已确认", "acknowledged"),
  shed: text("已丢弃", "dropped"),
  refused: text("被拒绝", "REFUSED"),
  device: text("设备", "device"),
  uplink: text("云端", "cloud"),
  alarm: text("告警", "ALARM"),
  agent: text("代理", "agent"),
};

const whatWords: Readonly<Record<SeenEvent["what"], Text>> = {
  "print-bytes": text("打印数据", "print bytes"),
  "print-end": text("打印结束", "end of print"),
  "nfc-tap": text("卡片", "card"),
  "nfc-unread": text("卡片读不出", "card not read"),
  scan: text("扫码", "scan"),
};

function particulars(event: LiveEvent, say: Say, locale: Locale): string {
  const words = (detail: string | undefined): string | undefined => detail && detailWords(detail, locale);
  switch (event.type) {
    case "seen":
      return seen(event, say);
    case "recorded":
      return joined(recorded(event, say, locale), event.isTest === true && say(testMark), `#${event.seq}`);
    case "linked":
      return linked(event, say);
    case "sent":
      return `#${event.firstSeq}–#${event.lastSeq}${event.attempt > 1 ? say(text(`(第 ${event.attempt} 次)`, ` (attempt ${event.attempt})`)) : ""}`;
    case "acknowledged":
      return say(
        text(
          `云端已保存 #${event.firstSeq}–#${event.lastSeq}`,
          `stored in the cloud: #${event.firstSeq}–#${event.lastSeq}`,
        ),
      );
    case "shed":
    case "refused":
      return joined(say(whatWords[event.what]), event.deviceId, event.code);
    case "device":
      return joined(event.deviceId, say(healthWords[event.state]), event.code, words(event.detail));
    case "uplink":
      return joined(say(uplinkWords[event.state]), event.code, words(event.detail));
    case "alarm":
      return joined(
        event.code,
        say(event.state === "raised" ? text("出现", "raised") : text("解除", "cleared")),
        words(event.detail),
      );
    case "agent":
      return say(event.state === "started" ? text("已启动", "started") : text("正在停止", "stopping"));
  }
}

const testMark = text("(测试)", "(test)");

const joined = (...parts: readonly (string | undefined | false)[]): string =>
  parts.filter((part) => part !== undefined && part !== false && part !== "").join("  ");

function seen(event: SeenEvent, say: Say): string {
  const size =
    event.byteCount === undefined ? undefined : say(text(`${event.byteCount} 字节`, `${event.byteCount} bytes`));
  const test = event.isTest === true && say(testMark);
  return joined(say(whatWords[event.what]), event.technology, size, event.reason, test, event.deviceId);
}

function recorded(event: RecordedEvent, say: Say, locale: Locale): string {
  switch (event.kind) {
    case "transaction":
      return slip(event.slip, say);
    case "transaction.repeat":
      return joined(say(text("重复的小票,不重复计数", "the same receipt again, not counted")), event.sequenceNumber);
    case "touch":
      return joined(
        say(text("触碰", "touch")),
        event.technology,
        event.tier === undefined ? undefined : say(tierWords[event.tier]),
        event.unreadReason,
        event.doubt,
      );
    case "scan":
      return joined(say(text("扫码", "scan")), say(codeWords[event.codeKind]));
    case "visit.started":
      return joined(say(text("到访", "visit")), event.beaconId);
    case "visit.ended":
      return joined(
        say(text("离开", "visit over")),
        event.beaconId,
        event.dwellMs === undefined ? undefined : formatSpan(event.dwellMs, locale),
        event.reason === undefined ? undefined : say(leavingWords[event.reason]),
      );
  }
}

const leavingWords = {
  left: text("走远", "went away"),
  moved: text("去了别的区域", "went to another zone"),
  silent: text("不再听到", "not heard any more"),
} as const;

function slip(summary: SlipSummary, say: Say): string {
  const lines = say(
    text(`${summary.lineItemCount} 行`, `${summary.lineItemCount} ${summary.lineItemCount === 1 ? "line" : "lines"}`),
  );
  return joined(
    say(kindWords[summary.kind]),
    summary.sequenceNumber ?? say(text("无号码", "no number")),
    formatMoney(summary.totalMinor, summary.currencyCode, summary.currencyExponent),
    summary.lineItemCount === 0 ? undefined : lines,
    summary.status === "truncated" ? say(statusWords.truncated) : undefined,
    summary.reconciliation === "unreconciled" ? say(reconciliationWords.unreconciled) : undefined,
    summary.profile === "generic" ? say(text("通用版式", "no profile")) : summary.profile,
  );
}

function linked(event: Extract<LiveEvent, { type: "linked" }>, say: Say): string {
  const receipt = say(text(`小票 ${event.sequenceNumber ?? "?"}`, `receipt ${event.sequenceNumber ?? "?"}`));
  if (event.state === "ambiguous")
    return joined(
      receipt,
      say(text(`有 ${event.candidateCount} 个触碰,无法区分`, `${event.candidateCount} touches, none chosen`)),
    );
  return joined(
    receipt,
    say(text("↔ 触碰", "↔ touch")),
    event.tier === undefined ? undefined : say(tierWords[event.tier]),
    `#${event.seq}`,
  );
}

const uplinkWords = {
  connecting: text("正在连接", "connecting"),
  connected: text("已连接", "connected"),
  disconnected: text("连接断开,数据保存在本地", "disconnected; everything is kept here"),
} as const;
