/** The order of day, month and year where the digits do not tell. */
export type DateOrder = "dmy" | "mdy" | "ymd";

/** A date on a line. */
export interface DateToken {
  readonly start: number;
  readonly end: number;
  /** What it may be, most plain first: year, month, day in ISO 8601, by the order that gives it. */
  readonly readings: readonly { readonly order: DateOrder | "plain"; readonly date: string }[];
}

/** A time of day on a line, in ISO 8601. */
export interface TimeToken {
  readonly start: number;
  readonly end: number;
  readonly time: string;
  readonly seconds: boolean;
}

const months: Readonly<Record<string, number>> = Object.fromEntries(
  [
    "JAN JANV JANVIER JANUARY JANUAR GEN GENNAIO ENE ENERO JAENNER",
    "FEB FEVR FEVRIER FEBRUARY FEBRUAR FEBBRAIO FEBRERO",
    "MAR MARS MARCH MARZ MAERZ MRZ MARZO",
    "APR AVR AVRIL APRIL APRILE ABR ABRIL",
    "MAY MAI MAG MAGGIO MAYO MEI",
    "JUN JUIN JUNE JUNI GIU GIUGNO JUNIO",
    "JUL JUIL JUILLET JULY JULI LUG LUGLIO JULIO",
    "AUG AOU AOUT AUGUST AGO AGOSTO",
    "SEP SEPT SEPTEMBRE SEPTEMBER SET SETTEMBRE SEPTIEMBRE",
    "OCT OCTOBRE OCTOBER OKT OKTOBER OTT OTTOBRE OCTUBRE",
    "NOV NOVEMBRE NOVEMBER NOVIEMBRE",
    "DEC DECEMBRE DECEMBER DEZ DEZEMBER DIC DICEMBRE DICIEMBRE",
  ].flatMap((names, index) => names.split(" ").map((name) => [name, index + 1] as const)),
);

const eraStart: Readonly<Record<string, number>> = { 令和: 2018, R: 2018, 民國: 1911, 民国: 1911, 平成: 1988 };

/** The dates on a folded line, from left to right. */
export function findDates(text: string): readonly DateToken[] {
  const found = [
    ...(text.includes("年") ? eraDates(text) : []),
    ...(/\d ?[-/.] ?\d{1,2} ?[-/.] ?\d/.test(text) ? numericDates(text) : []),
    ...(/\d/.test(text) && monthName.test(text) ? namedDates(text) : []),
  ];
  return found.length > 1 ? found.sort((a, b) => a.start - b.start) : found;
}

function eraDates(text: string): readonly DateToken[] {
  const pattern = /(令和|民國|民国|平成|(?<![A-Z])R)?\s?(?<!\d)(\d{1,4})\s?年\s?(\d{1,2})\s?月\s?(\d{1,2})\s?日/g;
  return [...text.matchAll(pattern)].flatMap((match) => {
    const [whole, era, year = "", month = "", day = ""] = match;
    const full = (era === undefined ? 0 : (eraStart[era] ?? 0)) + Number(year);
    const date = isoDate(full >= 100 && full < 200 ? full + 1911 : full, Number(month), Number(day));
    return date === undefined ? [] : [token(match.index, whole, [{ order: "plain", date }])];
  });
}

function numericDates(text: string): readonly DateToken[] {
  const pattern = /(?<![\d.,/-]|\d:)(\d{1,4})( ?[-/.] ?)(\d{1,2})\2(\d{4}|\d{1,2})(?![\d:]|[-/.,]\d)/g;
  return [...text.matchAll(pattern)].flatMap((match) => {
    const [whole, a = "", separator = "", b = "", c = ""] = match;
    const readings = numericReadings(a, b, c, separator.trim());
    return readings.length === 0 ? [] : [token(match.index, whole, readings)];
  });
}

function numericReadings(a: string, b: string, c: string, separator: string): DateToken["readings"] {
  const [x, y, z] = [Number(a), Number(b), Number(c)];
  // 115/03/14 is a year of the Republic of China.
  if (a.length >= 3) return readings([[c.length > 2 ? "skip" : "plain", x < 200 ? x + 1911 : x, y, z]]);
  if (c.length === 4 && separator === ".") return readings([["plain", z, y, x]]);
  if (c.length === 4)
    return readings([
      ["dmy", z, y, x],
      ["mdy", z, x, y],
    ]);
  if (c.length < 2 || a.length + b.length < 3) return [];
  return readings([
    ["dmy", z, y, x],
    ["mdy", z, x, y],
    ["ymd", x, y, z],
  ]);
}

