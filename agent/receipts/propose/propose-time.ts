import { localDateTime } from "../local-date-time.ts";
import { compilePattern } from "../pattern.ts";
import type { ProfileSource } from "../profile-schema.ts";
import { literal } from "./literal.ts";
import type { Reading } from "./reading.ts";

type Fields = Pick<ProfileSource["fields"], "endDateTime" | "endTime" | "second">;

/** Orders and separators of printed dates. */
const dates: readonly string[] = [
  ...["-", "/", String.raw`\.`].flatMap((sign) => [
    `{year}${sign}{month}${sign}{day}`,
    `{day}${sign}{month}${sign}{year}`,
    `{month}${sign}{day}${sign}{year}`,
  ]),
  String.raw`{year}年\s?{month}月\s?{day}日`,
  String.raw`{day}[-. ]?{monthName}[-., ]{1,2}{year}`,
  String.raw`{monthName}\.?\s?{day},?\s?{year}`,
];

const times: readonly string[] = [
  String.raw`{hour}:{minute}:{second}\s?{half}`,
  String.raw`{hour}:{minute}\s?{half}`,
  "{hour}:{minute}:{second}",
  "{hour}:{minute}",
  "{hour}時{minute}分",
  "{hour}点{minute}分",
];

const anyFormat = { decimal: ".", thousands: ",", exponent: 2 } as const;

/**
 * Patterns for date and time: on one line, or the time of day on a line of its own. Empty when no printed form gives the known time.
 * Where the time is not known because day and month could be either, it is the month first for dollars and the day first else.
 */
export function proposeTime(readings: readonly Reading[], currency: string): Fields {
  const timed = readings.filter(({ read }) => read.endDateTime !== undefined);
  if (timed.length === 0) return guessTime(readings, currency === "USD" ? monthFirst : dayFirst);
  const together = coveringSet(timed, (reading) => togetherOn(reading));
  if (together.length > 0) return { endDateTime: together, ...seconds(timed) };
  const apart = coveringSet(timed, (reading) => dates.flatMap((date) => onLine(reading, date)));
  const clock = coveringSet(timed, (reading) => times.flatMap((time) => onLine(reading, time)));
  return apart.length > 0 && clock.length > 0 ? { endDateTime: apart, endTime: clock, ...seconds(timed) } : {};
}

const monthFirst = "{month}/{day}/{year}";
const dayFirst = "{day}/{month}/{year}";

function guessTime(readings: readonly Reading[], date: string): Fields {
  const pattern = times
    .map((time) => String.raw`${date}\s+${time}`)
    .find((one) => readings.every(({ lines }) => lines.some((line) => isTime(compilePattern(one, anyFormat)(line)))));
  return pattern === undefined ? {} : { endDateTime: [pattern] };
}

const isTime = (groups: Readonly<Record<string, string>> | undefined): boolean =>
  groups !== undefined && localDateTime(groups) !== undefined;

/** What may stand between a date and a time of day: blanks, a `T`, the day of the week. */
const joints: readonly string[] = [
  String.raw`\s+`,
  "T",
  String.raw`\s?\(\S{1,3}\)\s*`,
  String.raw`\s+(?:a|à|at|um|alle)\s+`,
];

function togetherOn(reading: Reading): readonly string[] {
  const bare = dates.flatMap((date) => times.flatMap((time) => joints.map((joint) => `${date}${joint}${time}`)));
  return bare.flatMap((pattern) => onLine(reading, pattern));
}

/** The pattern alone, and behind what stands before it on a line, if that gives what is known. */
function onLine({ lines, read, segment }: Reading, pattern: string): readonly string[] {
  const compiled = compilePattern(pattern, anyFormat);
  return lines.flatMap((line) => {
    const groups = compiled(line);
    if (groups === undefined || !agrees(groups, read.endDateTime ?? "", segment.qrCodes.length > 0)) return [];
    const label = /^\s*([^\d\s][^\d]*?)\s*\d/.exec(line)?.[1];
    return label === undefined ? [pattern] : [pattern, String.raw`^\s*${literal(label)}\s*${pattern}`];
  });
}

/** Whether these parts are parts of a known time. Seconds may come from elsewhere. */
function agrees(groups: Readonly<Record<string, string>>, known: string, secondsElsewhere: boolean): boolean {
  const filled = localDateTime({
    year: known.slice(0, 4),
    month: known.slice(5, 7),
    day: known.slice(8, 10),
    hour: known.slice(11, 13),
    minute: known.slice(14, 16),
    ...(secondsElsewhere || groups["second"] === undefined ? { second: known.slice(17, 19) } : {}),
    ...groups,
  });
  return filled === known;
}

/** As few of the patterns of all slips as read every slip rightly. */
function coveringSet(
  timed: readonly Reading[],
  candidatesOf: (reading: Reading) => readonly string[],
): readonly string[] {
  const chosen: string[] = [];
  let open = timed;
  while (open.length > 0 && chosen.length < 3) {
    const [first] = open;
    if (first === undefined) break;
    const best = candidatesOf(first).find((pattern) => timed.every((reading) => firstAgrees(pattern, reading)));
    if (best === undefined) return [];
    chosen.push(best);
    open = open.filter(
      (reading) => reading !== first && !reading.lines.some((line) => compilePattern(best, anyFormat)(line)),
    );
  }
  return chosen;
}

function firstAgrees(pattern: string, { lines, read, segment }: Reading): boolean {
  const compiled = compilePattern(pattern, anyFormat);
  const groups = lines.map((line) => compiled(line)).find((found) => found !== undefined);
  return groups === undefined || agrees(groups, read.endDateTime ?? "", segment.qrCodes.length > 0);
}

/** DSFinV-K (TSE) and RKSV codes say the second that German and Austrian receipts do not print. */
function seconds(timed: readonly Reading[]): Pick<Fields, "second"> {
  const codes = timed.flatMap(({ segment }) => segment.qrCodes);
  const second = [
    ...(codes.some((code) => code.startsWith("V0;")) ? [String.raw`^V0;.*T\d\d:\d\d:{second}\.\d+Z;`] : []),
    ...(codes.some((code) => code.startsWith("_R1-"))
      ? [String.raw`^_R1-\S+?_\d{4}-\d\d-\d\dT\d\d:\d\d:{second}_`]
      : []),
  ];
  return second.length === 0 ? {} : { second };
}
