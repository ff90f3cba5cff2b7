import type { Locale } from "../core/errors.ts";
import type { EpochMs, Ms } from "../core/time.ts";

/** An amount in minor units as people write it: `92.01 CNY`. Exponent 2 where the slip names none; empty without an amount. */
export function formatMoney(amountMinor: number | undefined, currencyCode?: string, exponent = 2): string {
  if (amountMinor === undefined) return "";
  const digits = Math.abs(amountMinor)
    .toString()
    .padStart(exponent + 1, "0");
  const whole = digits.slice(0, digits.length - exponent);
  const part = exponent === 0 ? "" : `.${digits.slice(-exponent)}`;
  return `${amountMinor < 0 ? "-" : ""}${whole}${part}${currencyCode === undefined ? "" : ` ${currencyCode}`}`;
}

/** A wall-clock time in the store's zone: `10:02:31`, or with the day `2026-11-23 10:02:31`. */
export function formatTime(atMs: EpochMs, timeZone: string, form: "time" | "full"): string {
  // The Swedish locale writes ISO 8601 order.
  const format = new Intl.DateTimeFormat("sv-SE", {
    timeZone,
    timeStyle: "medium",
    ...(form === "full" ? { dateStyle: "short" } : {}),
  });
  return format.format(atMs);
}

/** A span in its two largest units: `3 h 12 min`. */
export function formatSpan(span: Ms, locale: Locale): string {
  const seconds = Math.max(0, Math.floor(span / 1000));
  const units = locale === "zh-CN" ? ["天", "小时", "分", "秒"] : ["d", "h", "min", "s"];
  const amounts = [
    Math.floor(seconds / 86_400),
    Math.floor(seconds / 3600) % 24,
    Math.floor(seconds / 60) % 60,
    seconds % 60,
  ];
  const first = Math.max(
    0,
    amounts.findIndex((amount) => amount > 0),
  );
  const start = amounts.every((amount) => amount === 0) ? 3 : first;
  return amounts
    .slice(start, start + 2)
    .map((amount, index) => ({ amount, unit: units[start + index] ?? "" }))
    .filter(({ amount }, index) => index === 0 || amount > 0)
    .map(({ amount, unit }) => `${amount} ${unit}`)
    .join(" ");
}

/** A size: `4.2 MB`, in powers of 1000. */
export function formatBytes(bytes: number): string {
  const units = ["B", "kB", "MB", "GB", "TB"];
  let [value, unit] = [bytes, 0];
  while (value >= 1000 && unit < units.length - 1) [value, unit] = [value / 1000, unit + 1];
  return `${unit === 0 || value >= 100 ? Math.round(value) : value.toFixed(1)} ${units[unit] ?? ""}`;
}
