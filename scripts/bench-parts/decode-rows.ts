import type { Row } from "./bench-table.ts";
import type { DecodeRates } from "./decode.ts";
import { Part } from "./part.ts";

/** What the decoder is to reach, in MB a second. */
const bar = 20;

/** Measures the decoder in processes of its own: under the flags of the command line, which reads captures, and under the daemon's. */
export async function decodeRows(): Promise<readonly Row[]> {
  const plain = await measured([]);
  const lean = await measured(["--lean"]);
  const toBar = { unit: "MB/s", baseline: bar, baselineName: "the bar" } as const;
  return [
    { name: "decode", subject: plain.decode, ...toBar, note: `bytes to events, ${plain.from}`, target: 1 },
    { name: "decodeLean", subject: lean.decode, ...toBar, note: "the same under the daemon's flags" },
    {
      name: "decodeToNpos",
      unit: "MB/s",
      subject: plain.decodeShared,
      baseline: plain.npos,
      baselineName: "npos",
      note: `parse, on the ${plain.shared} streams it can read`,
      target: 5,
    },
    {
      name: "transactions",
      unit: "MB/s",
      subject: plain.transactions,
      baseline: plain.decode,
      baselineName: "decode alone",
      note: "bytes to transactions: decode, split, interpret, check",
    },
  ];
}

async function measured(flags: readonly string[]): Promise<DecodeRates> {
  await using run = Part.script(flags, "decode-run.ts");
  return JSON.parse(await run.firstWords()) as DecodeRates;
}
