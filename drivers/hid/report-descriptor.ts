import { ItemReader, type HidItem } from "./report-items.ts";
import { usage } from "./usages.ts";

/** One run of equal fields in a report. */
export interface ReportField {
  readonly kind: "input" | "output" | "feature";
  /** 0 where the device does not number its reports. */
  readonly reportId: number;
  /** Where it begins in the report, in bits, the report id not counted. */
  readonly bitOffset: number;
  /** Bits of one field, and how many there are. */
  readonly bitSize: number;
  readonly count: number;
  /** Padding. */
  readonly isConstant: boolean;
  /** Each field has a usage of its own; otherwise its value names a usage (an array, as keyboards have them). */
  readonly isVariable: boolean;
  readonly logicalMinimum: number;
  /** Extended usages, as ranges in the order in which they were declared. */
  readonly usages: readonly UsageRange[];
}

/** First and last extended usage. */
export interface UsageRange {
  readonly from: number;
  readonly to: number;
}

/** What a report descriptor says. */
export interface ReportDescriptor {
  /** Extended usages of the application collections: what the device is. */
  readonly applications: readonly number[];
  readonly fields: readonly ReportField[];
  /** Whether reports begin with their id. */
  readonly isNumbered: boolean;
}

/** A descriptor, or in one sentence why it is none. */
export type ParsedDescriptor =
  | { readonly status: "parsed"; readonly descriptor: ReportDescriptor }
  | { readonly status: "malformed"; readonly reason: string };

/** Linux takes no longer ones (HID_MAX_DESCRIPTOR_SIZE). */
const maxBytes = 4096;

/** A report longer than this is taken for a mistake: USB HID devices of a counter send some hundred bytes. */
const maxReportBits = 8 * 4096;

const maxDepth = 32;
const maxFields = 1024;
const maxUsages = 4096;

/** Tags of the items that matter, with their type in the lowest two bits (HID 1.11, 6.2.2.4 to 6.2.2.8). */
const tags = {
  input: 0x80,
  output: 0x90,
  collection: 0xa0,
  feature: 0xb0,
  endCollection: 0xc0,
  usagePage: 0x04,
  logicalMinimum: 0x14,
  reportSize: 0x74,
  reportId: 0x84,
  reportCount: 0x94,
  push: 0xa4,
  pop: 0xb4,
  usage: 0x08,
  usageMinimum: 0x18,
  usageMaximum: 0x28,
} as const;

interface Globals {
  usagePage: number;
  logicalMinimum: number;
  reportSize: number;
  reportId: number;
  reportCount: number;
}

/**
 * Reads a HID report descriptor (Device Class Definition for HID 1.11, 6.2.2). Strict where a mistake would move fields, blind to what
 * is of no use here (units, designators, physical extents). Takes at most 4096 bytes; never throws.
 */
export function parseReportDescriptor(bytes: Uint8Array): ParsedDescriptor {
  if (bytes.length > maxBytes) return { status: "malformed", reason: `${bytes.length} bytes are too many` };
  const parser = new DescriptorParser();
  for (const item of new ItemReader(bytes)) {
    const fault = item === undefined ? "an item is cut off" : parser.take(item);
    if (fault !== undefined) return { status: "malformed", reason: fault };
  }
  return parser.finish();
}

class DescriptorParser {
  readonly #applications: number[] = [];
  readonly #fields: ReportField[] = [];
  /** Bits used so far, by kind and report id. */
  readonly #used = new Map<string, number>();
  readonly #stack: Globals[] = [];
  #globals: Globals = { usagePage: 0, logicalMinimum: 0, reportSize: 0, reportId: 0, reportCount: 0 };
  #usages: UsageRange[] = [];
  #minimum: number | undefined;
  #depth = 0;
  #isNumbered = false;

