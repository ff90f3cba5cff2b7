import type { AtcudAnchor, FiscalSource } from "../../core/fiscal.ts";
import { amountOf, dateOf } from "./members.ts";

/** Members that every code has (tax authority's specification of the QR code, version 1.0, table 1). */
const required = ["A", "B", "C", "D", "E", "F", "G", "H", "N", "O", "Q", "R"] as const;

/**
 * Reads the QR code of a Portuguese fiscal document (Portaria 195/2020): members `letter:value` between asterisks. The tax number of
 * the buyer (B) is not taken over: it names a person. `undefined` when a required member is missing or not of its form.
 */
export function readAtcud(text: string, source: FiscalSource): AtcudAnchor | undefined {
  if (!text.startsWith("A:")) return undefined;
  const members = new Map(text.split("*").map((part) => [part.slice(0, part.indexOf(":")), afterColon(part)] as const));
  const values = Object.fromEntries(required.map((letter) => [letter, members.get(letter) ?? ""]));
  if (Object.values(values).includes("")) return undefined;
  const { A = "", D = "", E = "", F = "", G = "", H = "", N = "", O = "", Q = "", R = "" } = values;
  const [date, taxMinor, totalMinor] = [dateOf(F), amountOf(N, "."), amountOf(O, ".")];
  if (date === undefined || taxMinor === undefined || totalMinor === undefined) return undefined;
  if (!/^\d{9}$/.test(A) || !isAtcud(H)) return undefined;
  return {
    kind: "atcud",
    source,
    atcud: H,
    issuerTaxId: A,
    documentType: D,
    documentStatus: E,
    date,
    documentId: G,
    taxMinor,
    totalMinor,
    hashCharacters: Q,
    certificateNumber: R,
    ...(E === "A" && { remark: "void" }),
  };
}

/** Validation code of a series, at least eight characters, and the number in it; `0` before codes became compulsory. */
function isAtcud(text: string): boolean {
  return /^(?:[A-Z0-9]{8,20}-\d{1,15}|0(?:-\d{1,15})?)$/.test(text);
}

function afterColon(part: string): string {
  const at = part.indexOf(":");
  return at < 0 ? "" : part.slice(at + 1);
}
