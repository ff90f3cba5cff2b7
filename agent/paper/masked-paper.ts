import { halfWidth, starred } from "../core/half-width.ts";
import type { Paper, PaperItem } from "../core/paper.ts";

/** What must not be shown. */
export interface MaskOptions {
  /** Masks card numbers in a text without changing its length. */
  readonly maskPans: (text: string) => string;
  /** The member number as a transaction holds it: masked already, e.g. `*****1234`. */
  readonly memberId?: string | undefined;
}

/** The same paper without card numbers and without the member number, whose last characters stay. To be done before symbols are drawn. */
export function maskedPaper(paper: Paper, { maskPans, memberId }: MaskOptions): Paper {
  const maskMember = memberMask(memberId);
  const mask = (text: string): string => maskMember(maskPans(text));
  return { ...paper, items: paper.items.map((item) => maskedItem(item, mask)) };
}

function maskedItem(item: PaperItem, mask: (text: string) => string): PaperItem {
  if (item.type === "symbol") return { ...item, data: mask(item.data) };
  if (item.type !== "line") return item;
  return {
    ...item,
    text: mask(item.text),
    runs: item.runs.map((run) => ({ ...run, text: mask(run.text) })),
  };
}

/** Masks what looks like `masked` in full: as many characters, the same ones where it shows them. */
function memberMask(masked: string | undefined): (text: string) => string {
  if (masked === undefined || !masked.includes("*") || !/[^*]/.test(masked)) return (text) => text;
  const plain = halfWidth(masked);
  const shape = [...plain].map((one) => (one === "*" ? "[^\\s*]" : one.replaceAll(/[^0-9A-Za-z]/g, String.raw`\$&`)));
  const whole = new RegExp(`(?<![0-9A-Za-z])${shape.join("")}(?![0-9A-Za-z])`, "g");
  return (text) =>
    starred(
      text,
      halfWidth(text).replaceAll(whole, () => plain),
    );
}
