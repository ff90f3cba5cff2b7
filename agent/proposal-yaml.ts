import { Document, isMap, isScalar, visit } from "yaml";
import type { Locale } from "./core/errors.ts";
import type { Transaction } from "./core/transaction.ts";
import type { ProposedProfile } from "./receipts/propose/propose-profile.ts";

/** A slip the profile is made from, and what the proposal reads from it. */
export interface ProposedSample {
  readonly name: string;
  readonly lines: readonly string[];
  readonly qrCodes: readonly string[];
  readonly read: Transaction;
}

/** A proposed profile as a file, with comments that say what to check. */
export function proposalYaml(
  { draft, currencyGuessed }: ProposedProfile,
  samples: readonly ProposedSample[],
  locale: Locale,
): string {
  const document = new Document({
    ...profileValue(draft),
    samples: samples.map((sample) => sampleValue(sample, draft)),
  });
  comment(document, currencyGuessed, locale);
  shape(document);
  return document.toString({ lineWidth: 0, singleQuote: true, flowCollectionPadding: true });
}

/** What is there, in the order in which people read it. */
function profileValue({ match, split, whole, items, ...draft }: ProposedProfile["draft"]): object {
  const { profile, locale, kinds, fields, totals, discounts, taxes, tenders, report } = draft;
  return {
    profile,
    about: "",
    match: { any: match.any, ...(match.all.length > 0 && { all: match.all }) },
    locale,
    ...(split.header !== undefined && { split }),
    ...(whole.length > 0 && { whole }),
    kinds,
    fields: short(fields),
    ...(items !== undefined && { items }),
    ...(Object.keys(totals).length > 0 && { totals: short(totals) }),
    ...(discounts.length > 0 && { discounts }),
    ...(taxes.length > 0 && { taxes }),
    ...(tenders.length > 0 && { tenders }),
    ...(Object.keys(report).length > 0 && { report: short(report) }),
  };
}

/** A list of one pattern is written as the pattern. */
function short(found: Readonly<Record<string, unknown>>): object {
  const entries = Object.entries(found).map(([key, value]) => {
    const list: readonly unknown[] = Array.isArray(value) ? value : [];
    return [key, list.length === 1 ? list[0] : value] as const;
  });
  return Object.fromEntries(entries);
}

const checked = [
  "kind",
  "status",
  "retailStoreId",
  "workstationId",
  "operatorId",
  "sequenceNumber",
  "endDateTime",
  "memberId",
  "itemCount",
  "subtotalMinor",
  "totalMinor",
  "changeMinor",
  "reportNumber",
  "count",
  "refundCount",
  "grossMinor",
  "refundMinor",
  "netMinor",
  "firstSequenceNumber",
  "lastSequenceNumber",
] as const;

function sampleValue({ name, lines, qrCodes, read }: ProposedSample, draft: ProposedProfile["draft"]): object {
  // What is reckoned out and not printed needs no proof.
  const derived = new Set<string>([
    ...(draft.fields.itemCount === undefined ? ["itemCount"] : []),
    ...(draft.totals.change === undefined ? ["changeMinor"] : []),
  ]);
  const values = checked.flatMap((key) =>
    read[key] === undefined || derived.has(key) ? [] : [[key, read[key]] as const],
  );
  return {
    name,
    text: `${lines.join("\n")}\n`,
    ...(qrCodes.length > 0 && { qrCodes }),
    expect: {
      ...Object.fromEntries(values),
      ...(read.lineItems.length > 0 && { lineCount: read.lineItems.length }),
      ...(read.tenders.length > 0 && {
        tenders: read.tenders.map(({ tenderType, amountMinor }) => ({ tenderType, amountMinor })),
      }),
    },
  };
}

const header: Readonly<Record<Locale, string>> = {
  en: " Proposed from captures: every pattern is a guess until you have compared the samples at the end with the paper.\n Try it with `storeloop profile test THIS-FILE`. All keys are in docs/profiles.md.",
  "zh-CN":
    " 根据抓取起草:在把末尾的样例与纸质小票核对之前,每个模式都只是猜测。\n 用 storeloop profile test 本文件 试用。全部键见 docs/profiles.md。",
};

const notes: Readonly<Record<string, Readonly<Record<Locale, string>>>> = {
  about: { en: " Which POS this is, for people.", "zh-CN": " 写明是哪种 POS,给人看。" },
  match: {
    en: " By these lines the layout is recognised: they must not name one shop or one day only.",
    "zh-CN": " 凭这些行认出版式:不要写只有一家店或某一天才有的内容。",
  },
  kinds: {
    en: " The first line found decides; a sale if none is. Add the words this POS uses.",
    "zh-CN": " 从上到下,先找到的行决定类型;都没有则是销售。补上本 POS 的用词。",
  },
  fields: {
    en: " The first group is the value. Missing ones are kept off by leaving them out.",
    "zh-CN": " 第一个占位符就是值。小票上没有的字段不写。",
  },
  items: {
    en: " Rows are tried from top to bottom. `item` begins an item, `below` and `above` say more about it, `ignore` says nothing.",
    "zh-CN": " rows 从上到下逐条试。item 开始一件商品,below、above 补充它,ignore 忽略。",
  },
  taxes: {
    en: " included: whether the prices contain the tax already.",
    "zh-CN": " included:价格是否已含税。",
  },
  tenders: {
    en: " One line for each way to pay: add those that are on no capture.",
    "zh-CN": " 每种支付方式一行:抓取里没出现的请补上。",
  },
  samples: {
    en: " Compare with the paper, amounts are in the smallest unit of the currency. Replace what names a person.",
    "zh-CN": " 与纸质小票核对;金额以最小货币单位计。请替换涉及个人的内容。",
  },
};

const guessed: Readonly<Record<Locale, string>> = {
  en: " The currency is a guess: it is not printed.",
  "zh-CN": " 货币是猜的:小票上没有印。",
};

function comment(document: Document, currencyGuessed: boolean, locale: Locale): void {
  document.commentBefore = header[locale];
  if (!isMap(document.contents)) return;
  for (const { key } of document.contents.items) {
    if (!isScalar(key)) continue;
    const name = String(key.value);
    if (name !== "profile" && name !== "about") key.spaceBefore = true;
    const note = name === "locale" && currencyGuessed ? guessed : notes[name];
    if (note !== undefined) key.commentBefore = note[locale];
  }
}

/** Small maps on one line and patterns in quotes, as people write them. */
function shape(document: Document): void {
  const isLeaf = (node: unknown): boolean => isScalar(node) && !String(node.value).includes("\n");
  visit(document, {
    Scalar: (key, node) => {
      if (key !== "key" && typeof node.value === "string" && /^[^\n]*[\\^{}$*][^\n]*$/.test(node.value))
        node.type = "QUOTE_SINGLE";
    },
    Map: (_, node, path) => {
      const leaves = node.items.map(({ value }) => (isLeaf(value) ? String(value) : undefined));
      const width = leaves.reduce((sum, leaf) => sum + (leaf?.length ?? widest) + 12, 0);
      if (path.length > 0 && width <= widest && (node.items.length > 1 || isMap(path.at(-2)))) node.flow = true;
    },
    Seq: (_, node) => {
      if (node.items.length === 1 && node.items.every(isLeaf)) node.flow = true;
    },
  });
}

/** What is longer does not fit on a line. */
const widest = 110;
