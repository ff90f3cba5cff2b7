import { cnBag, cnGoods, usGoods, type Good } from "./goods.ts";
import type { SeededRandom } from "./random.ts";
import type { VirtualLine, VirtualSlip, VirtualTender } from "./virtual-slip.ts";

/** Whose paper the receipts of a lane look like. */
export type Layout = "cn" | "us";

/** What a slip is to be. */
export interface SlipOrder {
  readonly layout: Layout;
  readonly kind: VirtualSlip["kind"];
  readonly retailStoreId: string;
  readonly workstationId: string;
  readonly receiptNo: string;
  readonly at: string;
  /** Whether the shopper showed a member card, and the receipt says so (Chinese layout). */
  readonly member: boolean;
}

/** Sales tax on taxed goods, in ten-thousandths. */
const usTaxRate = 825;

/** Fills a basket, prices it, and has it paid. The same order with the same random state gives the same slip. */
export function makeSlip(order: SlipOrder, random: SeededRandom): VirtualSlip {
  const { layout, kind, retailStoreId, workstationId, receiptNo, at } = order;
  const head = { kind, retailStoreId, workstationId, receiptNo, at };
  const lines = kind === "nosale" ? [] : layout === "cn" ? cnBasket(random) : usBasket(random);
  const subtotalMinor = lines.reduce((sum, line) => sum + line.amountMinor - line.discountMinor, 0);
  const taxMinor = layout === "us" ? taxOn(lines) : 0;
  const totalMinor = subtotalMinor + taxMinor;
  const tender = kind === "nosale" ? undefined : pay(order, totalMinor, random);
  return {
    ...head,
    operatorId: layout === "cn" ? "00000890" : "009044",
    currencyCode: layout === "cn" ? "CNY" : "USD",
    lines,
    subtotalMinor,
    taxMinor,
    totalMinor,
    tenders: tender === undefined ? [] : [tender],
    changeMinor: tender === undefined ? 0 : tender.amountMinor - totalMinor,
    ...(order.member && layout === "cn" && { member: memberOf(random, totalMinor) }),
  };
}

function cnBasket(random: SeededRandom): readonly VirtualLine[] {
  const lines = Array.from({ length: random.between(1, 6) }, () => lineOf(random.pick(cnGoods), random));
  return random.chance(0.7) ? [...lines, priced(cnBag, 1000, 0)] : lines;
}

function usBasket(random: SeededRandom): readonly VirtualLine[] {
  return Array.from({ length: random.between(1, 7) }, () => {
    const line = lineOf(random.pick(usGoods), random);
    return random.chance(0.12) && line.amountMinor > 200 ? { ...line, discountMinor: 100 } : line;
  });
}

function lineOf(good: Good, random: SeededRandom): VirtualLine {
  const pieces = random.chance(0.25) ? random.between(2, 4) : 1;
  return priced(good, good.byWeight ? random.between(180, 2_600) : pieces * 1000, 0);
}

function priced(good: Good, quantityMilli: number, discountMinor: number): VirtualLine {
  return {
    ...good,
    quantityMilli,
    amountMinor: Math.round((quantityMilli * good.unitPriceMinor) / 1000),
    discountMinor,
  };
}

function taxOn(lines: readonly VirtualLine[]): number {
  const taxed = lines.filter(({ taxed: is }) => is);
  const base = taxed.reduce((sum, line) => sum + line.amountMinor - line.discountMinor, 0);
  return Math.round((base * usTaxRate) / 10_000);
}

function pay({ layout, kind, at }: SlipOrder, totalMinor: number, random: SeededRandom): VirtualTender {
  const cashless = kind === "sale" && random.chance(0.5);
  if (!cashless) return { type: "cash", amountMinor: notesFor(totalMinor, random), reference: "" };
  if (layout === "us") {
    const reference = `**** **** **** ${random.digits(4)} APPR ${random.digits(5)}B`;
    return { type: "card", amountMinor: totalMinor, reference };
  }
  // A WeChat transaction id: 28 digits, 4200, four more, the day, a running number.
  const reference = `4200${random.digits(6)}${at.slice(0, 10).replaceAll("-", "")}${random.digits(10)}`;
  return { type: "wechat", amountMinor: totalMinor, reference };
}

/** What a shopper hands over: the exact sum now and then, else notes of five, ten, fifty or a hundred. */
function notesFor(totalMinor: number, random: SeededRandom): number {
  if (random.chance(0.2)) return totalMinor;
  const note = random.pick([500, 1_000, 5_000, 10_000]);
  return Math.ceil(totalMinor / note) * note;
}

function memberOf(random: SeededRandom, totalMinor: number): NonNullable<VirtualSlip["member"]> {
  const points = Math.floor(totalMinor / 100);
  return {
    printed: `60000${random.digits(2)}****${random.digits(1)}`,
    points,
    balance: points + random.between(0, 9_000),
  };
}
