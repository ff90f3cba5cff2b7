import { expect, test } from "vitest";
import { asStreamId } from "../../../agent/core/ids.ts";
import { PanRedactor } from "../../../agent/receipts/pan.ts";
import { withLuhn } from "../../support/card-numbers.ts";
import { ManualClock } from "../../support/manual-clock.ts";
import { PipelineUnderTest, printBytes } from "../../support/pipeline.ts";
import { TempFolder } from "../../support/temp-folder.ts";

const stream = asStreamId("s1");
const pan = withLuhn("411122233344455");
const print = `card ${pan} ok|`;
const newRedactor = (): PanRedactor => new PanRedactor();

/** What is on disk of the stream. */
function kept({ ledger }: PipelineUnderTest): string {
  return Buffer.from(ledger.captured(stream, 0, 1000)).toString("latin1");
}

test(
  "keeps no card number whole when the line falls silent inside it and the agent is replaced, at every byte",
  { timeout: 30_000 },
  async () => {
    for (let cut = 1; cut < print.length; cut += 1) {
      using folder = new TempFolder();
      {
        const clock = new ManualClock();
        const first = await PipelineUnderTest.start(folder, clock, { newRedactor });
        await first.offer(printBytes("s1", 0, print.slice(0, cut)));
        await clock.advance(1500);
        await first.until(() => kept(first).length === cut);
        expect(kept(first), `${cut} bytes`).toHaveLength(cut);
        first.kill();
      }
      await using second = await PipelineUnderTest.start(folder, new ManualClock(), { outlives: true, newRedactor });
      await second.offer(printBytes("s1", 0, print));
      const digits = kept(second).replaceAll(/\D/g, "");
      expect(kept(second), `${cut} bytes`).toHaveLength(print.length);
      expect(digits.length, `${cut} bytes: ${kept(second)}`).toBeLessThan(pan.length);
    }
  },
);
