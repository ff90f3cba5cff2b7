import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { asDeviceId, asLaneId } from "../../../agent/core/ids.ts";
import type { Outcome } from "../../../agent/core/observation.ts";
import { createDriver, type TcpProxy } from "../../../drivers/printer/tcp-proxy.ts";
import { SystemClock } from "../../../drivers/system-clock.ts";
import { HeldOffers } from "../../support/held-offers.ts";
import { LogLines } from "../../support/log-lines.ts";
import { PaperPrinter } from "../../support/paper-printer.ts";
import { PosSocket } from "../../support/pos-socket.ts";
import { joinedStreams, onlyStream } from "../../support/print-bytes.ts";
import { RunningDriver } from "../../support/running-driver.ts";
import { until } from "../../support/until.ts";

const identity = { deviceId: asDeviceId("till-5-printer"), laneId: asLaneId("05") };
const receipt = Buffer.from("\x1b@GREENFIELD MARKET\nTOTAL 12.97\n\n\n\x1dV\x01", "latin1");

function proxyTo(printerPort: number, mostTeeBytes?: number): TcpProxy {
  const options = { ...identity, host: "127.0.0.1", port: 0, printerHost: "127.0.0.1", printerPort };
  return createDriver(
    { ...options, ...(mostTeeBytes && { mostTeeBytes }) },
    { clock: new SystemClock(), logger: new LogLines() },
  );
}

const portOf = (proxy: TcpProxy): Promise<number> => until(() => proxy.port, { what: "the proxy listens" });
const never = (): Promise<Outcome> => new Promise(() => {});
const healthOf = (proxy: TcpProxy) => proxy.devices()[0]?.health;

