import { setTimeout as delay } from "node:timers/promises";
import { expect, test } from "vitest";
import { noRealCloud, RealCloud } from "../support/real-cloud.ts";
import { Stage } from "../support/stage.ts";

const where = noRealCloud === undefined ? "" : ` (skipped: ${noRealCloud})`;

/** What bar D of the design asks for: a minute. */
const brokerOutageMs = 60_000;

test.skipIf(noRealCloud !== undefined)(
  `nothing is lost or doubled through a broker away for a minute, a receiver killed, pcscd killed and a serial line unplugged${where}`,
  async () => {
    await using cloud = await RealCloud.start();
    await using stage = await Stage.start({ broker: cloud.broker.url, database: cloud.database });
    await stage.printed(5);
    const agentPid = stage.pid("agent");

    await cloud.broker.kill();
    const brokerAway = delay(brokerOutageMs).then(() => cloud.broker.up());
    await stage.printed(12);
    killed(stage.pcscdPid());
    await stage.printed(18);
    killed(stage.cablePid());
    await stage.printed(24);
    killed(stage.cablePid());
    await brokerAway;

    // The backlog of that minute is on its way now: the receiver dies in the middle of it, and again later.
    killed(stage.pid("receiver"));
    await stage.printed(62);
    killed(stage.pid("receiver"));

    const { exitCode, summary } = await stage.summary();
    expect(summary, stage.tail).toMatchObject({ missing: 0, duplicates: 0 });
    expect(summary.printed).toBeGreaterThanOrEqual(60);
    expect(summary.taps).toBeGreaterThanOrEqual(20);
    expect(summary.linked).toBe(summary.taps);
    const { scans: scansInCloud, visits: visitsInCloud } = summary;
    expect(summary).toMatchObject({ scansInCloud, visitsInCloud, strays: 0 });
    expect(exitCode).toBe(0);
    expect(agentPid).toBeDefined();
    expect(stage.pid("agent"), "the agent was not restarted").toBe(agentPid);
  },
);

function killed(pid: number | undefined): void {
  if (pid === undefined) throw new Error("the process to be killed is not there");
  process.kill(pid, "SIGKILL");
}
