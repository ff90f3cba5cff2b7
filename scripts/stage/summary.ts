import { asLaneId } from "../../agent/core/ids.ts";
import { memberValue } from "../../agent/identity/member-value.ts";
import type { Tokens } from "../../agent/identity/tokens.ts";
import type { Deaths } from "../../drivers/virtual/disturbance.ts";
import type { PlannedSlip } from "../../drivers/virtual/morning.ts";
import type { Played } from "../../drivers/virtual/player.ts";
import { isSure, tallyScans, type Tally } from "../../drivers/virtual/scan-tally.ts";
import { tallyVisits } from "../../drivers/virtual/visit-tally.ts";

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
  /** Codes that were scanned while the agent was there. */
  readonly scans: number;
  /** Of these, how many the cloud holds as what they are; a member code as the touch of the very receipt it belongs to. */
  readonly scansInCloud: number;
  /** Visits of beacons during which the agent was there. */
  readonly visits: number;
  /** Of these, how many began in the cloud. */
  readonly visitsInCloud: number;
  /** Scans and visits in the cloud that nobody played, and codes of shoppers that are kept anywhere as they are. */
  readonly strays: number;
}

/** Whether everything that was played is where it belongs, once. */
export function isRight(summary: Summary): boolean {
  const { printed, missing, duplicates, taps, linked, scans, scansInCloud, visits, visitsInCloud, strays } = summary;
  const sales = printed > 0 && missing === 0 && duplicates === 0;
  return sales && linked === taps && scansInCloud === scans && visitsInCloud === visits && strays === 0;
}

/** What is compared. */
export interface SummaryParts {
  readonly played: Played;
  /** When the agent died while it was played. */
  readonly deaths: Deaths;
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
export async function summarise(parts: SummaryParts): Promise<Summary> {
  const { played, recordedNumbers, ask, tokens } = parts;
  const sales = played.printed.filter(({ slip }) => slip.kind === "sale");
  const rows = await ask(
    "SELECT transaction_id, workstation_id, sequence_number, currency_code, total_minor, line_count FROM transactions WHERE kind = 'sale' AND status = 'completed'",
  );
  const found = Map.groupBy(rows, (row) => receiptName(String(row["workstation_id"]), String(row["sequence_number"])));
  const inCloud = sales.filter((sale) => found.get(nameOf(sale))?.some((row) => isSame(row, sale)));
  const printedNames = new Set(sales.map(nameOf));
  const duplicates = [...printedNames].reduce((sum, name) => sum + Math.max(0, (found.get(name)?.length ?? 0) - 1), 0);
  const links = await linksByReceipt(ask);
  const tallies = [
    await scansOf(parts),
    membersOf(parts, links),
    await visitsOf(parts),
    await keptCodes(parts),
  ] as const;
  const [scans, members, visits] = tallies;
  return {
    printed: sales.length,
    recorded: sales.filter((sale) => recordedNumbers.has(nameOf(sale))).length,
    inCloud: inCloud.length,
    missing: sales.length - inCloud.length,
    duplicates,
    taps: played.tapped.length,
    linked: played.tapped.filter((sale) => isLinked(sale, tapOf(sale, tokens), links)).length,
    scans: scans.expected + members.expected,
    scansInCloud: scans.found + members.found,
    visits: visits.expected,
    visitsInCloud: visits.found,
    strays: tallies.reduce((sum, { strays }) => sum + strays, 0),
  };
}

/** What a shopper showed: its token, and how far it can be trusted. */
interface Shown {
  readonly token: string;
  readonly tier: string;
}

type Links = ReadonlyMap<string, readonly Row[]>;

/** Tier and token of every link in the cloud, by receipt. A card that tapped twice has a link for each receipt. */
async function linksByReceipt(ask: AskCloud): Promise<Links> {
  const rows = await ask(
    `SELECT t.workstation_id, t.sequence_number, l.tier, e.token FROM links l
     JOIN transactions t ON t.transaction_id = l.transaction_id
     JOIN touch_evidence e ON e.touch_id = l.touch_id
     WHERE l.state = 'linked' AND e.evidence_type IN ('nfc.uid', 'member.number')`,
  );
  return Map.groupBy(rows, (row) => receiptName(String(row["workstation_id"]), String(row["sequence_number"])));
}

function isLinked(sale: PlannedSlip, shown: Shown, links: Links): boolean {
  const claims = links.get(nameOf(sale)) ?? [];
  return claims.length === 1 && claims[0]?.["token"] === shown.token && claims[0]["tier"] === shown.tier;
}

function membersOf({ played, deaths, tokens }: SummaryParts, links: Links): Tally {
  const sure = played.scanned.flatMap((scanned) => {
    const { planned, scan } = scanned;
    if (scan.kind !== "member" || !isSure(scanned, deaths)) return [];
    const token = tokens.of("member.number", memberValue(scan.programme, scan.text));
    return [isLinked(planned, { token, tier: "presented" }, links)];
  });
  return { expected: sure.length, found: sure.filter(Boolean).length, strays: 0 };
}

async function scansOf({ played, deaths, ask }: SummaryParts): Promise<Tally> {
  const rows = await ask(
    "SELECT lane_id, code_kind, coalesce(gtin, scheme, '') AS what, (extract(epoch FROM occurred_at) * 1000)::float8 AS at_ms FROM scans",
  );
  const scans = rows.map((row) => ({
    laneId: asLaneId(String(row["lane_id"])),
    codeKind: String(row["code_kind"]),
    what: String(row["what"]),
    atMs: Number(row["at_ms"]),
  }));
  return tallyScans(played.scanned, scans, played.beganAtMs, deaths);
}

async function visitsOf({ played, deaths, ask, tokens }: SummaryParts): Promise<Tally> {
  const rows = await ask(
    "SELECT beacon_id, token, (extract(epoch FROM first_seen_at) * 1000)::float8 AS at_ms FROM visits WHERE first_seen_at IS NOT NULL",
  );
  const visits = rows.map((row) => ({
    beaconId: String(row["beacon_id"]),
    token: String(row["token"]),
    firstSeenAtMs: Number(row["at_ms"]),
  }));
  const tokenOf = (identifier: string): string => tokens.of("ble.beacon", identifier);
  return tallyVisits(played.visits, visits, tokenOf, played.beganAtMs, deaths);
}

/** A payment code is money and a member number is a person's: neither may be in the cloud as it is. */
async function keptCodes({ played, ask }: SummaryParts): Promise<Tally> {
  const secret = played.scanned.flatMap(({ scan: { kind, text } }) => (kind === "article" ? [] : [text]));
  if (secret.length === 0) return { expected: 0, found: 0, strays: 0 };
  const kept = secret.map((text) => `body LIKE '%${text}%'`).join(" OR ");
  const rows = await ask(`SELECT entry_id FROM entries WHERE ${kept}`);
  return { expected: 0, found: 0, strays: rows.length };
}

function nameOf({ slip }: PlannedSlip): string {
  return receiptName(slip.workstationId, slip.receiptNo);
}

function isSame(row: Row, { slip }: PlannedSlip): boolean {
  const total = Number(row["total_minor"]) === slip.totalMinor && row["currency_code"] === slip.currencyCode;
  return total && Number(row["line_count"]) === slip.lines.length;
}

/** What a tap comes to: a tag that proves itself is more than a claim. */
function tapOf({ tap }: PlannedSlip, tokens: Tokens): Shown {
  const card = tap?.shopper.card;
  const token = tokens.of("nfc.uid", card?.uid.toUpperCase() ?? "");
  return { token, tier: card?.chip === "ntag424" ? "proven" : "claimed" };
}
