import { readdirSync, readFileSync } from "node:fs";
import iconv from "iconv-lite";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { decodeCapture } from "../../../agent/receipts/decode.ts";
import { createPrintDecoder } from "../../../drivers/printer/decoder/print-decoder.ts";
import { shippedProfiles } from "./profiles-on-disk.ts";

/** A receipt written out: what is sent before the text, the text, and what must be read. */
interface GoldenReceipt {
  readonly about: string;
  /** Bytes in hexadecimal. */
  readonly setup: string;
  readonly charset: string;
  readonly text: string;
  readonly slip: object;
}

const folder = new URL("../../golden/receipts/", import.meta.url);
const receipts = readdirSync(folder).map((name) => ({
  name,
  ...(parse(readFileSync(new URL(name, folder), "utf8")) as GoldenReceipt),
}));

function bytesOf({ setup, charset, text }: GoldenReceipt): Uint8Array {
  const prepared = Buffer.from(setup.replaceAll(" ", ""), "hex");
  return Buffer.concat([prepared, iconv.encode(text, charset), Buffer.of(0x0a, 0x1d, 0x56, 0x01)]);
}

describe("golden receipts", () => {
  const profiles = shippedProfiles();

  it.each(receipts)("$name: $about", (receipt) => {
    const bytes = bytesOf(receipt);
    const slips = decodeCapture(bytes, { newDecoder: (startOffset) => createPrintDecoder({ startOffset }), profiles });
    expect(slips).toHaveLength(1);
    expect(slips[0]).toMatchObject({ startOffset: 0, endOffset: bytes.length, ...receipt.slip });
  });

  it("there is one for every profile that ships", () => {
    const read = new Set(receipts.map(({ slip }) => ("profile" in slip ? slip.profile : undefined)));
    expect(profiles.map((profile) => profile.name).filter((name) => !read.has(name))).toEqual([]);
  });
});
