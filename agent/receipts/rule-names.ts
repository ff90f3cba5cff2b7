import type { ProfileSource } from "./profile-schema.ts";

/** The keys of `report` and the fields of a transaction they fill. */
export const reportFields: Readonly<Record<string, string>> = {
  number: "reportNumber",
  count: "count",
  refundCount: "refundCount",
  gross: "grossMinor",
  refund: "refundMinor",
  net: "netMinor",
  first: "firstSequenceNumber",
  last: "lastSequenceNumber",
};

/** What each pattern of a profile is for: its source, and the name of what it finds as the transaction has it. */
export function ruleNames(source: ProfileSource): readonly (readonly [pattern: string, name: string])[] {
  const { match, split, whole, kinds, fields, items, totals, discounts, taxes, tenders, report } = source;
  const listed = (found: object, name: (key: string) => string): (readonly [string, string])[] =>
    Object.entries(found).flatMap(([key, patterns]) =>
      ((patterns ?? []) as readonly string[]).map((pattern) => [pattern, name(key)] as const),
    );
  return [
    ...kinds.map(({ kind, line }) => [line, `kind ${kind}`] as const),
    ...listed(fields, (key) => (key === "endTime" || key === "second" ? "endDateTime" : key)),
    ...listed(totals, (key) => `${key}Minor`),
    ...listed(report, (key) => reportFields[key] ?? key),
    ...tenders.flatMap(({ line, type, reference, merchantReference }) => [
      [line, `tender ${type}`] as const,
      ...(reference === undefined ? [] : [[reference, "tender reference"] as const]),
      ...(merchantReference === undefined ? [] : [[merchantReference, "tender merchantReference"] as const]),
    ]),
    ...taxes.map(({ line }) => [line, "tax"] as const),
    ...discounts.map(({ line }) => [line, "discount"] as const),
    ...(items?.rows ?? []).flatMap((row) =>
      Object.entries(row).map(
        ([place, pattern]) => [pattern ?? "", place === "item" ? "item" : `item: ${place}`] as const,
      ),
    ),
    ...(items === undefined
      ? []
      : ([
          [items.after, "items begin"],
          [items.before, "items end"],
        ] as const)),
    ...[...match.any, ...match.all].map((pattern) => [pattern, "match"] as const),
    ...(split.header === undefined ? [] : [[split.header, "header"] as const]),
    ...whole.map((pattern) => [pattern, "whole"] as const),
  ];
}
