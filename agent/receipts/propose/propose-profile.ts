import type { Role } from "../generic/words/word.ts";
import type { ProfileSource } from "../profile-schema.ts";
import { proposeField, type Wanted } from "./propose-fields.ts";
import { proposeItems, type ItemsDraft } from "./propose-items.ts";
import { proposeKinds } from "./propose-kinds.ts";
import { proposeLocale } from "./propose-locale.ts";
import { proposeMatch } from "./propose-match.ts";
import { proposeMoney, type Tail } from "./propose-money.ts";
import { proposeReport } from "./propose-report.ts";
import { proposeTime } from "./propose-time.ts";
import { isReport, isRule, type Reading } from "./reading.ts";

/** A profile as it is proposed: what has a default is left out. */
export type ProfileDraft = Omit<ProfileSource, "items" | "about"> & { readonly items?: ItemsDraft };

/** A proposal, and what of it is only a guess. */
export interface ProposedProfile {
  readonly draft: ProfileDraft;
  /** The slips do not say their currency. */
  readonly currencyGuessed: boolean;
}

const fields: readonly (readonly [string, readonly Role[], Wanted])[] = [
  ["retailStoreId", ["store"], (read) => read.retailStoreId],
  ["workstationId", ["lane"], (read) => read.workstationId],
  ["operatorId", ["operator"], (read) => read.operatorId],
  ["sequenceNumber", ["receiptNumber", "transactionNumber", "documentNumber"], (read) => read.sequenceNumber],
  ["memberId", ["member"], (read) => read.memberId],
  ["itemCount", ["count"], (read) => read.itemCount?.toString()],
];

/**
 * Proposes a profile that reads these slips as they were read without one. Never throws; what cannot be placed is left out. Items and
 * money are learned from some of the slips only: one that was misread would spoil what the others show.
 */
export function proposeProfile(
  name: string,
  readings: readonly Reading[],
  learnFrom: readonly Reading[] = readings,
): ProposedProfile {
  const { locale, currencySure } = proposeLocale(readings);
  const priced = learnFrom.filter((reading) => !isReport(reading));
  const { items, regions } = proposeItems(priced, locale);
  const tails = learnFrom.map((reading): Tail => {
    const region = items === undefined ? undefined : regions.find((one) => one.reading === reading);
    return { reading, from: region === undefined ? 0 : behind(reading, region.last) };
  });
  const found = fields.flatMap(([key, roles, wanted]) => {
    const patterns = proposeField(readings, wanted, locale, roles);
    return patterns.length === 0 ? [] : [[key, patterns] as const];
  });
  return {
    currencyGuessed: !currencySure,
    draft: {
      profile: name,
      ...proposeMatch(readings),
      locale,
      kinds: proposeKinds(readings),
      fields: { ...Object.fromEntries(found), ...proposeTime(readings, locale.currency) },
      ...(items === undefined ? {} : { items }),
      ...proposeMoney(tails, locale),
      report: proposeReport(readings, locale),
    },
  };
}

/** The line that ends the list of items. */
function behind({ lines }: Reading, last: number): number {
  const end = lines.findIndex((line, index) => index > last && line.trim() !== "" && !isRule(line));
  return end < 0 ? last + 1 : end;
}
