import { readFileSync } from "node:fs";
import { describe, expect, expectTypeOf, it } from "vitest";
import type { z } from "zod";
import type { LinkEntry, ScanEntry, TouchEntry, VisitEndedEntry, VisitStartedEntry } from "../../agent/core/entry.ts";
import type { Evidence } from "../../agent/core/entry.ts";
import {
  type linkEntrySchema,
  scanEntrySchema,
  touchEntrySchema,
  type visitEndedEntrySchema,
  type visitStartedEntrySchema,
} from "../../agent/identity/entry-schemas.ts";
import { publishedSchemas } from "../../agent/published-schemas.ts";
import { asDeviceId, asLaneId } from "../../agent/core/ids.ts";
import { someInstant } from "../support/entries.ts";
import { PipelineUnderTest, tap } from "../support/pipeline.ts";
import { TempFolder } from "../support/temp-folder.ts";

const folder = new URL("../../docs/schemas/", import.meta.url);

it.each(publishedSchemas())("is published as it is: docs/schemas/$file", ({ file, schema }) => {
  expect(JSON.parse(readFileSync(new URL(file, folder), "utf8"))).toEqual(JSON.parse(JSON.stringify(schema)));
});

describe("the schemas of touches, scans, links and visits", () => {
  it("have the members of the types, no more and no fewer", () => {
    expectTypeOf<keyof z.infer<typeof touchEntrySchema>>().toEqualTypeOf<keyof TouchEntry>();
    expectTypeOf<keyof z.infer<typeof touchEntrySchema>["evidence"][number]>().toEqualTypeOf<keyof Evidence>();
    expectTypeOf<keyof z.infer<typeof scanEntrySchema>>().toEqualTypeOf<keyof ScanEntry>();
    expectTypeOf<keyof z.infer<typeof linkEntrySchema>>().toEqualTypeOf<keyof LinkEntry>();
    expectTypeOf<keyof z.infer<typeof visitStartedEntrySchema>>().toEqualTypeOf<keyof VisitStartedEntry>();
    expectTypeOf<keyof z.infer<typeof visitEndedEntrySchema>>().toEqualTypeOf<keyof VisitEndedEntry>();
    expectTypeOf<TouchEntry["evidence"][number]["tier"]>().toEqualTypeOf<
      z.infer<typeof touchEntrySchema>["evidence"][number]["tier"]
    >();
    expectTypeOf<ScanEntry["codeKind"]>().toEqualTypeOf<z.infer<typeof scanEntrySchema>["codeKind"]>();
  });

  it("fit what the pipeline records", async () => {
    using temporary = new TempFolder();
    await using pipeline = await PipelineUnderTest.start(temporary);
    await pipeline.offer(tap("r1", "04A1B2C3D4E5F6", "https://shop.example/m"));
    const seen = { deviceId: asDeviceId("till-5-scanner"), laneId: asLaneId("05"), at: someInstant };
    const code = { kind: "gs1", elements: { "01": "06901939621608" }, isDigitalLink: false } as const;
    await pipeline.offer({ kind: "scan", readingId: "r2", via: "keyboard", code, ...seen });
    const entries = pipeline.ledger.latest(["touch", "scan"], 10);
    expect(entries).toHaveLength(2);
    for (const { kind, data } of entries)
      (kind === "touch" ? touchEntrySchema : scanEntrySchema).parse(JSON.parse(JSON.stringify(data)));
  });
});
