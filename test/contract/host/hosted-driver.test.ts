import { fork } from "node:child_process";
import { once } from "node:events";
import { existsSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { asDeviceId } from "../../../agent/core/ids.ts";
import type { Outcome } from "../../../agent/core/observation.ts";
import type { HostLimits } from "../../../drivers/host-life.ts";
import { HostedDriver } from "../../../drivers/host.ts";
import { SystemClock } from "../../../drivers/system-clock.ts";
import { fixtureDevice, type FixtureOptions } from "../../support/hosted/fixture-driver.ts";
import { LogLines } from "../../support/log-lines.ts";
import { RunningDriver } from "../../support/running-driver.ts";
import { TempFolder } from "../../support/temp-folder.ts";
import { until } from "../../support/until.ts";

const fixtureUrl = new URL("../../support/hosted/fixture-driver.ts", import.meta.url);

function host(options: FixtureOptions, limits: Partial<HostLimits> = {}, moduleUrl = fixtureUrl) {
  const logger = new LogLines();
  const clock = new SystemClock();
  const devices = [fixtureDevice];
  const driver = new HostedDriver({ name: "fixture", moduleUrl, options, devices, clock, logger, limits });
  return { driver, logger, health: () => driver.devices()[0]!.health };
}

/** A process that is dead and not yet reaped by whoever inherited it is not alive. */
function isAlive(pid: number): boolean {
  try {
    return !/^\d+ \(.*\) [ZX]/s.test(readFileSync(`/proc/${pid}/stat`, "latin1"));
  } catch {
    return false;
  }
}

const up = (subject: ReturnType<typeof host>) =>
  until(() => subject.health().state === "up" && subject.driver.childPid, {
    what: "the driver being up",
    timeoutMs: 20_000,
  });

describe("a driver in a child process", { timeout: 40_000 }, () => {
  it("tries again when no process can be started, and runs for as long as it takes", async () => {
    const logger = new LogLines();
    const clock = new SystemClock();
    // Node.js throws at this one as it does without memory.
    const env = { BAD: "a\0b" };
    const devices = [fixtureDevice];
    const driver = new HostedDriver({ name: "f", moduleUrl: fixtureUrl, options: {}, devices, clock, logger, env });
    await using running = new RunningDriver(driver);
    await until(() => logger.of("driver process is gone").length >= 2);
    expect(driver.devices()[0]?.health).toMatchObject({ state: "down", code: "HOST_CHILD_DIED" });
    await running.stop();
  });

  it("has a device identified by the child, and says that it cannot where there is none or it hangs", async () => {
    const signal = new AbortController().signal;
    const subject = host({});
    expect(await subject.driver.identify(fixtureDevice.deviceId, signal)).toBe(false);
    await using running = new RunningDriver(subject.driver);
    await up(subject);
    expect(await subject.driver.identify(fixtureDevice.deviceId, signal)).toBe(true);
    expect(await subject.driver.identify(asDeviceId("other"), signal)).toBe(false);
    process.kill(subject.driver.childPid ?? 0, "SIGSTOP");
    expect(await subject.driver.identify(fixtureDevice.deviceId, signal)).toBe(false);
    process.kill(subject.driver.childPid ?? 0, "SIGKILL");
    await running.stop();
  });

  it("starts as starting, comes up, and is down when stopped", async () => {
    const subject = host({});
    expect(subject.health().state).toBe("starting");
    await using running = new RunningDriver(subject.driver);
    await up(subject);
    expect(subject.driver.devices()).toMatchObject([{ ...fixtureDevice, health: { state: "up" } }]);
    await running.stop();
    expect(subject.health()).toMatchObject({ state: "down", detail: "stopped" });
  });

  it("offers in order and learns each outcome", async () => {
    const subject = host({ offers: 100 });
    await using running = new RunningDriver(subject.driver, (each) =>
      Promise.resolve({ status: each.kind === "nfc-unread" && Number(each.reason) % 2 === 0 ? "recorded" : "shed" }),
    );
    await until(() => running.offered.length === 100);
    expect(running.of("nfc-unread").map(({ reason }) => Number(reason))).toEqual(
      Array.from({ length: 100 }, (_, i) => i),
    );
    await running.stop();
    const outcomes = subject.logger.of("fixture stops")[0]?.fields["outcomes"];
    expect(outcomes).toEqual(Array.from({ length: 100 }, (_, index) => (index % 2 === 0 ? "recorded" : "shed")));
  });

  it("holds its offers back while as many as allowed await their outcome", async () => {
    const subject = host({ offers: 100 }, { maxInFlight: 3 });
    const answers: ((outcome: Outcome) => void)[] = [];
    await using running = new RunningDriver(subject.driver, () => new Promise((resolve) => answers.push(resolve)));
    for (let answered = 0; answered < 100; answered++) {
      await until(() => answers.length > answered);
      expect(answers.length).toBeLessThanOrEqual(answered + 3);
      answers[answered]?.({ status: "recorded" });
    }
    expect(running.offered).toHaveLength(100);
  });

  it("says in the parent's log what it logs, without the fields that cannot cross", async () => {
    const subject = host({});
    await using _running = new RunningDriver(subject.driver);
    await up(subject);
    expect(subject.logger.of("fixture runs")).toMatchObject([{ level: "info", fields: {} }]);
  });

  it("is replaced when it is killed, and down with a reason until then", async () => {
    const subject = host({ offers: 1 });
    await using running = new RunningDriver(subject.driver);
    const first = await up(subject);
    process.kill(first, "SIGKILL");
    await until(() => subject.health().state === "down");
    expect(subject.health()).toMatchObject({ state: "down", code: "HOST_CHILD_DIED" });
    expect(await up(subject)).not.toBe(first);
    await until(() => running.offered.length === 2);
  });

  it("loses no offer that was sent before it was killed", async () => {
    using folder = new TempFolder();
    const marker = folder.file("sent");
    const subject = host({ offers: 20, marker }, { maxInFlight: 20 });
    await using running = new RunningDriver(subject.driver, () => {
      const pid = subject.driver.childPid;
      // The rest stays in the channel while this process takes nothing from it.
      if (running.offered.length === 1 && pid !== undefined) {
        while (!existsSync(marker)) continue;
        process.kill(pid, "SIGKILL");
      }
      return Promise.resolve({ status: "recorded" });
    });
    await until(() => subject.logger.of("driver process is gone").length === 1);
    expect(running.offered).toHaveLength(20);
  });

  it("is replaced when its event loop hangs", async () => {
    const subject = host({ behaviour: "block" }, { beatMs: 50, missedBeats: 10 });
    await using _running = new RunningDriver(subject.driver);
    const first = await up(subject);
    await until(() => subject.health().state === "down", { timeoutMs: 10_000 });
    expect(subject.health()).toMatchObject({ code: "HOST_CHILD_HUNG" });
    expect(isAlive(first)).toBe(false);
    expect(await up(subject)).not.toBe(first);
  });

  it.each([
    ["memory", { behaviour: "grow", offers: 1 }, { beatMs: 50, maxRssBytes: 200 * 1024 * 1024 }],
    ["open files", { behaviour: "leak", offers: 1 }, { beatMs: 50, maxOpenFiles: 60 }],
  ] as const)("is replaced in order when it holds too much: %s", async (_what, options, limits) => {
    const subject = host(options, limits);
    await using running = new RunningDriver(subject.driver);
    await until(() => subject.logger.of("driver process is replaced").length > 0, { timeoutMs: 20_000 });
    await until(() => running.offered.length === 2, { timeoutMs: 20_000 });
    expect(subject.logger.of("fixture stops").length).toBeGreaterThan(0);
    expect(subject.logger.of("driver process is gone")).toEqual([]);
  });

  it("gets a new process when it asks for one, which is told why; its last word stands until then", async () => {
    const subject = host({ behaviour: "spend-once" });
    await using _running = new RunningDriver(subject.driver);
    await until(() => subject.health().code === "SPENT", { timeoutMs: 20_000 });
    const first = Number(subject.health().detail);
    expect(subject.health().state).toBe("down");
    expect(await up(subject)).not.toBe(first);
    expect(subject.logger.of("driver process is replaced")).toMatchObject([
      { level: "info", fields: { reason: "spent" } },
    ]);
    expect(subject.logger.of("driver process is gone")).toEqual([]);
  });

  it("delivers what it offers while it stops", async () => {
    const subject = host({ lastOffer: true });
    await using running = new RunningDriver(subject.driver);
    const pid = await up(subject);
    await running.stop();
    expect(running.of("nfc-unread").map(({ reason }) => reason)).toEqual(["last"]);
    expect(isAlive(pid)).toBe(false);
  });

  it("is killed when it does not stop", async () => {
    const subject = host({ behaviour: "ignore-stop" }, { stopMs: 200 });
    await using running = new RunningDriver(subject.driver);
    const pid = await up(subject);
    await running.stop();
    expect(isAlive(pid)).toBe(false);
  });

  it("is down with a reason when its run rejects", async () => {
    const subject = host({ behaviour: "reject" });
    await using _running = new RunningDriver(subject.driver);
    await until(() => subject.health().code, { timeoutMs: 20_000 });
    expect(subject.health().code).toBe("HOST_CHILD_DIED");
    expect(subject.logger.of("driver process is gone")[0]?.fields["detail"]).toContain("a defect in the driver");
  });

  it("is down with a reason when its module is not there", async () => {
    const subject = host({}, {}, new URL("./no-such-driver.ts", import.meta.url));
    await using _running = new RunningDriver(subject.driver);
    await until(() => subject.health().code, { timeoutMs: 20_000 });
    expect(subject.health().code).toBe("HOST_MODULE_INVALID");
  });

  it.each(["idle", "block"])("ends when its parent is killed, though it does: %s", async (behaviour) => {
    const parent = fork(new URL("../../support/hosted/parent-to-kill.ts", import.meta.url), [behaviour], {
      execArgv: [],
    });
    const [pid] = (await once(parent, "message")) as [number];
    expect(isAlive(pid)).toBe(true);
    parent.kill("SIGKILL");
    await until(() => !isAlive(pid), { timeoutMs: 10_000, what: "the end of the orphan" });
  });
});
