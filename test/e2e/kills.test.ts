import { setTimeout as delay } from "node:timers/promises";
import { expect, test } from "vitest";
import { SeededRandom } from "../../drivers/virtual/random.ts";
import { RealCloud, noRealCloud } from "../support/real-cloud.ts";
import { Stage } from "../support/stage.ts";
import { TempFolder } from "../support/temp-folder.ts";

/** A few with every run; the long run: STORELOOP_KILLS=200 npm test -- test/e2e/kills.test.ts */
const kills = Number(process.env["STORELOOP_KILLS"] ?? 12);
const seed = Number(process.env["STORELOOP_SEED"] ?? Date.now() % 1_000_000);

/** Longer than the daemon takes to come up, so that kills fall into start-up, recovery and work alike. */
const longestLifeMs = 3_500;

test(
  `no sale is lost or doubled by ${kills} kills of the agent at random moments (STORELOOP_SEED=${seed})`,
  async () => {
    using folder = new TempFolder();
    await using cloud = noRealCloud === undefined ? await RealCloud.start() : undefined;
    const random = new SeededRandom(seed);
    const endpoints = cloud === undefined ? {} : { broker: cloud.broker.url, database: cloud.database };
    for (let done = 0, morning = 1; done < kills; morning += 1) {
      await using stage = await Stage.start({ ...endpoints, mqtt: "3.1.1", folder, seed: seed + morning });
      await stage.printed(1);
      while (!stage.isSettling && done < kills) {
        await delay(random.between(50, longestLifeMs));
        const pid = stage.pid("agent");
        if (stage.isSettling || pid === undefined || !isAlive(pid)) continue;
        process.kill(pid, "SIGKILL");
        done += 1;
      }
      const { summary } = await stage.summary();
      process.stdout.write(`kills ${done}/${kills}, morning ${morning}: ${JSON.stringify(summary)}\n`);
      expect(summary, `seed ${seed}, morning ${morning}\n${stage.tail}`).toMatchObject({ missing: 0, duplicates: 0 });
      expect(summary.printed).toBeGreaterThanOrEqual(60);
      // What was scanned or near while the agent lived is there once; nothing is there that was never played.
      const { scans: scansInCloud, visits: visitsInCloud } = summary;
      expect(summary).toMatchObject({ scansInCloud, visitsInCloud, strays: 0 });
    }
  },
  300_000 + kills * 10_000,
);

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
