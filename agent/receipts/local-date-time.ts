import type { Groups } from "./pattern.ts";

/**
 * A printed date and time, given as the groups `year`, `month`, `day`, `hour`, `minute` and perhaps `second`, in ISO 8601 without an
 * offset. A year of two digits is one of this century. `undefined` when it is no date.
 */
export function localDateTime(groups: Groups): string | undefined {
  const { year = "", month = "", day = "", hour = "", minute = "", second = "00" } = groups;
  const text = `${year.padStart(4, "20")}-${month}-${day}T${hour}:${minute}:${second}`;
  const parsed = new Date(`${text}Z`);
  return Number.isNaN(parsed.getTime()) || parsed.toISOString().slice(0, 19) !== text ? undefined : text;
}
