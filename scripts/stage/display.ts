import { pad } from "../../agent/cli/columns.ts";
import { liveLine } from "../../agent/cli/live-line.ts";
import type { Locale } from "../../agent/core/errors.ts";
import type { LiveEvent } from "../../agent/core/live-event.ts";
import type { PlannedSlip } from "../../drivers/virtual/morning.ts";
import type { PlayerEvent } from "../../drivers/virtual/player.ts";
import type { PlannedScan } from "../../drivers/virtual/scan-plan.ts";
import { decimal } from "../../drivers/virtual/virtual-slip.ts";
import type { VisitPlayed } from "../../drivers/virtual/visit-player.ts";
import type { Summary } from "./summary.ts";

/** Shows the morning: what the store does at the left margin, what the agent makes of it indented below. */
export class Display {
  readonly #quiet: boolean;
  readonly #timeZone: string;
  readonly #locale: Locale;

  constructor(options: { quiet: boolean; timeZone: string; locale: Locale }) {
    this.#quiet = options.quiet;
    this.#timeZone = options.timeZone;
    this.#locale = options.locale;
  }

  /** A sentence of the stage itself. */
  note(en: string, zh: string): void {
    this.#line(`■ ${this.#locale === "en" ? en : zh}`);
  }

  /** What a till, a cashier or a shopper does. */
  store({ type, planned, attempt, scan }: PlayerEvent): void {
    const { slip, tap } = planned;
    const en = this.#locale === "en";
    const receipt = `${slip.receiptNo}  ${decimal(slip.totalMinor)} ${slip.currencyCode}`;
    const shopper = en ? `shopper ${tap?.shopper.number ?? 0}` : `顾客 ${tap?.shopper.number ?? 0}`;
    const words: Partial<Record<PlayerEvent["type"], string | undefined>> = {
      printing: en ? `POS prints ${receipt}` : `收银机打印 ${receipt}`,
      "print-broken": en ? `POS lost its printer at ${slip.receiptNo}` : `收银机断线 ${slip.receiptNo}`,
      tapping: en ? `${shopper} taps` : `${shopper} 刷卡`,
      "tap-lost": en ? `${shopper} heard no beep and tries again` : `${shopper} 未听到提示音,再刷一次`,
      scanning: scan && scanWords(scan, planned)?.[this.#locale],
      "scan-lost": en ? "nobody reads the scanner; it is keyed in" : "扫码器无人读取,改为手工输入",
    };
    const text = words[type];
    if (text === undefined) return;
    const again = attempt > 1 ? ` (${attempt})` : "";
    this.#line(`▶ ${en ? "lane" : "台"} ${planned.laneId}  ${text}${again}`);
  }

  /** Who comes to the entrance and goes. */
  visit({ type, visit: { beacon } }: VisitPlayed): void {
    const en = this.#locale === "en";
    const number = beacon.sends.type === "ibeacon" ? beacon.sends.minor : Number.parseInt(beacon.sends.instance, 16);
    const who = `${beacon.beaconId} ${number}`;
    const words = type === "came" ? (en ? "comes in" : "进来") : en ? "leaves" : "离开";
    this.#line(`▶ ${en ? "entrance" : "入口"}  ${who} ${words}`);
  }

  /** What the agent does. */
  agent(event: LiveEvent): void {
    // A scan is recorded as soon as it is seen: one line is enough.
    if (event.type === "seen" && event.what === "scan") return;
    this.#line(`    ${liveLine(event, this.#timeZone, this.#locale)}`);
  }

  /** How the morning ended, in words. */
  summary(summary: Summary, seconds: number): void {
    const { printed, recorded, inCloud, missing, duplicates, taps, linked } = summary;
    const { scans, scansInCloud, visits, visitsInCloud, strays } = summary;
    const rows: readonly (readonly [en: string, zh: string, count: number, en: string, zh: string])[] = [
      ["sales printed", "打印的销售", printed, "", ""],
      ["in the ledger", "本地账本", recorded, "", ""],
      [
        "in the cloud",
        "云端",
        inCloud,
        `missing ${missing}, doubled ${duplicates}`,
        `缺失 ${missing},重复 ${duplicates}`,
      ],
      ["taps", "刷卡", taps, `linked to the right receipt ${linked}`, `正确关联 ${linked}`],
      ["scans", "扫码", scans, `in the cloud as what they are ${scansInCloud}`, `云端正确 ${scansInCloud}`],
      ["visits", "到访", visits, `in the cloud ${visitsInCloud}`, `云端 ${visitsInCloud}`],
      ...(strays === 0 ? [] : [["never played", "多余", strays, "and yet in the cloud", "云端有而未播放"] as const]),
    ];
    const en = this.#locale === "en";
    this.#line("");
    this.note(`The morning is over after ${seconds} s.`, `上午结束,用时 ${seconds} 秒。`);
    for (const [enName, zhName, count, enMore, zhMore] of rows) {
      const name = pad(en ? enName : zhName, 14);
      const more = count === 0 ? (en ? "not played" : "未播放") : en ? enMore : zhMore;
      this.#line(`  ${name} ${String(count).padStart(5)}   ${more}`.trimEnd());
    }
  }

  #line(text: string): void {
    if (!this.#quiet) process.stdout.write(`${text}\n`);
  }
}

/** All articles of a sale in one line, with the first of them. */
function scanWords(scan: PlannedScan, { scans = [] }: PlannedSlip): Readonly<Record<Locale, string>> | undefined {
  switch (scan.kind) {
    case "article": {
      const articles = scans.filter(({ kind }) => kind === "article");
      if (articles[0] !== scan) return undefined;
      const { length } = articles;
      const en = `cashier scans ${length === 1 ? "an article" : `${length} articles`}`;
      return { en, "zh-CN": `收银员扫描 ${length} 件商品` };
    }
    case "member":
      return { en: "shopper shows a member code", "zh-CN": "顾客出示会员码" };
    case "payment":
      return { en: "shopper shows a WeChat payment code", "zh-CN": "顾客出示微信付款码" };
  }
}