describe("TCP proxy", () => {
  it("passes the same bytes both ways however the network cuts them, and captures what went to the printer", async () => {
    await using printer = await PaperPrinter.on();
    const proxy = proxyTo(printer.port);
    await using driver = new RunningDriver(proxy);
    const port = await portOf(proxy);
    const bytes = fc.uint8Array({ minLength: 1, maxLength: 4_000 });
    const cuts = fc.array(fc.nat(4_000), { maxLength: 8 });
    await fc.assert(
      fc.asyncProperty(bytes, bytes, cuts, cuts, async (down, up, cutsDown, cutsUp) => {
        driver.offered.length = 0;
        const [before, connections] = [printer.printed.length, printer.sockets.length];
        using pos = await PosSocket.connect(port);
        const socket = await until(() => printer.sockets[connections], { everyMs: 1 });
        const answering = (async (): Promise<void> => {
          const places = [...cutsUp.map((cut) => cut % up.length), up.length].toSorted((a, b) => a - b);
          for (const [i, place] of places.entries()) socket.write(up.subarray(places[i - 1] ?? 0, place));
        })();
        await pos.sendCut(down, cutsDown);
        await answering;
        pos.finish();
        await until(() => socket.readableEnded, { everyMs: 1 });
        socket.end();
        await pos.closed();
        expect(printer.printed.subarray(before)).toEqual(Buffer.from(down));
        expect(pos.received).toEqual(Buffer.from(up));
        await until(() => driver.of("print-end").length === 1, { everyMs: 1 });
        expect(driver.of("print-end")[0]?.reason).toBe("closed");
        expect(onlyStream(driver.offered)).toEqual(Buffer.from(down));
      }),
      { numRuns: 30 },
    );
  });

  it("passes a half-close on, and what the printer still has to say after it", async () => {
    await using printer = await PaperPrinter.on();
    const proxy = proxyTo(printer.port);
    await using driver = new RunningDriver(proxy);
    using pos = await PosSocket.connect(await portOf(proxy));
    await pos.send(receipt);
    pos.finish();
    const socket = await until(() => printer.sockets[0]);
    await until(() => socket.readableEnded);
    socket.end(Buffer.of(0x12));
    await pos.closed();
    expect(pos.received).toEqual(Buffer.of(0x12));
    expect(driver.of("print-end").map(({ reason }) => reason)).toEqual(["closed"]);
  });

  it("leaves the printer to others when a POS comes and goes without a byte, also while the printer is being reached", async () => {
    await using printer = await PaperPrinter.on();
    const proxy = proxyTo(printer.port);
    await using driver = new RunningDriver(proxy);
    const port = await portOf(proxy);
    for (let count = 1; count <= 20; count += 1) {
      using pos = await PosSocket.connect(port);
      pos.finish();
      const socket = await until(() => printer.sockets[count - 1], { what: "the connection to the printer" });
      await until(() => socket.readableEnded, { what: "the end of the POS at the printer" });
      socket.end();
      await pos.closed();
    }
    expect(driver.offered).toEqual([]);
  });

  it("goes on printing while nothing at all is recorded", async () => {
    await using printer = await PaperPrinter.on();
    const proxy = proxyTo(printer.port, 10_000);
    await using driver = new RunningDriver(proxy, never);
    using pos = await PosSocket.connect(await portOf(proxy));
    const much = Buffer.alloc(3_000_000, receipt);
    await pos.send(much);
    await until(() => printer.printed.length === much.length);
    expect(printer.printed.equals(much)).toBe(true);
    expect(healthOf(proxy)).toMatchObject({ state: "down", code: "PRINT_CAPTURE_OVERFLOW" });
    const offered = driver.of("print-bytes").reduce((sum, { bytes }) => sum + bytes.length, 0);
    expect(offered).toBeLessThanOrEqual(10_000);
    expect(proxy.missedBytes).toBe(much.length - offered);
  });

  it("ends an overflown stream as lost, and begins a new one on the same connection once there is room", async () => {
    await using printer = await PaperPrinter.on();
    const proxy = proxyTo(printer.port, 10_000);
    const held = new HeldOffers();
    await using driver = new RunningDriver(proxy, held.offer);
    const port = await portOf(proxy);
    using first = await PosSocket.connect(port);
    await first.send(Buffer.alloc(6_000, "a"));
    await until(() => driver.of("print-bytes").length === 1);
    await first.send(Buffer.alloc(6_000, "b"));
    await until(() => healthOf(proxy)?.code === "PRINT_CAPTURE_OVERFLOW");
    const answering = setInterval(() => held.answer(held.waiting.length), 1);
    await until(() => driver.of("print-end").length === 1);
    expect(driver.of("print-end")[0]?.reason).toBe("lost");
    await first.send(receipt);
    first.finish();
    await until(() => printer.printed.length === 12_000 + receipt.length);
    (await until(() => printer.sockets[0])).end();
    using second = await PosSocket.connect(port);
    await second.send(receipt);
    second.finish();
    await until(() => printer.sockets[1]?.readableEnded);
    printer.sockets[1]?.end();
    await until(() => healthOf(proxy)?.state === "up");
    clearInterval(answering);
    const reasons = driver.of("print-end").map(({ reason }) => reason);
    expect(reasons).toEqual(["lost", "closed", "closed"]);
    expect([...joinedStreams(driver.offered).values()]).toEqual([Buffer.alloc(6_000, "a"), receipt, receipt]);
    expect(proxy.missedBytes).toBe(6_000);
  });

  it("hangs up on the POS while the printer is off, captures nothing, and works again when it is on", async () => {
    const printer = await PaperPrinter.on();
    const { port: printerPort } = printer;
    await printer.off();
    const proxy = proxyTo(printerPort);
    await using driver = new RunningDriver(proxy);
    const port = await portOf(proxy);
    using pos = await PosSocket.connect(port);
    void pos.send(receipt);
    await pos.hungUp();
    expect(healthOf(proxy)).toMatchObject({ state: "down", code: "PRINTER_UNREACHABLE" });
    await using again = await PaperPrinter.on(printerPort);
    using later = await PosSocket.connect(port);
    await later.send(receipt);
    await until(() => again.printed.equals(receipt));
    expect(healthOf(proxy)?.state).toBe("up");
    expect(onlyStream(driver.offered)).toEqual(receipt);
  });

  it("resets the POS when the printer breaks off in the middle, and ends the stream as lost", async () => {
    await using printer = await PaperPrinter.on();
    const proxy = proxyTo(printer.port);
    await using driver = new RunningDriver(proxy);
    using pos = await PosSocket.connect(await portOf(proxy));
    await pos.send(receipt);
    await until(() => printer.printed.length === receipt.length);
    await printer.off();
    await pos.closed();
    await until(() => driver.of("print-end").length === 1);
    expect(driver.of("print-end")[0]?.reason).toBe("lost");
  });

  it("lets a slow printer slow the POS down, and loses nothing by it", async () => {
    await using printer = await PaperPrinter.on();
    const proxy = proxyTo(printer.port, 64 * 1024 * 1024);
    await using driver = new RunningDriver(proxy);
    using pos = await PosSocket.connect(await portOf(proxy));
    const socket = await until(() => printer.sockets[0]);
    socket.pause();
    const much = Buffer.alloc(16 * 1024 * 1024, receipt);
    let sent = false;
    const sending = pos.send(much).then(() => (sent = true));
    const settled = { count: -1 };
    await until(
      () => {
        const same = settled.count === driver.offered.length && settled.count > 0;
        settled.count = driver.offered.length;
        return same;
      },
      { everyMs: 60 },
    );
    expect(sent).toBe(false);
    socket.resume();
    await sending;
    await until(() => printer.printed.length === much.length);
    expect(onlyStream(driver.offered).equals(much)).toBe(true);
  });

  it("stops quickly while a POS prints and nothing is recorded", async () => {
    await using printer = await PaperPrinter.on();
    const proxy = proxyTo(printer.port);
    const driver = new RunningDriver(proxy, never);
    using pos = await PosSocket.connect(await portOf(proxy));
    await pos.send(receipt);
    await until(() => driver.offered.length > 0);
    const before = performance.now();
    await driver.stop();
    expect(performance.now() - before).toBeLessThan(1_500);
    await pos.hungUp();
    expect(proxy.port).toBeUndefined();
  });
});
