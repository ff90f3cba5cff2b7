import { decimalString, parseDecimal, parseMinor, type Decimal } from "./decimal.ts";
import type { Groups } from "./pattern.ts";
import type { Profile } from "./profile.ts";

/** The lines of a slip as one profile reads them. */
export class SlipText {
  readonly profile: Profile;
  readonly lines: readonly string[];

  constructor(profile: Profile, lines: readonly string[]) {
    this.profile = profile;
    this.lines = lines;
  }

  /** Whether one of the patterns stands on some line. */
  has(...patterns: readonly string[]): boolean {
    return patterns.some((pattern) => this.indexOf(pattern, 0) >= 0);
  }

  /** Index of the first line from `from` on that matches, or -1. */
  indexOf(pattern: string, from: number): number {
    const compiled = this.profile.pattern(pattern);
    return this.lines.findIndex((line, index) => index >= from && compiled(line) !== undefined);
  }

  /** The groups of the first line that matches the first pattern that matches at all. */
  find(patterns: readonly string[] | undefined): Groups | undefined {
    for (const pattern of patterns ?? []) {
      const compiled = this.profile.pattern(pattern);
      for (const line of this.lines) {
        const groups = compiled(line);
        if (groups !== undefined) return groups;
      }
    }
    return undefined;
  }

  /** The first group of {@link find}. */
  value(patterns: readonly string[] | undefined): string | undefined {
    const groups = this.find(patterns);
    return groups === undefined ? undefined : Object.values(groups)[0];
  }

  /** {@link value} as an amount in minor units. */
  minor(patterns: readonly string[] | undefined): number | undefined {
    const text = this.value(patterns);
    return text === undefined ? undefined : this.toMinor(text);
  }

  /** {@link value} as a count. */
  count(patterns: readonly string[] | undefined): number | undefined {
    const text = this.value(patterns);
    return text === undefined || !/^\d{1,9}$/.test(text) ? undefined : Number(text);
  }

  /** A printed amount in minor units. */
  toMinor(text: string): number | undefined {
    return parseMinor(text, this.profile.source.locale);
  }

  /** A printed number. */
  toDecimal(text: string): Decimal | undefined {
    return parseDecimal(text, this.profile.source.locale);
  }

  /** {@link value} as a number, a decimal string. */
  decimal(patterns: readonly string[] | undefined): string | undefined {
    const decimal = this.toDecimal(this.value(patterns) ?? "");
    return decimal === undefined ? undefined : decimalString(decimal);
  }

  /** The same profile on a part of the lines. */
  slice(from: number, to?: number): SlipText {
    return this.withLines(this.lines.slice(from, to));
  }

  /** The same profile on other lines. */
  withLines(lines: readonly string[]): SlipText {
    return new SlipText(this.profile, lines);
  }
}
