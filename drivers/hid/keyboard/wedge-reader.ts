import type { Ms } from "../../../agent/core/time.ts";
import type { ReportDescriptor } from "../report-descriptor.ts";
import { KeyText } from "./key-text.ts";
import { KeyboardReports } from "./keyboard-reports.ts";
import { layouts, type LayoutName } from "./layouts.ts";
import { defaultInterKeyMs, Wedge, type WedgeSuffix } from "./wedge.ts";

/** How a keyboard wedge is set. */
export interface WedgeSettings {
  readonly keyboardLayout?: LayoutName;
  readonly suffix?: WedgeSuffix;
  readonly interKeyMs?: Ms;
}

/** From the reports of a keyboard to the codes that a scanner typed on it. */
export class WedgeReader {
  readonly #reports: KeyboardReports;
  readonly #text: KeyText;
  readonly #wedge: Wedge;
  #lastMs: Ms = -Infinity;

  private constructor(reports: KeyboardReports, { keyboardLayout = "us", suffix, interKeyMs }: WedgeSettings) {
    this.#reports = reports;
    this.#text = new KeyText(layouts[keyboardLayout]);
    this.#wedge = new Wedge({ interKeyMs: interKeyMs ?? defaultInterKeyMs, ...(suffix !== undefined && { suffix }) });
  }

  /** For a device that is a keyboard by its descriptor; `undefined` for any other. */
  static of(descriptor: ReportDescriptor, settings: WedgeSettings): WedgeReader | undefined {
    const reports = KeyboardReports.of(descriptor);
    return reports && new WedgeReader(reports, settings);
  }

  /** See {@link Wedge.dueMs}. */
  get dueMs(): Ms | undefined {
    return this.#wedge.dueMs;
  }

  /** Takes one report; answers the codes that are complete with it. */
  take(bytes: Uint8Array, nowMs: Ms): readonly string[] {
    const change = this.#reports.take(bytes);
    if (change === undefined) return [];
    if (nowMs - this.#lastMs > forgetMs) this.#text.reset();
    this.#lastMs = nowMs;
    return this.#wedge.take(this.#text.take(change), nowMs);
  }

  /** See {@link Wedge.expire}. */
  expire(nowMs: Ms): readonly string[] {
    return this.#wedge.expire(nowMs);
  }
}

/** After this long a caps lock or an accent belongs to a code before. */
const forgetMs: Ms = 1_000;
