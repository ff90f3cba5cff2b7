import { rmSync, symlinkSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { deviceGone } from "../../../../drivers/serial/device-presence.ts";
import { ManualClock } from "../../../support/manual-clock.ts";
import { TempFolder } from "../../../support/temp-folder.ts";
import { until } from "../../../support/until.ts";

/** Watches a link to a device; `changed` says whether the device was found to be gone after some seconds. */
async function watch(change: (path: string, stop: AbortController) => void): Promise<boolean> {
  using folder = new TempFolder();
  const path = folder.file("ttyPOS");
  symlinkSync("/dev/null", path);
  const clock = new ManualClock();
  const stop = new AbortController();
  const state = { gone: false };
  const watching = deviceGone(path, clock, stop.signal).then(() => (state.gone = true));
  await until(() => clock.sleeping === 1);
  change(path, stop);
  for (let look = 0; look < 5 && !state.gone; look += 1) {
    await clock.advance(1_000);
    await until(() => state.gone || clock.sleeping === 1);
  }
  const { gone } = state;
  stop.abort();
  await watching;
  return gone;
}

describe("device presence", () => {
  it("says nothing while the path leads to the same device", async () => {
    expect(await watch(() => {})).toBe(false);
  });

  it("notices that the path is gone", async () => {
    expect(await watch((path) => rmSync(path))).toBe(true);
  });

  it("notices that the path leads to another device", async () => {
    const replug = (path: string): void => {
      rmSync(path);
      symlinkSync("/dev/zero", path);
    };
    expect(await watch(replug)).toBe(true);
  });

  it("stops watching when told to", async () => {
    expect(await watch((_path, stop) => stop.abort())).toBe(true);
  });

  it("takes a path that is gone from the start for gone", async () => {
    using folder = new TempFolder();
    const clock = new ManualClock();
    await deviceGone(folder.file("nothing"), clock, new AbortController().signal);
    expect(clock.sleeping).toBe(0);
  });
});
