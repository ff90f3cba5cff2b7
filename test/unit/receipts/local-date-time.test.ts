import { describe, expect, it } from "vitest";
import { localDateTime } from "../../../agent/receipts/local-date-time.ts";

const time = { hour: "09", minute: "05" };

describe("a printed date and time", () => {
  it("is read with digits missing at the front, and a year of two digits", () => {
    expect(localDateTime({ year: "26", month: "5", day: "4", hour: "7", minute: "05" })).toBe("2026-05-04T07:05:00");
  });

  it.each([
    ["Jun", "06"],
    ["JULI", "07"],
    ["juillet", "07"],
    ["août", "08"],
    ["Mrz", "03"],
    ["März", "03"],
    ["dicembre", "12"],
    ["gennaio", "01"],
  ])("knows the month %s", (monthName, month) => {
    expect(localDateTime({ year: "2026", monthName, day: "14", ...time })).toBe(`2026-${month}-14T09:05:00`);
  });

  it.each([
    ["12", "AM", "00"],
    ["1", "a.m", "01"],
    ["12", "pm", "12"],
    ["5", "PM", "17"],
  ])("knows that %s %s is hour %s", (hour, half, of24) => {
    const groups = { year: "2026", month: "09", day: "30", hour, minute: "17", half };
    expect(localDateTime(groups)).toBe(`2026-09-30T${of24}:17:00`);
  });

  it("is none with a month that has no such name, a day that the month lacks, or an hour that no clock has", () => {
    expect(localDateTime({ year: "2026", monthName: "Total", day: "14", ...time })).toBeUndefined();
    expect(localDateTime({ year: "2026", month: "2", day: "30", ...time })).toBeUndefined();
    expect(localDateTime({ year: "2026", month: "2", day: "3", hour: "25", minute: "00", half: "PM" })).toBeUndefined();
  });
});
