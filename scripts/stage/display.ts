import { liveLine } from "../../agent/cli/live-line.ts";
import type { Locale } from "../../agent/core/errors.ts";
import type { LiveEvent } from "../../agent/core/live-event.ts";
import type { PlayerEvent } from "../../drivers/virtual/player.ts";
import { decimal } from "../../drivers/virtual/virtual-slip.ts";
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

  /** What a till or a shopper does. */
  store({ type, planned, attempt }: PlayerEvent): void {
    const { slip, tap } = planned;
    const en = this.#locale === "en";
    const receipt = `${slip.receiptNo}  ${decimal(slip.totalMinor)} ${slip.currencyCode}`;
    const shopper = en ? `shopper ${tap?.shopper.number ?? 0}` : `顾客 ${tap?.shopper.number ?? 0}`;
    const words: Partial<Record<PlayerEvent["type"], string>> = {
      printing: en ? `POS prints ${receipt}` : `收银机打印 ${receipt}`,
      "print-broken": en ? `POS lost its printer at ${slip.receiptNo}` : `收银机断线 ${slip.receiptNo}`,
      tapping: en ? `${shopper} taps` : `${shopper} 刷卡`,
      "tap-lost": en ? `${shopper} heard no beep and tries again` : `${shopper} 未听到提示音,再刷一次`,
    };
    const text = words[type];
    if (text === undefined) return;
    const again = attempt > 1 ? ` (${attempt})` : "";
    this.#line(`▶ ${en ? "lane" : "台"} ${planned.laneId}  ${text}${again}`);
  }

  /** What the agent does. */
  agent(event: LiveEvent): void {
    this.#line(`    ${liveLine(event, this.#timeZone, this.#locale)}`);
  }

  /** How the morning ended, in words. */
  summary(summary: Summary, seconds: number): void {
    const { printed, recorded, inCloud, missing, duplicates, taps, linked } = summary;
    const en = this.#locale === "en";
    this.#line("");
    this.note(`The morning is over after ${seconds} s.`, `上午结束,用时 ${seconds} 秒。`);
    this.#line(en ? `  sales printed      ${printed}` : `  打印的销售   ${printed}`);
    this.#line(en ? `  in the ledger      ${recorded}` : `  本地账本     ${recorded}`);
    this.#line(
      en
        ? `  in the cloud       ${inCloud}   missing ${missing}, doubled ${duplicates}`
        : `  云端         ${inCloud}   缺失 ${missing},重复 ${duplicates}`,
    );
    this.#line(
      en
        ? `  taps               ${taps}   linked to the right receipt ${linked}`
        : `  刷卡         ${taps}   正确关联 ${linked}`,
    );
  }

  #line(text: string): void {
    if (!this.#quiet) process.stdout.write(`${text}\n`);
  }
}
