import { z } from "zod";
import {
  linkEntrySchema,
  scanEntrySchema,
  touchEntrySchema,
  visitEndedEntrySchema,
  visitStartedEntrySchema,
} from "./identity/entry-schemas.ts";
import { amendedEntrySchema, segmentSchema, transactionEntrySchema } from "./receipts/result-schema.ts";

/** A JSON Schema and the file it is published in. */
export interface PublishedSchema {
  /** File name below docs/schemas. The number is the version: it changes when a reader of the old one would be misled. */
  readonly file: string;
  readonly schema: object;
}

/**
 * The published schemas of what receipts and entries look like outside, in JSON Schema 2020-12. Members may be added within a version, so
 * an unknown member is allowed.
 */
export function publishedSchemas(): readonly PublishedSchema[] {
  const published = [
    [
      "transaction.v1.schema.json",
      "One segment of a capture, as `storeloop receipts decode --json` prints it",
      segmentSchema,
    ],
    ["transaction-entry.v1.schema.json", "`data` of a ledger entry of kind `transaction`", transactionEntrySchema],
    [
      "transaction-amended-entry.v1.schema.json",
      "`data` of a ledger entry of kind `transaction.amended`",
      amendedEntrySchema,
    ],
    ["touch-entry.v1.schema.json", "`data` of a ledger entry of kind `touch`", touchEntrySchema],
    ["scan-entry.v1.schema.json", "`data` of a ledger entry of kind `scan`", scanEntrySchema],
    ["link-entry.v1.schema.json", "`data` of a ledger entry of kind `link`", linkEntrySchema],
    ["visit-started-entry.v1.schema.json", "`data` of a ledger entry of kind `visit.started`", visitStartedEntrySchema],
    ["visit-ended-entry.v1.schema.json", "`data` of a ledger entry of kind `visit.ended`", visitEndedEntrySchema],
  ] as const;
  return published.map(([file, title, schema]) => {
    const { $schema, ...members } = z.toJSONSchema(schema, {
      override: ({ jsonSchema }) => {
        delete jsonSchema.additionalProperties;
      },
    });
    return { file, schema: { $schema, $id: `urn:storeloop:${file}`, title, ...members } };
  });
}
