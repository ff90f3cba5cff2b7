import type { Scan } from "../../agent/core/observation.ts";
import type { ScannedCode } from "../../agent/core/scanned-code.ts";
import type { Ms } from "../../agent/core/time.ts";
import { classifyStripe, type StripePattern } from "./codes/classify-stripe.ts";
import { classify, type CodeRules } from "./codes/classify.ts";
import { codeText, trimmed, type CodeText } from "./codes/code-text.ts";
import type { HidDeviceConfig } from "./device-config.ts";
import type { HidNode } from "./hid.ts";
import { WedgeReader } from "./keyboard/wedge-reader.ts";
import { parseReportDescriptor, type ReportDescriptor } from "./report-descriptor.ts";
import { scannerLayout } from "./scanner-layout.ts";
import { ScannerReports } from "./scanner-reports.ts";
import { StripeReports } from "./stripe-reports.ts";
import { readTrack, splitTracks, type Track } from "./stripe-tracks.ts";
import { usages } from "./usages.ts";

/** Everything that tells codes apart. */
export interface ReaderRules extends CodeRules {
  readonly stripes: readonly StripePattern[];
}

/** What was read, as far as it may leave the driver. */
export type Reading = Pick<Scan, "via" | "symbology" | "code">;

/** Something was read that leaves nothing: for the log, without a value. */
export type Loss = "report-malformed" | "code-cut-off" | "stripe-unreadable" | "stripe-unknown";

/** What came of a report. */
export interface Readings {
  readonly readings: readonly Reading[];
  readonly losses: readonly Loss[];
}

const nothing: Readings = { readings: [], losses: [] };

/** Reads one interface by what its report descriptor announces. Raw values end here: codes are told apart at once. */
export class DeviceReader {
  /** What it is, in words for a technician. */
  readonly roles: readonly string[];
  /** A scanner or stripe reader, and not just a keyboard. */
  readonly isReader: boolean;
  /** Anything at all that can be read. */
  readonly isReadable: boolean;
  readonly #descriptor: ReportDescriptor;
  readonly #rules: ReaderRules;
  readonly #scanner: ScannerReports | undefined;
  readonly #stripe: StripeReports | undefined;
  readonly #wedge: WedgeReader | undefined;
  #cutOff = 0;

  constructor(node: HidNode, descriptor: ReportDescriptor, config: Partial<HidDeviceConfig>, rules: ReaderRules) {
    const layout = scannerLayout(descriptor, node.vendorId);
    this.#descriptor = descriptor;
    this.#rules = rules;
    this.#scanner = layout && new ScannerReports(layout, descriptor.isNumbered);
    this.#stripe = StripeReports.of(descriptor, node.vendorId);
    this.#wedge = WedgeReader.of(descriptor, config);
    this.isReader = this.#scanner !== undefined || this.#stripe !== undefined;
    this.isReadable = this.isReader || this.#wedge !== undefined;
    this.roles = [
      ...(this.#scanner ? ["scanner"] : []),
      ...(this.#stripe ? ["stripe reader"] : []),
      ...(this.#wedge ? ["keyboard"] : []),
      ...(descriptor.applications.includes(usages.alphanumericDisplay)
        ? ["customer display (nothing is written to it)"]
        : []),
    ];
  }

  /** For a node whose descriptor can be read. */
  static of(node: HidNode, config: Partial<HidDeviceConfig>, rules: ReaderRules): DeviceReader | undefined {
    const parsed = parseReportDescriptor(node.descriptor ?? new Uint8Array());
    return parsed.status === "parsed" ? new DeviceReader(node, parsed.descriptor, config, rules) : undefined;
  }

  /** Whether it takes a feature report of this id. */
  hasFeature(id: number): boolean {
    return this.#descriptor.fields.some(({ kind, reportId }) => kind === "feature" && reportId === id);
  }

  /** Takes one report at a reading of the monotonic clock. Never throws. */
  take(bytes: Uint8Array, nowMs: Ms): Readings {
    const all = [
      this.#fromScanner(bytes, nowMs),
      this.#fromStripe(bytes),
      this.#typed(this.#wedge?.take(bytes, nowMs)),
    ];
    return { readings: all.flatMap(({ readings }) => readings), losses: all.flatMap(({ losses }) => losses) };
  }

  /** When {@link DeviceReader.expire} should be asked, if at all. */
  get dueMs(): Ms | undefined {
    return this.#wedge?.dueMs;
  }

  /** What is complete because nothing followed. */
  expire(nowMs: Ms): Readings {
    return this.#typed(this.#wedge?.expire(nowMs));
  }

  #fromScanner(bytes: Uint8Array, nowMs: Ms): Readings {
    const reading = this.#scanner?.take(bytes, nowMs);
    if (!this.#scanner || !reading) return nothing;
    const losses: Loss[] = reading.status === "malformed" ? ["report-malformed"] : [];
    if (this.#scanner.cutOff > this.#cutOff) losses.push("code-cut-off");
    this.#cutOff = this.#scanner.cutOff;
    if (reading.status !== "code") return { readings: [], losses };
    return { readings: this.#classified("hid-pos", codeText(reading.bytes, reading.symbology)), losses };
  }

  #fromStripe(bytes: Uint8Array): Readings {
    const swipe = this.#stripe?.take(bytes) ?? { status: "none" };
    if (swipe.status === "read") return this.#swiped(swipe.tracks);
    return swipe.status === "unreadable" ? { readings: [], losses: ["stripe-unreadable"] } : nothing;
  }

  #typed(texts: readonly string[] = []): Readings {
    const all = texts.map((typed): Readings => {
      const code = trimmed(typed, undefined);
      if (!isTypedStripe(code.text)) return { readings: this.#classified("keyboard", code), losses: [] };
      return this.#swiped(typedTracks(code.text));
    });
    return { readings: all.flatMap(({ readings }) => readings), losses: all.flatMap(({ losses }) => losses) };
  }

  #swiped(tracks: readonly Track[]): Readings {
    if (tracks.length === 0) return { readings: [], losses: ["stripe-unreadable"] };
    const code = classifyStripe(tracks, this.#rules.stripes);
    return code ? { readings: [{ via: "magstripe", code }], losses: [] } : { readings: [], losses: ["stripe-unknown"] };
  }

  #classified(via: Scan["via"], { text, symbology }: CodeText): readonly Reading[] {
    if (text === "") return [];
    const code: ScannedCode = classify({ text, ...(symbology !== undefined && { symbology }) }, this.#rules);
    return [{ via, code, ...(symbology !== undefined && { symbology }) }];
  }
}

/** Text that a stripe reader with a keyboard's interface types: it begins with a sentinel and what may follow one. */
function isTypedStripe(text: string): boolean {
  return /^(?:%[A-Za-z\d]|[;+]\d)[^?]*\?/.test(text);
}

/** The tracks in what was typed: `%` begins track 1, the first `;` track 2, what follows track 3. */
function typedTracks(text: string): readonly Track[] {
  let next: Track["track"] = 1;
  return splitTracks(text.toUpperCase()).flatMap((piece) => {
    const track: Track["track"] = piece.startsWith("%") ? 1 : next <= 2 && piece.startsWith(";") ? 2 : 3;
    next = track === 1 ? 2 : 3;
    return readTrack(track, piece) ?? [];
  });
}
