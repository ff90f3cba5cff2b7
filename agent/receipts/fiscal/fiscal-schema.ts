import { z } from "zod";

const text = z.string().exactOptional();
const minor = z.int().exactOptional();

const common = {
  source: z.enum(["qr", "barcode", "text"]),
  remark: z.enum(["training", "void", "order"]).describe("the code says that the slip is no sale").exactOptional(),
  totalMinor: z.int().describe("what the code says the slip comes to, in minor units").exactOptional(),
};

/** A fiscal code, as a schema; the type is `FiscalAnchor` of agent/core. */
export const fiscalSchema = z.discriminatedUnion("kind", [
  z
    .strictObject({
      kind: z.literal("tse"),
      ...common,
      clientId: text,
      processType: text,
      transactionType: text,
      transactionNumber: z.int(),
      signatureCounter: z.int(),
      startedAt: text,
      endedAt: text,
      signatureAlgorithm: text,
      signature: text,
      publicKey: text,
    })
    .describe("German technical security system (KassenSichV, DSFinV-K annex I); instants in UTC"),
  z
    .strictObject({
      kind: z.literal("rksv"),
      ...common,
      suite: z.string(),
      cashBoxId: z.string(),
      receiptId: z.string(),
      dateTime: z.string(),
      turnoverCounter: z.string(),
      certificateSerial: z.string(),
      previousSignature: z.string(),
      signature: z.string(),
    })
    .describe("Austrian cash register (RKSV, annex, Z 12 to 14)"),
  z
    .strictObject({
      kind: z.literal("atcud"),
      ...common,
      atcud: z.string(),
      issuerTaxId: text,
      documentType: text,
      documentStatus: text,
      date: text,
      documentId: text,
      taxMinor: minor,
      hashCharacters: text,
      certificateNumber: text,
    })
    .describe("Portuguese fiscal document (Portaria 195/2020)"),
  z
    .strictObject({
      kind: z.literal("fapiao"),
      ...common,
      invoiceType: text,
      code: text,
      number: z.string(),
      amountMinor: minor,
      date: text,
      check: text,
    })
    .describe("Chinese tax invoice (发票)"),
]);