type Guess = readonly [order: DateOrder | "plain" | "skip", year: number, month: number, day: number];

function readings(guesses: readonly Guess[]): DateToken["readings"] {
  return guesses.flatMap(([order, year, month, day]) => {
    const date = order === "skip" ? undefined : isoDate(year, month, day);
    return date === undefined || order === "skip" ? [] : [{ order, date }];
  });
}

/** The beginnings of the names of months: a quick look before the slow one. */
const monthName =
  /JAN|JAE|FEB|FEV|MA[RYIEG]|MR|AP[RG]|AVR|ABR|JU[NIL]|GI[U]|LUG|AUG|AOU|AGO|SE[PT]|O[CKT]T|NOV|D[EI][CZ]|GEN|ENE|MEI/;

function namedDates(text: string): readonly DateToken[] {
  const dayFirst = /(?<!\d)(\d{1,2})(?:ST|ND|RD|TH)?[-. /]{0,2}([A-Z]{3,10})[-., /']{0,2}(\d{4}|\d{2})(?![\d:])/g;
  const monthFirst = /(?<![A-Z])([A-Z]{3,10})[. -]{1,2}(\d{1,2})(?:ST|ND|RD|TH)?,?[ -](\d{4}|\d{2})(?![\d:])/g;
  const named = (match: RegExpExecArray, day: string, month: string, year: string): readonly DateToken[] => {
    const date = isoDate(Number(year), months[month] ?? 0, Number(day));
    return date === undefined ? [] : [token(match.index, match[0], [{ order: "plain", date }])];
  };
  return [
    ...[...text.matchAll(dayFirst)].flatMap((match) => named(match, match[1] ?? "", match[2] ?? "", match[3] ?? "")),
    ...[...text.matchAll(monthFirst)].flatMap((match) => named(match, match[2] ?? "", match[1] ?? "", match[3] ?? "")),
  ];
}

function token(start: number, whole: string, readings: DateToken["readings"]): DateToken {
  return { start, end: start + whole.length, readings };
}

/** A POS is no older and no date on a receipt much later; a year of two digits is one of this century. */
const [firstYear, lastYear] = [2000, 2060];

function isoDate(year: number, month: number, day: number): string | undefined {
  const full = year < 100 ? year + 2000 : year;
  if (full < firstYear || full > lastYear) return undefined;
  const text = `${full}-${two(month)}-${two(day)}`;
  if (month < 1 || month > 12 || day < 1) return undefined;
  const last = new Date(Date.UTC(full, month, 0)).getUTCDate();
  return day > last ? undefined : text;
}

const two = (value: number): string => String(value).padStart(2, "0");

const clock =
  /(上午|下午|午前|午後|晚上|中午|凌晨|早上)?\s?(?<![\d:.,])(\d{1,2})(?:\s?[:時时点]\s?|H)(\d{2})(?:分)?(?:\s?[:M.]?\s?(\d{2})(?![\d:/-])(?:S|秒)?)?(?:\.\d{1,3})?(?:\s?([AP])\.?M?\.?(?![A-Z]))?(?![\d:])/g;
const spoken = /(?<![\d:.,])(\d{1,2})\.(\d{2})(?:\.(\d{2}))?\s?UHR/g;

/** The times of day on a folded line, from left to right. */
export function findTimes(text: string): readonly TimeToken[] {
  if (!/\d\s?[:H時时点.]\s?\d/.test(text)) return [];
  const found = [...text.matchAll(clock)].flatMap((match) => {
    const [whole, part = "", hour = "", minute = "", second, half] = match;
    const afternoon = half === "P" || /下午|午後|晚上/.test(part);
    const morning = half === "A" || /上午|午前|凌晨/.test(part);
    return timeToken(match.index, whole, [hour12(Number(hour), morning, afternoon), Number(minute), second]);
  });
  const words = [...text.matchAll(spoken)].flatMap((match) =>
    timeToken(match.index, match[0], [Number(match[1]), Number(match[2]), match[3]]),
  );
  return [...found, ...words];
}

function hour12(hour: number, morning: boolean, afternoon: boolean): number {
  if (afternoon && hour < 12) return hour + 12;
  return morning && hour === 12 ? 0 : hour;
}

function timeToken(
  start: number,
  whole: string,
  [hour, minute, second]: readonly [number, number, string | undefined],
): readonly TimeToken[] {
  if (hour > 23 || minute > 59 || Number(second ?? 0) > 59) return [];
  const time = `${two(hour)}:${two(minute)}:${second ?? "00"}`;
  return [{ start, end: start + whole.length, time, seconds: second !== undefined }];
}
