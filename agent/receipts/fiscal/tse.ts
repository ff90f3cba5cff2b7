import type { FiscalRemark, FiscalSource, TseAnchor } from "../../core/fiscal.ts";
import { amountOf, instantOf } from "./members.ts";

/** First parts of the process data of `Kassenbeleg-V1` that are no sale (DSFinV-K 2.3, 4.2). */
const remarks: Readonly<Record<string, FiscalRemark>> = {
  AVTraining: "training",
  AVBelegstorno: "void",
  AVBelegabbruch: "void",
  AVBestellung: "order",
};

/**
 * Reads the QR code of a German till (DSFinV-K 2.3, annex I): twelve members between semicolons, the first `V0`. `undefined` when a
 * member is missing or not of its form. The total is the sum of the gross turnovers of the process data.
 */
export function readTse(text: string, source: FiscalSource): TseAnchor | undefined {
  const members = text.split(";");
  if (members.length !== 12 || members.some((member) => member === "")) return undefined;
  const [version, clientId, processType, data = "", transaction = "", counter = "", start = "", end = ""] = members;
  const [signatureAlgorithm, , signature, publicKey] = members.slice(8);
  const [startedAt, endedAt] = [instantOf(start), instantOf(end)];
  if (version !== "V0" || startedAt === undefined || endedAt === undefined) return undefined;
  if (!/^\d{1,15}$/.test(transaction) || !/^\d{1,15}$/.test(counter)) return undefined;
  const { transactionType, totalMinor } = processData(processType ?? "", data);
  const remark = transactionType === undefined ? undefined : remarks[transactionType];
  return {
    kind: "tse",
    source,
    clientId: clientId ?? "",
    processType: processType ?? "",
    ...(transactionType !== undefined && { transactionType }),
    transactionNumber: Number(transaction),
    signatureCounter: Number(counter),
    startedAt,
    endedAt,
    signatureAlgorithm: signatureAlgorithm ?? "",
    signature: signature ?? "",
    publicKey: publicKey ?? "",
    ...(remark !== undefined && { remark }),
    ...(totalMinor !== undefined && { totalMinor }),
  };
}

/** `Beleg^1.07_4.56_0.00_0.00_0.00^5.63:Bar`: type, gross turnover by tax rate, payments. */
function processData(processType: string, data: string): { transactionType?: string; totalMinor?: number } {
  if (processType !== "Kassenbeleg-V1") return {};
  const [transactionType = "", turnovers = ""] = data.split("^");
  const amounts = turnovers.split("_").map((text) => amountOf(text, "."));
  const known = amounts.filter((amount) => amount !== undefined);
  if (transactionType === "" || known.length !== amounts.length || known.length > 5) return {};
  return { transactionType, totalMinor: known.reduce((sum, amount) => sum + amount, 0) };
}
