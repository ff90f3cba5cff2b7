import type { LineMark, TrialLine } from "../core/profile-trial.ts";
import type { Transaction } from "../core/transaction.ts";
import { interpretSegment } from "./interpret.ts";
import { readItems } from "./line-items.ts";
import { expandPattern } from "./pattern.ts";
import { readable, type Profile } from "./profile.ts";
import { ruleNames } from "./rule-names.ts";
import { SlipText } from "./slip-text.ts";
import type { Segment } from "./splitter.ts";

/** A slip as one profile reads it, and where it reads what. */
export interface TracedSlip {
  readonly transaction: Transaction;
  readonly lines: readonly TrialLine[];
}

/**
 * Reads a slip as the daemon does and notes which pattern matched which line. What is shown is what happened: the patterns of the
 * profile are watched while it is read, nothing is read a second time by rules of its own.
 */
export function traceSlip(segment: Segment, profile: Profile): TracedSlip {
  const hits = new Map<string, Set<string>>();
  const watched: Profile = {
    ...profile,
    pattern: (source) => (line) => {
      const groups = profile.pattern(source)(line);
      if (groups !== undefined) hits.set(line, (hits.get(line) ?? new Set()).add(source));
      return groups;
    },
  };
  const transaction = interpretSegment(segment, [watched], { revealMember: true });
  const lines = transaction.lines.map(readable);
  const counts = transaction.reconciliation.reasons.includes("LINE_UNREADABLE");
  const unread = counts ? readItems(new SlipText(profile, lines)).unread : [];
  const slip = new SlipText(watched, lines);
  const { split, whole } = profile.source;
  for (const pattern of [...whole, ...(split.header === undefined ? [] : [split.header])]) slip.has(pattern);
  return {
    transaction,
    lines: transaction.lines.map((text) => ({
      text,
      marks: marksOf(profile, text, hits.get(text) ?? new Set()),
      unread: unread.includes(text),
    })),
  };
}

/** What was read from a line. That it also helps to recognise the layout is said only where nothing else was. */
function marksOf(profile: Profile, line: string, sources: ReadonlySet<string>): readonly LineMark[] {
  const marks = ruleNames(profile.source)
    .filter(([source]) => sources.has(source))
    .flatMap(([source, name]) => marksOfPattern(profile, source, name, line));
  const told = marks.filter(({ field }) => !structural.has(field));
  return (told.length > 0 ? told : marks)
    .filter(
      (mark, index, all) => all.findIndex((other) => other.field === mark.field && other.from === mark.from) === index,
    )
    .toSorted((a, b) => a.from - b.from);
}

const structural: ReadonlySet<string> = new Set(["match", "header", "whole"]);

const timeParts: ReadonlySet<string> = new Set([
  "year",
  "month",
  "monthName",
  "day",
  "hour",
  "minute",
  "second",
  "half",
]);

function marksOfPattern(profile: Profile, source: string, name: string, line: string): readonly LineMark[] {
  const match = new RegExp(expandPattern(source, profile.source.locale), "du").exec(line);
  if (match === null) return [];
  const groups = Object.entries(match.indices?.groups ?? {}).filter(([, at]) => at !== undefined);
  const times = groups.filter(([group]) => timeParts.has(group)).map(([, at]) => at);
  const marks = groups
    .filter(([group]) => !timeParts.has(group))
    .map(([group, [from, to]]) => ({ field: fieldOf(name, group), from, to }));
  if (times.length > 0)
    marks.push({
      field: name,
      from: Math.min(...times.map(([from]) => from)),
      to: Math.max(...times.map(([, to]) => to)),
    });
  return marks.length > 0 ? marks : [{ field: name, from: match.index, to: match.index + match[0].length }];
}

/** A row of an item says several things; any other pattern one. */
function fieldOf(name: string, group: string): string {
  if (name === "item" || name.startsWith("item: ")) return group === "description" ? "item" : group;
  if (group === "rate") return "tax rate";
  return group === "reference" ? "tender reference" : name;
}
