import { z } from "zod";
import { amendedEntrySchema, segmentSchema, transactionEntrySchema } from "./result-schema.ts";

/** A JSON Schema and the file it is published in. */
export interface PublishedSchema {
  /** File name below docs/schemas. The number is the version: it changes when a reader of the old one would be misled. */
  readonly file: string;
  readonly schema: object;
}

/**
 * The published schemas of what readings look like outside, in JSON Schema 2020-12. Members may be added within a version, so an unknown
 * member is allowed.
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
