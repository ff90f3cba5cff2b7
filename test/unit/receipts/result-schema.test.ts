import { describe, expect, expectTypeOf, it } from "vitest";
import { z } from "zod";
import type { AmendedEntry, TransactionEntry } from "../../../agent/core/entry.ts";
import type { FiscalAnchor } from "../../../agent/core/fiscal.ts";
import type { DecodedSlip } from "../../../agent/receipts/decode.ts";
import type { fiscalSchema } from "../../../agent/receipts/fiscal/fiscal-schema.ts";
import {
  type amendedEntrySchema,
  segmentSchema,
  transactionEntrySchema,
} from "../../../agent/receipts/result-schema.ts";
import { publishedSchemas } from "../../../agent/published-schemas.ts";
import { createSlipReader } from "../../../agent/receipts/slip-reader.ts";
import { createPrintDecoder } from "../../../drivers/printer/decoder/print-decoder.ts";
import { PipelineUnderTest, printBytes } from "../../support/pipeline.ts";
import { TempFolder } from "../../support/temp-folder.ts";
import { shippedProfiles } from "./profiles-on-disk.ts";
import { chineseSale, jobInGb18030 } from "./slip-bytes.ts";
import { generatedStreams, poslogReceipts, slipsOf, streamBytes, streamsAtHand } from "./stream-truth.ts";

const without = streamsAtHand ? "" : " (skipped: ../shared/receipts is absent)";

describe("the schema of the result", () => {
  it("has the members of the types, no more and no fewer", () => {
    expectTypeOf<keyof z.infer<typeof segmentSchema>>().toEqualTypeOf<keyof DecodedSlip>();
    expectTypeOf<z.infer<typeof segmentSchema>>().toExtend<DecodedSlip>();
    expectTypeOf<DecodedSlip>().toExtend<Frozen<z.infer<typeof segmentSchema>>>();
    expectTypeOf<FiscalAnchor>().toExtend<Frozen<z.infer<typeof fiscalSchema>>>();
    expectTypeOf<keyof z.infer<typeof transactionEntrySchema>>().toEqualTypeOf<keyof TransactionEntry>();
    expectTypeOf<keyof z.infer<typeof amendedEntrySchema>>().toEqualTypeOf<keyof AmendedEntry>();
  });
});

describe("the ledger's entry of a receipt", () => {
  it("fits its schema, and has every member of the result under the same name", async () => {
    using folder = new TempFolder();
    await using pipeline = await PipelineUnderTest.start(folder, undefined, {
      newSlipReader: ({ laneId, startOffset: first }) =>
        createSlipReader({
          newDecoder: (startOffset) => createPrintDecoder({ startOffset }),
          profiles: shippedProfiles(),
          laneId,
          startOffset: first,
        }),
    });
    await pipeline.offer({ ...printBytes("s1", 0, ""), bytes: jobInGb18030(chineseSale()) });
    await pipeline.settled();
    const [entry] = pipeline.ledger.latest(["transaction"], 1);
    expect(transactionEntrySchema.safeParse(entry?.data).error).toBeUndefined();
    expect(entry?.data).toMatchObject({ kind: "sale", sequenceNumber: "0000042", profile: "cn-supermarket-80mm" });
  });
});

describe.skipIf(!streamsAtHand)(`what is read${without}`, () => {
  const streams = [
    ...generatedStreams().map((name) => `generated/${name}.bin`),
    ...poslogReceipts().map(({ file }) => `poslog/${file}`),
  ];
  const published = publishedSchemas()
    .filter(({ file }) => file.startsWith("transaction.v1"))
    .map(({ schema }) => z.fromJSONSchema(JSON.parse(JSON.stringify(schema)) as z.core.JSONSchema.BaseSchema));

  it.each(streams)("fits the schema and its published form: %s", (path) => {
    for (const slip of slipsOf(streamBytes(path))) {
      const printed: unknown = JSON.parse(JSON.stringify(slip));
      expect(segmentSchema.safeParse(printed).error).toBeUndefined();
      for (const schema of published) expect(schema.safeParse(printed).error).toBeUndefined();
    }
  });
});

/** The same type as the schema's, as readonly as those of agent/core. */
type Frozen<T> = T extends readonly (infer E)[]
  ? readonly Frozen<E>[]
  : T extends object
    ? { readonly [K in keyof T]: Frozen<T[K]> }
    : T;
