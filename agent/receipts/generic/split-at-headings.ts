import type { PrintEvent } from "../../core/print.ts";
import { blockStarts } from "../blocks.ts";
import { segmentOf, type Segment } from "../splitter.ts";
import { numberLabel } from "./identity.ts";
import { readLines, type SlipLines } from "./slip-lines.ts";

/** What one block of lines between feeds tells of the slip it belongs to. */
interface Block {
  /** Index of its first event. */
  readonly from: number;
  readonly heading: string;
  readonly hasTotal: boolean;
  readonly numbers: readonly { readonly label: string; readonly value: string }[];
}

/** What the open slip has shown so far. */
interface Open {
  readonly heading: string;
  readonly numbers: Block["numbers"];
  hasTotal: boolean;
}

/**
 * Tells slips of an unknown layout apart that no cut separates: behind a feed, once the slip before has its total, the same heading
 * or another number under the same label begins the next one. Answers the segment itself when it holds one slip.
 */
export function splitAtHeadings(segment: Segment): readonly Segment[] {
  const starts = blockStarts(segment.events);
  if (starts.length < 2) return [segment];
  const cuts: number[] = [];
  let open: Open | undefined;
  for (const [index, from] of starts.entries()) {
    const block = blockOf(segment.events, from, starts[index + 1] ?? segment.events.length);
    if (open !== undefined && open.hasTotal && beginsNext(block, open)) {
      cuts.push(from);
      open = undefined;
    }
    open = joined(open, block);
  }
  return cuts.length === 0 ? [segment] : parts(segment, cuts);
}

function joined(open: Open | undefined, block: Block): Open {
  if (open === undefined) return { heading: block.heading, numbers: block.numbers, hasTotal: block.hasTotal };
  return {
    heading: open.heading,
    numbers: open.numbers.length > 0 ? open.numbers : block.numbers,
    hasTotal: open.hasTotal || block.hasTotal,
  };
}

function beginsNext(block: Block, open: Open): boolean {
  if (block.heading !== "" && block.heading === open.heading) return true;
  return block.numbers.some(({ label, value }) =>
    open.numbers.some((other) => other.label === label && other.value !== value),
  );
}

function blockOf(events: readonly PrintEvent[], from: number, to: number): Block {
  const lines = events.slice(from, to).flatMap((event) => (event.type === "line" ? [event.text] : []));
  const slip = readLines(lines);
  const heading = lines.find((line) => /\p{L}{2}/u.test(line))?.trim() ?? "";
  return {
    from,
    heading,
    hasTotal: slip.rows.some((row) => slip.factsOf(row).some((fact) => fact.plain && isTotal(fact.role))),
    numbers: numbersOf(slip),
  };
}

function isTotal(role: string | undefined): boolean {
  return role === "total" || role === "due" || role === "paid";
}

function numbersOf({ rows }: SlipLines): Block["numbers"] {
  return rows.flatMap((row) => numberLabel(row) ?? []);
}

function parts(segment: Segment, cuts: readonly number[]): readonly Segment[] {
  const { events, startOffset, endOffset, end } = segment;
  const bounds = [0, ...cuts, events.length];
  const offsets = [startOffset, ...cuts.map((cut) => events[cut]?.startOffset ?? endOffset), endOffset];
  return bounds.slice(0, -1).map((from, index) => {
    const isLast = index === cuts.length;
    const [begin = startOffset, stop = endOffset] = offsets.slice(index, index + 2);
    return segmentOf(begin, stop, isLast ? end : "header", events.slice(from, bounds[index + 1]));
  });
}
