import type { ReportDescriptor, ReportField } from "../report-descriptor.ts";
import { openReport, readNumber } from "../report-fields.ts";
import { idOf, pageOf, pages, usages } from "../usages.ts";

/** What one report of a keyboard changed. Keys are usage ids of the keyboard page (HID Usage Tables 1.5, section 10). */
export interface KeyChange {
  /** Keys that went down, in the order of the report; no modifiers. */
  readonly pressed: readonly number[];
  /** Modifiers that are down, bit 0 left control to bit 7 right GUI (HID 1.11, 8.3). */
  readonly modifiers: number;
}

const firstModifier = 0xe0;
const lastModifier = 0xe7;

/** All six places hold this when more keys are down than fit (ErrorRollOver): the report says nothing. */
const rollOver = 0x01;

/** The input reports of one keyboard, in boot form or any other that its descriptor describes. */
export class KeyboardReports {
  readonly #fields: readonly ReportField[];
  readonly #isNumbered: boolean;
  /** Keys that are down, by report id. */
  readonly #down = new Map<number, ReadonlySet<number>>();

  private constructor(fields: readonly ReportField[], isNumbered: boolean) {
    this.#fields = fields;
    this.#isNumbered = isNumbered;
  }

  /** For a device that is a keyboard by its descriptor; `undefined` for any other. */
  static of({ applications, fields, isNumbered }: ReportDescriptor): KeyboardReports | undefined {
    if (!applications.includes(usages.keyboard)) return undefined;
    const keys = fields.filter(
      ({ kind, isConstant, bitSize, usages: ranges }) =>
        kind === "input" && !isConstant && bitSize <= 16 && ranges.some(({ from }) => pageOf(from) === pages.keyboard),
    );
    return keys.length === 0 ? undefined : new KeyboardReports(keys, isNumbered);
  }

  /** Takes one report as Linux hands it out; `undefined` when it is none of the keyboard's, or too short. Never throws. */
  take(bytes: Uint8Array): KeyChange | undefined {
    const { id, payload } = openReport(bytes, { isNumbered: this.#isNumbered });
    const fields = this.#fields.filter(({ reportId }) => reportId === id);
    const down = new Set<number>();
    for (const field of fields) {
      for (let index = 0; index < field.count; index += 1) {
        const value = readNumber(payload, {
          bitOffset: field.bitOffset + index * field.bitSize,
          bitSize: field.bitSize,
        });
        if (value === undefined) return undefined;
        const key = field.isVariable
          ? value === 1
            ? keyAt(field, index)
            : 0
          : keyAt(field, value - field.logicalMinimum);
        if (key === rollOver) return undefined;
        if (key > rollOver) down.add(key);
      }
    }
    if (fields.length === 0) return undefined;
    const before = this.#down.get(id);
    this.#down.set(id, down);
    let modifiers = 0;
    for (const key of down) if (isModifier(key)) modifiers |= 1 << (key - firstModifier);
    return { pressed: [...down].filter((key) => !isModifier(key) && before?.has(key) !== true), modifiers };
  }
}

function isModifier(key: number): boolean {
  return key >= firstModifier && key <= lastModifier;
}

/** The usage id at an index of a field's usages; 0 where there is none. */
function keyAt({ usages: ranges }: ReportField, index: number): number {
  let left = index;
  for (const { from, to } of ranges) {
    if (left >= 0 && left <= to - from) return pageOf(from) === pages.keyboard ? idOf(from + left) : 0;
    left -= to - from + 1;
  }
  return 0;
}
