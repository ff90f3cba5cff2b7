import type { Groups } from "./pattern.ts";

/**
 * A printed date and time, given as the groups `year`, `month` or `monthName`, `day`, `hour`, `minute` and perhaps `second` and `half`
 * (AM or PM), in ISO 8601 without an offset. A year of two digits is one of this century. `undefined` when it is no date.
 */
export function localDateTime(groups: Groups): string | undefined {
  const { year = "", day = "", minute = "", second = "00" } = groups;
  const { monthName } = groups;
  const month = monthName === undefined ? (groups["month"] ?? "") : monthNumber(monthName);
  const hour = hourOfDay(groups["hour"] ?? "", groups["half"]);
  const date = `${year.padStart(4, "20")}-${month.padStart(2, "0")}-${day.padStart(2, "0")}`;
  const text = `${date}T${hour.padStart(2, "0")}:${minute}:${second}`;
  const parsed = new Date(`${text}Z`);
  return Number.isNaN(parsed.getTime()) || parsed.toISOString().slice(0, 19) !== text ? undefined : text;
}

/** How names of months begin in English, German, French and Italian, without accents. */
const monthStarts: readonly (readonly string[])[] = [
  ["jan", "gen"],
  ["feb", "fev"],
  ["mar", "mrz"],
  ["apr", "avr"],
  ["may", "mai", "mag"],
  ["jun", "juin", "giu"],
  ["jul", "juil", "lug"],
  ["aug", "aou", "ago"],
  ["sep", "set"],
  ["oct", "okt", "ott"],
  ["nov"],
  ["dec", "dez", "dic"],
];

function monthNumber(name: string): string {
  const plain = name.normalize("NFKD").replaceAll(/\p{M}/gu, "").toLowerCase();
  const index = monthStarts.findIndex((starts) => starts.some((start) => plain.startsWith(start)));
  return index < 0 ? "" : String(index + 1);
}

/** 12 AM is midnight and 12 PM is noon. */
function hourOfDay(hour: string, half: string | undefined): string {
  if (half === undefined || !/^(?:1[0-2]|0?[1-9])$/.test(hour)) return hour;
  return String((Number(hour) % 12) + (/^p/i.test(half) ? 12 : 0));
}
