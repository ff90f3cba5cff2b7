import { HostedDriver } from "../../../drivers/host.ts";
import { SystemClock } from "../../../drivers/system-clock.ts";
import { fixtureDevice } from "./fixture-driver.ts";

// A process that runs a hosted driver, tells its own parent the child's pid, and waits to be killed.
const ignore = (): void => undefined;
const driver = new HostedDriver({
  name: "fixture",
  moduleUrl: new URL("./fixture-driver.ts", import.meta.url),
  options: { offers: 1, behaviour: process.argv[2] },
  devices: [fixtureDevice],
  clock: new SystemClock(),
  logger: { debug: ignore, info: ignore, warn: ignore, error: ignore },
});
await driver.run(() => {
  process.send?.(driver.childPid);
  return Promise.resolve({ status: "recorded" });
}, new AbortController().signal);
