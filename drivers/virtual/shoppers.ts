import type { NdefRecord } from "../../agent/core/observation.ts";
import type { SeededRandom } from "./random.ts";

/** A shopper's tag. */
export interface ShopperCard {
  /** Seven bytes in upper-case hexadecimal, as an NTAG has. */
  readonly uid: string;
  /** `ntag424`: it proves with the store's key that it is itself, and shows a link of its own making instead of `ndef`. */
  readonly chip: "ntag213" | "ntag424";
  readonly ndef: readonly NdefRecord[];
}

/** A shopper of the virtual store. `number` stands for them wherever the tag itself must not be shown. */
export interface Shopper {
  /** 1, 2, 3, ... */
  readonly number: number;
  readonly card: ShopperCard;
}

/** One shopper in so many has a tag that proves itself. */
const oneInProves = 5;

/** Makes so many shoppers, each with a tag of their own: some with a link, some with a text, some with nothing on it, some that prove themselves. */
export function makeShoppers(count: number, random: SeededRandom): readonly Shopper[] {
  const uids = new Set<string>();
  // 04 is NXP's manufacturer code (ISO/IEC 7816-6).
  while (uids.size < count) uids.add(`04${random.hex(6)}`);
  return [...uids].map((uid, index) => {
    const ndef = contentOf(index, random);
    const chip = index % oneInProves === 2 ? "ntag424" : "ntag213";
    return { number: index + 1, card: { uid, chip, ndef } };
  });
}

function contentOf(index: number, random: SeededRandom): readonly NdefRecord[] {
  const code = random.hex(5);
  const link: NdefRecord = { type: "uri", uri: `https://club.example.com/t/${code}` };
  const text: NdefRecord = { type: "text", language: "zh", text: `会员 ${code}` };
  const contents: readonly [readonly NdefRecord[], ...(readonly NdefRecord[])[]] = [[link], [text], [link, text], []];
  return contents[index % contents.length] ?? contents[0];
}
