import { z } from "zod";

const said = (description: string) => z.string().describe(description);
const isTest = z.literal(true).optional().describe("played by `storeloop simulate`: not to be counted");

const instant = z.strictObject({
  wallMs: z.number().describe("milliseconds since 1970 by the machine's clock"),
  monotonicMs: z.number(),
  bootId: z.string(),
  trusted: z.boolean().describe("whether the clock was known to be synchronised"),
});

const tier = z.enum(["proven", "presented", "claimed", "nearby"]);

const evidence = z.array(
  z.strictObject({
    type: said("how it was shown, e.g. `nfc.uid`, `nfc.sun`, `wallet.vas`, `member.number`, `ble.beacon`"),
    tier,
    token: said("HMAC-SHA256 under the region's key; the same for the same card or number in every store of a region"),
    keyVersion: z.int().min(1),
    doubt: said("why it counts for less than its type could, e.g. `counter-replayed`").optional(),
    proof: said("what a proof that counts once is known by").optional(),
    counter: z.int().min(0).optional().describe("the read counter of a SUN message"),
    lastCounter: z.int().min(0).optional().describe("the counter seen before, where it is the reason for the doubt"),
    issuedAt: said("when the evidence says that it was made, RFC 3339").optional(),
    note: said("what is known beside it and proves nothing, e.g. `originality-valid`").optional(),
  }),
);

const reading = {
  laneId: z.string(),
  deviceId: z.string(),
  readingId: said("one a reading: offered again it is the same entry"),
  isTest,
};

/** `data` of a ledger entry of kind `touch`. */
export const touchEntrySchema = z.strictObject({
  ...reading,
  technology: said("e.g. `ntag213`, `ntag424`, `apple-wallet`, `emv`, `barcode`, `magstripe`, `unknown`"),
  evidence: evidence.describe("the strongest first; empty where nothing usable was read"),
  unreadReason: said("an error code of docs/troubleshooting.md, where nothing usable was read").optional(),
});

/** `data` of a ledger entry of kind `scan`. */
export const scanEntrySchema = z.strictObject({
  ...reading,
  via: z.enum(["hid-pos", "keyboard", "magstripe"]),
  symbology: said("symbology identifier, ISO/IEC 15424, e.g. `]E0`").optional(),
  codeKind: z.enum(["gtin", "gs1", "member", "voucher", "payment", "payment-card", "invoice", "other"]),
  gtin: said("14 digits").optional(),
  elements: z.record(z.string(), z.string()).optional().describe("GS1 element strings by application identifier"),
  scheme: said("of a payment or an invoice").optional(),
  number: said("of an invoice, as printed").optional(),
  evidence: evidence.describe("a voucher or an unknown code as a token"),
});

/** `data` of a ledger entry of kind `link`. */
export const linkEntrySchema = z.strictObject({
  laneId: z.string(),
  transactionEntryId: z.string(),
  state: z.enum(["linked", "ambiguous"]),
  touchEntryId: said("absent when it is ambiguous").optional(),
  tier: tier.optional(),
  candidateEntryIds: z.array(z.string()).describe("every touch that stood in the window"),
  rule: said("the rule that decided, e.g. `lane-window/1`"),
  isTest,
});

const visit = { visitId: z.string(), zoneId: z.string(), beaconId: said("as configured"), isTest };

/** `data` of a ledger entry of kind `visit.started`. */
export const visitStartedEntrySchema = z.strictObject({
  ...visit,
  deviceId: said("the radio that heard it"),
  evidence,
  firstSeenAt: instant,
});

/** `data` of a ledger entry of kind `visit.ended`. */
export const visitEndedEntrySchema = z.strictObject({
  ...visit,
  startedEntryId: z.string(),
  lastSeenAt: instant,
  dwellMs: z.number().min(0).describe("from the first to the last sighting"),
  sightings: z.int().min(0),
  strongestRssiDbm: z.number().optional(),
  reason: z.enum(["left", "moved", "silent"]),
});
