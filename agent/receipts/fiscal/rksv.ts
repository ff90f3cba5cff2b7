import type { FiscalRemark, FiscalSource, RksvAnchor } from "../../core/fiscal.ts";
import { localDateTime } from "../local-date-time.ts";
import { amountOf } from "./members.ts";

/** Turnover counters that are words in Base64 (RKSV, annex, Z 12): `TRA` of a training slip, `STO` of one taken back. */
const remarks: Readonly<Record<string, FiscalRemark>> = { VFJB: "training", U1RP: "void" };

const form =
  /^_(?<suite>R\d+-[A-Z]{2}\d+)_(?<box>[^_]+(?:_[^_]+)*?)_(?<receipt>[^_]+)_(?<year>\d{4})-(?<month>\d\d)-(?<day>\d\d)T(?<hour>\d\d):(?<minute>\d\d):(?<second>\d\d)_(?<amounts>-?\d+,\d\d(?:_-?\d+,\d\d){4})_(?<counter>[^_]+)_(?<serial>[^_]+)_(?<previous>[^_]+)_(?<signature>[^_]+)$/;

/**
 * Reads the machine-readable code of an Austrian cash register (RKSV, annex, Z 12 to 14): members between underscores, amounts by tax
 * rate with a decimal comma. The total is their sum. `undefined` when it is none.
 */
export function readRksv(text: string, source: FiscalSource): RksvAnchor | undefined {
  const groups = text.startsWith("_R") && text.length < 2000 ? form.exec(text)?.groups : undefined;
  if (groups === undefined) return undefined;
  const dateTime = localDateTime(groups);
  const amounts = (groups["amounts"] ?? "").split("_").map((amount) => amountOf(amount, ",") ?? NaN);
  const totalMinor = amounts.reduce((sum, amount) => sum + amount, 0);
  if (dateTime === undefined || !Number.isSafeInteger(totalMinor)) return undefined;
  const turnoverCounter = groups["counter"] ?? "";
  const remark = remarks[turnoverCounter];
  return {
    kind: "rksv",
    source,
    suite: groups["suite"] ?? "",
    cashBoxId: groups["box"] ?? "",
    receiptId: groups["receipt"] ?? "",
    dateTime,
    totalMinor,
    turnoverCounter,
    certificateSerial: groups["serial"] ?? "",
    previousSignature: groups["previous"] ?? "",
    signature: groups["signature"] ?? "",
    ...(remark !== undefined && { remark }),
  };
}
