import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { expect, test } from "vitest";
import { asLaneId } from "../../agent/core/ids.ts";
import { planMorning } from "../../drivers/virtual/morning.ts";
import { RunningPair } from "../support/running-pair.ts";
import { until } from "../support/until.ts";

const shared = join(import.meta.dirname, "../../../shared/receipts/generated/cn01-sale-cash.bin");

/** What ledger and cloud hold of a receipt. */
async function copies(pair: RunningPair, number: string) {
  const listed = (await pair.cli("receipts", "list", "--json")).split("\n").filter((line) => line !== "");
  const receipts = listed.map((line) => JSON.parse(line) as Readonly<Record<string, unknown>>);
  const rows = await pair.cloud(`SELECT * FROM transactions WHERE sequence_number = '${number}'`);
  return { ledger: receipts.filter((receipt) => receipt["sequenceNumber"] === number), cloud: rows };
}

test("a receipt is there exactly once when the daemon is killed 15 to 50 ms after its last byte", async () => {
  const lane = { laneId: asLaneId("05"), layout: "cn", sales: 12, taps: 0, numbers: { next: 1, training: 1 } } as const;
  const day = { seed: 7, retailStoreId: "0117", startsAt: "2026-03-14T10:00:00", touchAfterMs: 700 };
  const sales = planMorning({ ...day, lanes: [lane] }).lanes[0]?.slips.filter(({ slip }) => slip.kind === "sale") ?? [];
  await using pair = await RunningPair.start();
  for (const [index, sale] of sales.entries()) {
    using _line = await pair.print(sale.bytes);
    // The moment of the kill is what is tested, not waited for.
    await delay(15 + Math.round((35 * index) / (sales.length - 1)));
    await pair.killDaemon();
    await pair.startDaemon();
  }
  const last = sales.at(-1)?.slip.receiptNo ?? "";
  await until(async () => (await copies(pair, last)).cloud.length > 0, { timeoutMs: 30_000, everyMs: 200 });
  for (const { slip } of sales) {
    const { ledger, cloud } = await copies(pair, slip.receiptNo);
    expect(ledger, slip.receiptNo).toHaveLength(1);
    expect(cloud, slip.receiptNo).toMatchObject([
      { retail_store_id: "0117", workstation_id: "05", total_minor: slip.totalMinor, line_count: slip.lines.length },
    ]);
  }
});

test.skipIf(!existsSync(shared))(
  "shows ../shared's cn01 as it was printed (skipped where ../shared is absent)",
  async () => {
    await using pair = await RunningPair.start();
    {
      using _line = await pair.print(readFileSync(shared));
      await delay(25);
      await pair.killDaemon();
    }
    await pair.startDaemon();
    await until(async () => (await copies(pair, "0003351")).cloud.length > 0, { timeoutMs: 30_000, everyMs: 200 });
    const { ledger, cloud } = await copies(pair, "0003351");
    const facts = {
      currencyCode: "CNY",
      totalMinor: 9201,
      lineItems: expect.objectContaining({ length: 4 }) as unknown,
    };
    expect(ledger).toMatchObject([{ retailStoreId: "0117", workstationId: "05", ...facts }]);
    const row = { currency_code: "CNY", total_minor: 9201, line_count: 4 };
    expect(cloud).toMatchObject([{ retail_store_id: "0117", workstation_id: "05", ...row }]);
  },
);