  /** Takes one item; answers what is wrong with it, if anything is. */
  take(item: HidItem): string | undefined {
    const globals = this.#globals;
    switch (item.tag) {
      case tags.usagePage:
        globals.usagePage = item.unsigned & 0xffff;
        return undefined;
      case tags.logicalMinimum:
        globals.logicalMinimum = item.signed;
        return undefined;
      case tags.reportSize:
        globals.reportSize = item.unsigned;
        return undefined;
      case tags.reportCount:
        globals.reportCount = item.unsigned;
        return undefined;
      case tags.reportId:
        return this.#setReportId(item.unsigned);
      case tags.push:
      case tags.pop:
        return this.#keepGlobals(item.tag === tags.push);
      case tags.usage:
      case tags.usageMinimum:
      case tags.usageMaximum:
        return this.#local(item);
      default:
        return this.#main(item);
    }
  }

  finish(): ParsedDescriptor {
    if (this.#depth > 0) return { status: "malformed", reason: "a collection is not closed" };
    const unnumbered = this.#fields.some(({ reportId }) => reportId === 0);
    if (this.#isNumbered && unnumbered)
      return { status: "malformed", reason: "some reports have an id, some have none" };
    const descriptor = { applications: this.#applications, fields: this.#fields, isNumbered: this.#isNumbered };
    return { status: "parsed", descriptor };
  }

  #setReportId(id: number): string | undefined {
    if (id < 1 || id > 255) return "a report id is out of range";
    this.#globals.reportId = id;
    this.#isNumbered = true;
    return undefined;
  }

  #keepGlobals(isPush: boolean): string | undefined {
    if (isPush) {
      if (this.#stack.push({ ...this.#globals }) > maxDepth) return "too many pushed states";
      return undefined;
    }
    const kept = this.#stack.pop();
    if (!kept) return "there is no pushed state";
    this.#globals = kept;
    return undefined;
  }

  /** A usage of four bytes brings its own page (6.2.2.8). */
  #local(item: HidItem): string | undefined {
    const extended = item.size === 4 ? item.unsigned : usage(this.#globals.usagePage, item.unsigned);
    if (item.tag === tags.usageMinimum) {
      this.#minimum = extended;
      return undefined;
    }
    const from = item.tag === tags.usageMaximum ? this.#minimum : extended;
    if (from === undefined || from > extended) return "a range of usages has no beginning";
    this.#minimum = undefined;
    if (this.#usages.push({ from, to: extended }) > maxUsages) return "too many usages";
    return undefined;
  }

  #main({ tag, unsigned }: HidItem): string | undefined {
    if (tag === tags.input) return this.#addField("input", unsigned);
    if (tag === tags.output) return this.#addField("output", unsigned);
    if (tag === tags.feature) return this.#addField("feature", unsigned);
    if (tag === tags.collection) {
      const what = this.#usages[0]?.from;
      if (unsigned === 1 && what !== undefined) this.#applications.push(what);
      this.#depth += 1;
      this.#forgetLocals();
      return this.#depth > maxDepth ? "collections are nested too deep" : undefined;
    }
    if (tag === tags.endCollection) {
      this.#depth -= 1;
      this.#forgetLocals();
      return this.#depth < 0 ? "a collection ends that did not begin" : undefined;
    }
    return undefined;
  }

  #addField(kind: ReportField["kind"], flags: number): string | undefined {
    const { reportSize, reportCount, reportId, logicalMinimum } = this.#globals;
    const key = `${kind} ${reportId}`;
    const bitOffset = this.#used.get(key) ?? 0;
    const end = bitOffset + reportSize * reportCount;
    if (end > maxReportBits) return "a report is too long";
    this.#used.set(key, end);
    const usages = this.#usages;
    this.#forgetLocals();
    if (reportSize === 0 || reportCount === 0) return undefined;
    const isConstant = (flags & 1) !== 0;
    const isVariable = (flags & 2) !== 0;
    const place = { kind, reportId, bitOffset, bitSize: reportSize, count: reportCount };
    this.#fields.push({ ...place, isConstant, isVariable, logicalMinimum, usages });
    return this.#fields.length > maxFields ? "too many fields" : undefined;
  }

  #forgetLocals(): void {
    this.#usages = [];
    this.#minimum = undefined;
  }
}
