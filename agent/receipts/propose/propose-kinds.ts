import type { TransactionKind } from "../../core/transaction.ts";
import type { ProfileSource } from "../profile-schema.ts";
import { escaped, literal } from "./literal.ts";
import type { Reading } from "./reading.ts";

type Kinds = ProfileSource["kinds"];
type Language = "zh" | "ja" | "en" | "de" | "fr" | "it";

/** What stands on a line of its own, with ornaments, on slips of a kind. */
const words: readonly (readonly [TransactionKind, Readonly<Record<Language, readonly string[]>>])[] = [
  [
    "training",
    {
      zh: ["培训模式", "培训"],
      ja: ["トレーニング"],
      en: ["TRAINING MODE", "TRAINING"],
      de: ["TRAINING", "ÜBUNG"],
      fr: ["FORMATION"],
      it: ["FORMAZIONE"],
    },
  ],
  [
    "copy",
    {
      zh: ["重打小票", "补打小票", "重打"],
      ja: ["再発行"],
      en: ["DUPLICATE", "REPRINT", "COPY"],
      de: ["KOPIE", "DUPLIKAT"],
      fr: ["DUPLICATA"],
      it: ["COPIA"],
    },
  ],
  [
    "suspended",
    { zh: ["挂单"], ja: ["保留", "仮締"], en: ["SUSPENDED"], de: ["GEPARKT"], fr: ["EN ATTENTE"], it: ["SOSPESO"] },
  ],
  [
    "void",
    {
      zh: ["整单取消", "作废"],
      ja: ["取消レシート"],
      en: ["VOIDED TRANSACTION", "TRANSACTION VOID", "VOID"],
      de: ["STORNOBON"],
      fr: ["ANNULATION"],
      it: ["ANNULLATO"],
    },
  ],
  [
    "refund",
    {
      zh: ["退货单", "退货"],
      ja: ["返品レシート", "返品"],
      en: ["REFUND", "RETURN"],
      de: ["RÜCKGABEBON", "RETOURE"],
      fr: ["REMBOURSEMENT"],
      it: ["RESO"],
    },
  ],
  [
    "nosale",
    {
      zh: ["开钱箱"],
      ja: ["ノーセール"],
      en: ["NO SALE"],
      de: ["KEIN VERKAUF"],
      fr: ["SANS VENTE"],
      it: ["APERTURA CASSETTO"],
    },
  ],
  [
    "z-report",
    {
      zh: ["日结报表(Z)", "日结报表"],
      ja: ["精算レポート"],
      en: ["Z REPORT"],
      de: ["Z-BERICHT"],
      fr: ["RAPPORT Z"],
      it: ["RAPPORTO Z"],
    },
  ],
  [
    "x-report",
    {
      zh: ["交班报表(X)", "交班报表"],
      ja: ["点検レポート"],
      en: ["X REPORT"],
      de: ["X-BERICHT"],
      fr: ["RAPPORT X"],
      it: ["RAPPORTO X"],
    },
  ],
];

/**
 * Lines that tell the kind. First those seen on slips that are no sales, then the usual words of the language, which must stand on a
 * line of their own: a text about returns in the footer must not make a refund of every sale.
 */
export function proposeKinds(readings: readonly Reading[]): Kinds {
  const language = languageOf(readings);
  const sales = readings.filter(({ read }) => read.kind === "sale");
  const onNoSale = (line: string): boolean =>
    !sales.some(({ lines }) => lines.some((one) => new RegExp(line, "u").test(one)));
  return words.flatMap(([kind, known]) => {
    const usual = aloneOnLine(known[language]);
    const missed = readings.filter(
      ({ read, lines }) => read.kind === kind && !lines.some((line) => new RegExp(usual, "u").test(line)),
    );
    const seen = missed
      .flatMap((reading) => kindLine(reading) ?? [])
      .map((line) => String.raw`^\s*${literal(line.trim())}$`);
    return [...new Set(seen.filter(onNoSale)), usual].map((line) => ({ kind, line }));
  });
}

/** The line of a slip that names its kind: one of the known words in any language, alone if possible. */
export function kindLine({ lines, read: { kind } }: Reading): string | undefined {
  const known = words.find(([of]) => of === kind)?.[1];
  if (known === undefined) return undefined;
  const all = Object.values(known).flat();
  const alone = new RegExp(aloneOnLine(all), "u");
  return (
    lines.find((line) => alone.test(line)) ??
    lines.find((line) => all.some((word) => line.toUpperCase().includes(word)))
  );
}

function aloneOnLine(known: readonly string[]): string {
  const options = known.map(escaped).join("|");
  return String.raw`^[^\p{L}\d]*${known.length === 1 ? options : `(?:${options})`}[^\p{L}\d]*$`;
}

/** The language with most words on the slips. */
function languageOf(readings: readonly Reading[]): Language {
  const counts = new Map<Language, number>();
  for (const { slip } of readings) {
    for (const row of slip.rows) {
      for (const [, , language] of row.hits.flatMap((hit) => hit.words)) {
        const name = language === "zh-Hans" || language === "zh-Hant" ? "zh" : language;
        if (isLanguage(name)) counts.set(name, (counts.get(name) ?? 0) + 1);
      }
    }
  }
  return [...counts].toSorted((a, b) => b[1] - a[1])[0]?.[0] ?? "en";
}

const isLanguage = (name: string): name is Language => ["zh", "ja", "en", "de", "fr", "it"].includes(name);
