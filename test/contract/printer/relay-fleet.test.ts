import { existsSync, mkdirSync, readdirSync, rmSync } from "node:fs";
import { connect } from "node:net";
import { describe, expect, it } from "vitest";
import { asDeviceId, asLaneId } from "../../../agent/core/ids.ts";
import type { Outcome } from "../../../agent/core/observation.ts";
import { RelayFleet } from "../../../drivers/relay-fleet.ts";
import type { RelaySpec } from "../../../drivers/relay-keeper.ts";
import { SystemClock } from "../../../drivers/system-clock.ts";
import { freePort } from "../../support/free-port.ts";
import { LogLines } from "../../support/log-lines.ts";
import { PaperPrinter } from "../../support/paper-printer.ts";
import { PosSocket } from "../../support/pos-socket.ts";
import { joinedStreams } from "../../support/print-bytes.ts";
import { RunningDriver } from "../../support/running-driver.ts";
import { TempFolder } from "../../support/temp-folder.ts";
import { until } from "../../support/until.ts";

const never = (): Promise<Outcome> => new Promise(() => {});

function proxy(id: string, port: number, printer: PaperPrinter): RelaySpec {
  const ids = { deviceId: asDeviceId(`till-${id}`), laneId: asLaneId(id) };
  return {
    moduleUrl: new URL("../../../drivers/printer/tcp-proxy.ts", import.meta.url),
    options: { ...ids, host: "127.0.0.1", port, printerHost: "127.0.0.1", printerPort: printer.port },
    devices: [{ ...ids, type: "printer-tcp" }],
  };
}

/** A fleet whose relays end soon after it, so that no test leaves one behind. */
function fleetOf(folder: TempFolder, ...relays: readonly RelaySpec[]): RelayFleet {
  const parts = { clock: new SystemClock(), logger: new LogLines(), version: "1", lingerMs: 300 };
  return new RelayFleet({ folder: folder.file("relay"), relays, ...parts });
}

const isUp = (fleet: RelayFleet): Promise<boolean> =>
  until(() => fleet.devices().every(({ health }) => health.state === "up") && fleet.relayPids.length > 0);

const isAlive = (pid: number): boolean => {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
};

describe("relay fleet", () => {
  it("never mixes two lanes that print at the same time", async () => {
    await using stack = new AsyncDisposableStack();
    const folder = stack.use(new TempFolder());
    const printers = [stack.use(await PaperPrinter.on()), stack.use(await PaperPrinter.on())] as const;
    const ports = [await freePort(), await freePort()] as const;
    const fleet = fleetOf(folder, proxy("05", ports[0], printers[0]), proxy("07", ports[1], printers[1]));
    const running = stack.use(new RunningDriver(fleet));
    await isUp(fleet);
    const papers = ["five ", "seven "].map((word) => Buffer.from(word.repeat(2_000)));
    await Promise.all(
      ports.map(async (port, index) => {
        using pos = await PosSocket.connect(port);
        await pos.sendCut(
          papers[index]!,
          Array.from({ length: 100 }, (_, cut) => cut * 97),
        );
        await until(() => printers[index]?.printed.length === papers[index]?.length);
        pos.finish();
        await until(() => printers[index]?.sockets[0]?.readableEnded);
        printers[index]?.sockets[0]?.end();
      }),
    );
    await until(() => running.of("print-end").length === 2);
    for (const [index, lane] of ["05", "07"].entries()) {
      expect(printers[index]?.printed.equals(papers[index]!)).toBe(true);
      const ofLane = running.offered.filter((one) => "laneId" in one && one.laneId === lane);
      expect([...joinedStreams(ofLane).values()]).toEqual([papers[index]]);
      expect(new Set(ofLane.map(({ deviceId }) => deviceId))).toEqual(new Set([`till-${lane}`]));
    }
  });

  it("takes over the relay of an agent that never answered, with everything that it printed", async () => {
    await using stack = new AsyncDisposableStack();
    const folder = stack.use(new TempFolder());
    const printer = stack.use(await PaperPrinter.on());
    const spec = proxy("05", await freePort(), printer);
    const first = fleetOf(folder, spec);
    const dead = new RunningDriver(first, never);
    await isUp(first);
    const pids = first.relayPids;
    using pos = await PosSocket.connect((spec.options as { port: number }).port);
    await pos.send(Buffer.from("one two "));
    await until(() => printer.printed.length === 8);
    // The next agent is there before the relay gives the last one up.
    const second = fleetOf(folder, spec);
    const running = stack.use(new RunningDriver(second));
    await isUp(second);
    await pos.send(Buffer.from("three"));
    await until(() => [...joinedStreams(running.offered).values()].some((all) => String(all) === "one two three"));
    expect(second.relayPids).toEqual(pids);
    await dead.stop();
  });

  it("prints on when its socket is taken away under it, and has another one soon", async () => {
    await using stack = new AsyncDisposableStack();
    const folder = stack.use(new TempFolder());
    const printer = stack.use(await PaperPrinter.on());
    const spec = proxy("05", await freePort(), printer);
    const fleet = fleetOf(folder, spec);
    const running = stack.use(new RunningDriver(fleet));
    await isUp(fleet);
    const pids = fleet.relayPids;
    using pos = await PosSocket.connect((spec.options as { port: number }).port);
    await pos.send(Buffer.from("one "));
    const [name = ""] = readdirSync(folder.file("relay"));
    rmSync(folder.file("relay"), { recursive: true });
    mkdirSync(folder.file("relay"));
    await until(() => existsSync(folder.file(`relay/${name}`)), { timeoutMs: 20_000 });
    await pos.send(Buffer.from("two"));
    await until(() => String(printer.printed) === "one two");
    await until(() => [...joinedStreams(running.offered).values()].some((all) => String(all) === "one two"));
    expect(fleet.relayPids).toEqual(pids);
  });

  it("ends a relay that nobody comes back for after a stop in order", async () => {
    await using stack = new AsyncDisposableStack();
    const folder = stack.use(new TempFolder());
    const printer = stack.use(await PaperPrinter.on());
    const fleet = fleetOf(folder, proxy("05", await freePort(), printer));
    const running = new RunningDriver(fleet);
    await isUp(fleet);
    const [pid = 0] = fleet.relayPids;
    await running.stop();
    await until(() => !isAlive(pid));
    expect(readdirSync(folder.file("relay"))).toEqual([]);
  });

  it("drops whoever does not speak to a relay as an agent does, and clears away what no relay listens on", async () => {
    await using stack = new AsyncDisposableStack();
    const folder = stack.use(new TempFolder());
    const printer = stack.use(await PaperPrinter.on());
    const fleet = fleetOf(folder, proxy("05", await freePort(), printer));
    const running = new RunningDriver(fleet);
    await isUp(fleet);
    const [name = ""] = readdirSync(folder.file("relay"));
    const stranger = connect(folder.file(`relay/${name}`));
    stranger.on("error", () => undefined).resume();
    stranger.write(Buffer.alloc(64, 0xff));
    await until(() => stranger.closed);
    await isUp(fleet);
    const [pid = 0] = fleet.relayPids;
    process.kill(pid, "SIGKILL");
    await until(() => fleet.relayPids.some((each) => each !== pid));
    await isUp(fleet);
    await running.stop();
    const empty = stack.use(new RunningDriver(fleetOf(folder)));
    await until(() => readdirSync(folder.file("relay")).length === 0);
    await empty.stop();
    expect(isAlive(pid)).toBe(false);
  });
});
