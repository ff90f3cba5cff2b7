import { createServer, type Socket } from "node:net";
import { describe, expect, it } from "vitest";
import { asDeviceId, asLaneId, asStreamId } from "../../../../agent/core/ids.ts";
import type { PrintBytes } from "../../../../agent/core/observation.ts";
import { RelayFleet } from "../../../../drivers/relay-fleet.ts";
import { encodeFrame } from "../../../../drivers/relay-frames.ts";
import { RelayKeeper } from "../../../../drivers/relay-keeper.ts";
import type { FromRelay } from "../../../../drivers/relay-protocol.ts";
import { RelayServer } from "../../../../drivers/relay-server.ts";
import { SystemClock } from "../../../../drivers/system-clock.ts";
import { someInstant } from "../../../support/entries.ts";
import { LogLines } from "../../../support/log-lines.ts";
import { RunningDriver } from "../../../support/running-driver.ts";
import { TempFolder } from "../../../support/temp-folder.ts";
import { until } from "../../../support/until.ts";

const source = { deviceId: asDeviceId("till-5"), laneId: asLaneId("05"), at: someInstant, streamId: asStreamId("s1") };
const begun: PrintBytes = { kind: "print-bytes", ...source, offset: 0, bytes: Uint8Array.of(1) };

/** Relays that live as long as is said here, one after the other, and no longer. */
function relaysAt(path: string, lives: readonly ((agent: Socket) => void)[]): Disposable {
  let count = 0;
  const server = createServer((agent) => lives[count++]?.(agent)).listen(path);
  return { [Symbol.dispose]: () => server.close() };
}

const say = (agent: Socket, message: FromRelay): boolean => agent.write(encodeFrame(message));
const hello = (pid: number): FromRelay => ({ type: "hello", pid, devices: [] });
// No process has these numbers.
const [firstPid, secondPid] = [2 ** 30, 2 ** 30 + 1];

describe("relay keeper", () => {
  it("ends the streams of a relay that died, though the one after it died before it could say who it is", async () => {
    await using stack = new AsyncDisposableStack();
    const folder = stack.use(new TempFolder());
    const socketPath = folder.file("relay");
    const relays = relaysAt(socketPath, [
      (agent) => {
        say(agent, hello(firstPid));
        say(agent, { type: "offer", id: 1, observation: begun });
        agent.once("data", () => agent.destroy());
      },
      (agent) => agent.destroy(),
      (agent) => say(agent, hello(secondPid)),
    ]);
    stack.use(relays);
    const spec = { moduleUrl: new URL("file:///nothing"), options: {}, devices: [] };
    const parts = { spec, socketPath, clock: new SystemClock(), logger: new LogLines(), lingerMs: 1_000 };
    const keeper = new RelayKeeper(parts);
    const running = stack.use(
      new RunningDriver({ name: "relay", devices: () => [], run: (...of) => keeper.run(...of) }),
    );
    await until(() => running.of("print-end").length > 0);
    expect(running.offered).toEqual([begun, { kind: "print-end", ...source, reason: "lost" }]);
  });
});

describe("relay fleet", () => {
  it("does not wait for a relay that it retires when it is stopped at that moment", async () => {
    using folder = new TempFolder();
    const orders: string[] = [];
    const busy = new RelayServer(folder.file("busy"), {
      onAgent: () => undefined,
      onRetire: () => orders.push("retire"),
      onFarewell: () => orders.push("farewell"),
    });
    await busy.listen();
    const parts = { clock: new SystemClock(), logger: new LogLines(), version: "1" };
    await new RelayFleet({ folder: folder.path, relays: [], ...parts }).run(
      () => Promise.resolve({ status: "recorded" }),
      AbortSignal.abort(new Error("stopped")),
    );
    await until(() => orders.length === 2);
    expect(orders).toEqual(["retire", "farewell"]);
    await busy.close();
  });
});
