import { expect, test } from "vitest";
import { noRealCloud, RealCloud } from "../support/real-cloud.ts";
import { Stage } from "../support/stage.ts";

const where = noRealCloud === undefined ? "" : ` (skipped: ${noRealCloud})`;

test.skipIf(noRealCloud !== undefined).each(["5", "3.1.1"] as const)(
  `the morning comes out the same over mosquitto and PostgreSQL with MQTT %s${where}`,
  async (mqtt) => {
    await using cloud = await RealCloud.start();
    await using stage = await Stage.start({ broker: cloud.broker.url, database: cloud.database, mqtt });
    const { exitCode, summary } = await stage.summary();
    expect(summary, stage.tail).toMatchObject({ missing: 0, duplicates: 0 });
    expect(summary.printed).toBeGreaterThanOrEqual(60);
    expect(summary.taps).toBeGreaterThanOrEqual(20);
    expect(summary.linked).toBe(summary.taps);
    expect(exitCode).toBe(0);
  },
);
