import type { Tokens } from "../../agent/identity/tokens.ts";
import type { PlannedSlip } from "../../drivers/virtual/morning.ts";
import type { Played } from "../../drivers/virtual/player.ts";

/** A row of the receiver's tables, as far as the summary reads it. */
export type Row = Readonly<Record<string, unknown>>;

/** Asks the receiver's database one question. */
export type AskCloud = (sql: string) => Promise<readonly Row[]>;

/** How a morning ended: the virtual store's own list against the receiver's database. */
export interface Summary {
  /** Sales that a POS knows to be printed. */
  readonly printed: number;
  /** Of these, how many the agent's ledger holds. */
  readonly recorded: number;
  /** Of these, how many the cloud holds with the same total, currency and number of lines. */
  readonly inCloud: number;
  /** Of these, how many the cloud does not hold like that. */
  readonly missing: number;
  /** Rows in the cloud beyond one a receipt. */
  readonly duplicates: number;
  /** Taps whose shopper heard the reader beep. */
  readonly taps: number;
  /** Of these, how many the cloud has linked to the very receipt they belong to, and to no other. */
  readonly linked: number;
}

/** What is compared. */
export interface SummaryParts {
  readonly played: Played;
  /** Receipt numbers by lane that the agent's ledger holds. */
  readonly recordedNumbers: ReadonlySet<string>;
  readonly ask: AskCloud;
  readonly tokens: Tokens;
}

/** Name of a receipt across lanes. */
export function receiptName(workstationId: string, sequenceNumber: string): string {
  return `${workstationId}/${sequenceNumber}`;
}

/** Compares what was printed and tapped with what the cloud holds. */
export async function summarise({ played, recordedNumbers, ask, tokens }: SummaryParts): Promise<Summary> {
  const sales = played.printed.filter(({ slip }) => slip.kind === "sale");
  const rows = await ask(
    "SELECT transaction_id, workstation_id, sequence_number, currency_code, total_minor, line_count FROM transactions WHERE kind = 'sale' AND status = 'completed'",
  );
  const found = Map.groupBy(rows, (row) => receiptName(String(row["workstation_id"]), String(row["sequence_number"])));
  const inCloud = sales.filter((sale) => found.get(nameOf(sale))?.some((row) => isSame(row, sale)));
  const printedNames = new Set(sales.map(nameOf));
  const duplicates = [...printedNames].reduce((sum, name) => sum + Math.max(0, (found.get(name)?.length ?? 0) - 1), 0);
  return {
    printed: sales.length,
    recorded: sales.filter((sale) => recordedNumbers.has(nameOf(sale))).length,
    inCloud: inCloud.length,
    missing: sales.length - inCloud.length,
    duplicates,
    taps: played.tapped.length,
    linked: await rightlyLinked(played.tapped, ask, tokens),
  };
}

/** Receipt and token of every link in the cloud, looked up for every tap. A card that tapped twice has a link for each receipt. */
async function rightlyLinked(tapped: readonly PlannedSlip[], ask: AskCloud, tokens: Tokens): Promise<number> {
  const rows = await ask(
    `SELECT t.workstation_id, t.sequence_number, e.token FROM links l
     JOIN transactions t ON t.transaction_id = l.transaction_id
     JOIN touch_evidence e ON e.touch_id = l.touch_id
     WHERE l.state = 'linked' AND e.evidence_type = 'nfc.uid'`,
  );
  const links = Map.groupBy(rows, (row) => receiptName(String(row["workstation_id"]), String(row["sequence_number"])));
  return tapped.filter((sale) => {
    const token = uidToken(sale, tokens);
    const claims = links.get(nameOf(sale)) ?? [];
    return claims.length === 1 && claims[0]?.["token"] === token;
  }).length;
}

function nameOf({ slip }: PlannedSlip): string {
  return receiptName(slip.workstationId, slip.receiptNo);
}

function isSame(row: Row, { slip }: PlannedSlip): boolean {
  const total = Number(row["total_minor"]) === slip.totalMinor && row["currency_code"] === slip.currencyCode;
  return total && Number(row["line_count"]) === slip.lines.length;
}

function uidToken({ tap }: PlannedSlip, tokens: Tokens): string | undefined {
  return tap && tokens.of("nfc.uid", tap.shopper.card.uid.toUpperCase());
}
