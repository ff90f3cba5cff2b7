import type { PrintEvent } from "../core/print.ts";

/** Why a segment ended. */
export type SegmentEnd =
  /** The paper was cut. */
  | "cut"
  /** The heading of the next slip came, without a cut between. */
  | "header"
  /** A command stopped in the middle. */
  | "broken"
  /** The line broke off, or whoever read it died. */
  | "lost"
  /** More lines than any receipt has. */
  | "full"
  /** The line fell silent. */
  | "idle"
  /** No byte followed. */
  | "closed";

/** A stretch of a print stream that holds one slip. */
export interface Segment {
  /** Position of the first byte that is not paper feed. */
  readonly startOffset: number;
  /** Position after the last byte, including the cut. The next segment's bytes begin here. */
  readonly endOffset: number;
  readonly end: SegmentEnd;
  /** Everything in it in printed order, without the feeds at either end. */
  readonly events: readonly PrintEvent[];
  /** The text, without blank lines at either end. */
  readonly lines: readonly string[];
  readonly barcodes: readonly string[];
  readonly qrCodes: readonly string[];
  /** Bytes that could not be understood. */
  readonly unknownBytes: number;
  /** Nothing was printed: feeds after a cut, a drawer kick. It belongs to no slip. */
  readonly blank: boolean;
}

/** Where and how slips are told apart. */
export interface SplitterOptions {
  /** Stream position of the first byte. */
  readonly startOffset: number;
  /** Whether a line can only stand in the heading of a slip: a second one without a cut begins another slip. */
  readonly isHeader?: (line: string) => boolean;
}

/** A slip of more events is noise or a stream without cuts, and is handed out in parts. */
const maxEvents = 4096;

/**
 * Tells slips apart: by the cut, and by the heading of the next one where there is no cutter. A drawer kick and `ESC @` are no
 * boundary. Depends on the bytes and the flushes alone, so that the same bytes read again give the same segments.
 */
export class Splitter {
  readonly #isHeader: (line: string) => boolean;
  #startOffset: number;
  #events: PrintEvent[] = [];
  /** Where the latest heading of the open segment stands in `#events`, or -1. */
  #headerAt = -1;

  constructor(options: SplitterOptions) {
    this.#startOffset = options.startOffset;
    this.#isHeader = options.isHeader ?? (() => false);
  }

  /** Stream position where the open segment begins. */
  get startOffset(): number {
    return this.#startOffset;
  }

  /** Takes events in order and answers the segments they end. */
  feed(events: readonly PrintEvent[]): readonly Segment[] {
    const ended: Segment[] = [];
    for (const event of events) this.#take(event, ended);
    return ended;
  }

  /** What is open, as it would be handed out if it ended now. */
  peek(end: "idle" | "closed" | "lost", endOffset: number): Segment {
    return segmentOf(this.#startOffset, endOffset, end, this.#events);
  }

  /** Ends the open segment at `endOffset`. Answers nothing when no byte is open. */
  flush(end: "idle" | "closed" | "lost", endOffset: number): Segment | undefined {
    if (endOffset <= this.#startOffset) return undefined;
    const ended = this.peek(end, endOffset);
    this.#open(endOffset, []);
    return ended;
  }

  #take(event: PrintEvent, ended: Segment[]): void {
    if (event.type === "line" && this.#isHeader(event.text)) this.#header(ended);
    this.#events.push(event);
    const end = event.type === "cut" || event.type === "broken" ? event.type : undefined;
    if (end === undefined && this.#events.length < maxEvents) return;
    ended.push(segmentOf(this.#startOffset, event.endOffset, end ?? "full", this.#events));
    this.#open(event.endOffset, []);
  }

  #open(startOffset: number, events: PrintEvent[]): void {
    this.#startOffset = startOffset;
    this.#events = events;
    this.#headerAt = -1;
  }

  /** A heading is about to be added: if the open segment has one already, it ends before the lines that go with the new one. */
  #header(ended: Segment[]): void {
    if (this.#headerAt >= 0) {
      const from = blockStart(this.#events, this.#headerAt);
      const moved = this.#events.slice(from);
      const boundary = moved[0]?.startOffset ?? this.#events.at(-1)?.endOffset ?? this.#startOffset;
      ended.push(segmentOf(this.#startOffset, boundary, "header", this.#events.slice(0, from)));
      this.#open(boundary, moved);
    }
    this.#headerAt = this.#events.length;
  }
}

/** Where the block of lines at the end of `events` begins: after the last feed or reset, but after `headerAt` in any case. */
function blockStart(events: readonly PrintEvent[], headerAt: number): number {
  for (let i = events.length - 1; i > headerAt; i -= 1) {
    const event = events[i];
    if (event?.type === "reset") return i;
    if (event !== undefined && isBlankLine(event)) return i + 1;
  }
  return events.length;
}

/** A segment of these events, in order; feeds before the first print belong to none. */
export function segmentOf(
  startOffset: number,
  endOffset: number,
  end: SegmentEnd,
  all: readonly PrintEvent[],
): Segment {
  const from = all.findIndex((event) => !isBlankLine(event) && event.type !== "display");
  const events = from < 0 ? [] : all.slice(from);
  const lines = trimmed(events.flatMap((event) => (event.type === "line" ? [event.text] : [])));
  const barcodes = events.flatMap((event) => (event.type === "barcode" ? [event.data] : []));
  const qrCodes = events.flatMap((event) => (event.type === "qr" ? [event.data] : []));
  const unknownBytes = events.reduce(
    (sum, event) => sum + (event.type === "unknown" ? event.endOffset - event.startOffset : 0),
    0,
  );
  const image = events.some((event) => event.type === "image");
  return {
    startOffset: firstOffset(events) ?? startOffset,
    endOffset,
    end,
    events,
    lines,
    barcodes,
    qrCodes,
    unknownBytes,
    blank: lines.length === 0 && barcodes.length === 0 && qrCodes.length === 0 && !image,
  };
}

/** A reset inside a line comes before the line it is part of. */
function firstOffset(events: readonly PrintEvent[]): number | undefined {
  const [first] = events;
  const line = events.find((event) => event.type === "line");
  if (first === undefined) return undefined;
  return Math.min(first.startOffset, line?.startOffset ?? first.startOffset);
}

function isBlankLine(event: PrintEvent): boolean {
  return event.type === "line" && event.text === "";
}

function trimmed(lines: readonly string[]): readonly string[] {
  const from = lines.findIndex((line) => line !== "");
  const to = lines.findLastIndex((line) => line !== "");
  return from < 0 ? [] : lines.slice(from, to + 1);
}
