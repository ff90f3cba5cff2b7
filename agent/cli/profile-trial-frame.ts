import type { FieldCheck, ProfileTrial } from "../core/profile-trial.ts";
import { columnsOf, pad, printable } from "./columns.ts";
import { formatMoney } from "./format.ts";
import type { Invocation } from "./invocation.ts";
import { mark } from "./mark.ts";
import { markedLines } from "./marked-lines.ts";
import type { CliConfig } from "./operations.ts";
import { adviceFor } from "./profile-advice.ts";
import { kindWords, verdictWords } from "./receipt-words.ts";
import { text } from "./text.ts";

type Call = Pick<Invocation<CliConfig>, "terminal" | "say">;

/** One line that says how a trial went. */
export function trialLine({ passed, profile, slip }: ProfileTrial, { terminal, say }: Call): string {
  const what = profile === "none" ? say(text("没有版式", "no profile")) : profile;
  return `${mark(passed ? "ok" : "fail", terminal)} ${what}: ${printable(slip)}`;
}

/** A trial in full: the receipt with what was read where, the fields, the arithmetic, what is missing and what to try next. */
export function trialFrame(trial: ProfileTrial, call: Call): readonly string[] {
  const { terminal, say } = call;
  const unreadLabel = say(text("没有行规则能解释", "no row explains this"));
  const facts = [...fieldRows(trial, call), ...factsBelow(trial, call)];
  const width = Math.max(0, ...facts.map(({ label }) => columnsOf(label)));
  return [
    trialLine(trial, call),
    "",
    ...markedLines(trial.lines, { columns: terminal.columns, colour: terminal.colour, unreadLabel }),
    "",
    ...facts.map(({ sign, label, value }) => `${sign} ${pad(label, width)}  ${value}`.trimEnd()),
    ...adviceFor(trial).map((advice) => `  → ${say(advice)}`),
    "",
  ].flatMap((line) => (line.length > 0 ? fold(line, terminal.columns) : [line]));
}

interface Fact {
  readonly sign: string;
  readonly label: string;
  readonly value: string;
}

/** What was read, with a sign where the sample says what it should be. */
function fieldRows({ transaction, checks }: ProfileTrial, { terminal, say }: Call): readonly Fact[] {
  const { currencyCode, currencyExponent, lineItems, tenders, discounts, taxes } = transaction;
  const money = (minor: number): string => formatMoney(minor, currencyCode, currencyExponent);
  const values: readonly (readonly [string, string | undefined])[] = [
    ["kind", `${transaction.kind} (${say(kindWords[transaction.kind])})`],
    ...textFields.map((key) => [key, shownField(transaction[key])] as const),
    ["lineItems", lineItems.length === 0 ? undefined : String(lineItems.length)],
    ["discounts", discounts.length === 0 ? undefined : discounts.map((one) => money(one.amountMinor)).join(", ")],
    ["taxes", taxes.length === 0 ? undefined : taxes.map((one) => money(one.amountMinor)).join(", ")],
    ...moneyFields.map((key) => [key, transaction[key] === undefined ? undefined : money(transaction[key])] as const),
    [
      "tenders",
      tenders.length === 0 ? undefined : tenders.map((one) => `${one.tenderType} ${money(one.amountMinor)}`).join(", "),
    ],
  ];
  const failed = checks.filter(({ passed, path }) => !passed && path[0] !== "reconciliation");
  const rows = values.flatMap(([label, value]) => {
    const about = checks.filter(({ path }) => checkedField(path) === label);
    if (value === undefined && about.length === 0) return [];
    const sign = about.length === 0 ? " " : mark(about.every(({ passed }) => passed) ? "ok" : "fail", terminal);
    return [{ sign, label, value: printable(value ?? "-") }];
  });
  return [...rows, ...failed.map((check) => failedRow(check, call(terminal, say)))];
}

const call = (terminal: Call["terminal"], say: Call["say"]): Call => ({ terminal, say });

const checkedField = ([first]: FieldCheck["path"]): string => (first === "lineCount" ? "lineItems" : String(first));

function failedRow({ path, expected, found }: FieldCheck, { terminal, say }: Call): Fact {
  const [want, got] = [JSON.stringify(expected), found === undefined ? undefined : JSON.stringify(found)];
  return {
    sign: mark("fail", terminal),
    label: path.join("."),
    value: printable(say(text(`应为 ${want},读到 ${got ?? "空"}`, `expected ${want}, found ${got ?? "nothing"}`))),
  };
}

const textFields = [
  "retailStoreId",
  "workstationId",
  "operatorId",
  "sequenceNumber",
  "endDateTime",
  "memberId",
  "itemCount",
  "reportNumber",
  "count",
  "refundCount",
  "firstSequenceNumber",
  "lastSequenceNumber",
] as const;

const moneyFields = ["subtotalMinor", "totalMinor", "changeMinor", "grossMinor", "refundMinor", "netMinor"] as const;

const shownField = (value: string | number | undefined): string | undefined =>
  value === undefined ? undefined : String(value);

function factsBelow(
  { transaction, missing, lines, checks, profile }: ProfileTrial,
  { terminal, say }: Call,
): readonly Fact[] {
  if (profile === "none") return [];
  const { state, reasons } = transaction.reconciliation;
  const expected = checks.find(({ path }) => path[0] === "reconciliation")?.passed ?? state !== "unreconciled";
  const idle = lines.flatMap(({ text: line, marks, unread }, index) =>
    marks.length === 0 && !unread && /[\p{L}\p{N}]/u.test(line) ? [String(index + 1)] : [],
  );
  return [
    {
      sign: mark(expected ? "ok" : "fail", terminal),
      label: say(text("金额核对", "arithmetic")),
      value: [say(verdictWords(transaction.reconciliation)), ...reasons].join(" "),
    },
    ...(missing.length === 0
      ? []
      : [{ sign: " ", label: say(text("未找到", "not found")), value: missing.join(", ") }]),
    ...(idle.length === 0
      ? []
      : [{ sign: " ", label: say(text("未用到的行", "lines not used")), value: idle.join(" ") }]),
  ];
}

/** Breaks what is wider than the terminal at blanks, without touching escape sequences. */
function fold(line: string, columns: number): readonly string[] {
  if (columnsOf(line) <= columns || line.includes("│") || line.includes("\u001B")) return [line];
  const rows: string[] = [];
  let row = "";
  for (const word of line.split(/(?<=[ ,。:;,])/u)) {
    if (columnsOf(row + word.trimEnd()) > columns && row.trim() !== "") {
      rows.push(row.trimEnd());
      row = "    ";
    }
    row += word;
  }
  return [...rows, row.trimEnd()];
}
