import { createServer } from "node:net";
import { once } from "node:events";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { asDeviceId, asLaneId } from "../../../agent/core/ids.ts";
import type { Offer, Outcome } from "../../../agent/core/observation.ts";
import { createTcpSink, type TcpSink } from "../../../drivers/printer/tcp-sink.ts";
import { SystemClock } from "../../../drivers/system-clock.ts";
import { HeldOffers } from "../../support/held-offers.ts";
import { LogLines } from "../../support/log-lines.ts";
import { PosSocket } from "../../support/pos-socket.ts";
import { joinedStreams, onlyStream } from "../../support/print-bytes.ts";
import { RunningDriver } from "../../support/running-driver.ts";
import { until } from "../../support/until.ts";

const identity = { deviceId: asDeviceId("till-5-printer"), laneId: asLaneId("05") };
const receipt = Buffer.from("\x1b@GREENFIELD MARKET\nTOTAL 12.97\n\n\n\x1dV\x01", "latin1");
const statusInOrder = Uint8Array.of(0x1d, 0x72, 1);
const statusAtOnce = Uint8Array.of(0x10, 0x04, 1);

function sinkOn(port: number, mostUnrecordedBytes?: number): TcpSink {
  const options = { ...identity, host: "127.0.0.1", port, ...(mostUnrecordedBytes && { mostUnrecordedBytes }) };
  return createTcpSink(options, { clock: new SystemClock(), logger: new LogLines() });
}

const portOf = (sink: TcpSink): Promise<number> => until(() => sink.port, { what: "the sink listens" });

describe("TCP sink", () => {
  it("offers what the POS sends at once, in order, and the end of the connection after it", async () => {
    const sink = sinkOn(0);
    await using driver = new RunningDriver(sink);
    using pos = await PosSocket.connect(await portOf(sink));
    await pos.send(receipt);
    await until(() => driver.of("print-bytes").length > 0);
    expect(driver.of("print-end")).toEqual([]);
    pos.finish();
    await pos.closed();
    const [end] = await until(() => driver.of("print-end").length > 0 && driver.of("print-end"));
    expect(onlyStream(driver.offered)).toEqual(receipt);
    expect(end).toMatchObject({ ...identity, reason: "closed", streamId: driver.of("print-bytes")[0]?.streamId });
  });

  it("offers the same bytes however the network cuts them", async () => {
    const sink = sinkOn(0);
    await using driver = new RunningDriver(sink);
    const port = await portOf(sink);
    const cuts = fc.array(fc.nat(5_000), { maxLength: 12 });
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ minLength: 1, maxLength: 5_000 }), cuts, async (bytes, places) => {
        driver.offered.length = 0;
        using pos = await PosSocket.connect(port);
        await pos.sendCut(bytes, places);
        pos.finish();
        await until(() => driver.of("print-end").length === 1, { everyMs: 2 });
        expect(onlyStream(driver.offered)).toEqual(Buffer.from(bytes));
      }),
      { numRuns: 40 },
    );
  });

  it("keeps the streams of many connections apart", async () => {
    const sink = sinkOn(0);
    await using driver = new RunningDriver(sink);
    const port = await portOf(sink);
    const texts = Array.from({ length: 20 }, (_, i) => Buffer.from(`receipt ${i}\n`.repeat(50)));
    await Promise.all(
      texts.map(async (text, i) => {
        using pos = await PosSocket.connect(port);
        await pos.sendCut(text, [i + 1, 3 * i + 40, 300]);
        pos.finish();
        await pos.closed();
      }),
    );
    await until(() => driver.of("print-end").length === texts.length);
    const streams = [...joinedStreams(driver.offered).values()].map(String);
    expect(streams.toSorted()).toEqual(texts.map(String).toSorted());
  });

  it("answers a status asked in print order only when everything before it is recorded", async () => {
    const held = new HeldOffers();
    const sink = sinkOn(0);
    await using driver = new RunningDriver(sink, held.offer);
    using pos = await PosSocket.connect(await portOf(sink));
    await pos.send(receipt);
    await until(() => driver.offered.length === 1);
    await pos.send(Buffer.concat([statusInOrder, statusAtOnce]));
    // The answer to the real-time request proves that the other request was seen before it.
    await until(() => pos.received.length > 0);
    expect(pos.received).toEqual(Buffer.of(0x12));
    held.answer(1);
    await pos.send(statusAtOnce);
    await until(() => pos.received.length > 1);
    expect(pos.received).toEqual(Buffer.of(0x12, 0x12));
    held.answer(2);
    await until(() => pos.received.length > 2);
    expect(pos.received).toEqual(Buffer.of(0x12, 0x12, 0x00));
  });

  it("owes a half-closed POS its answers, then closes", async () => {
    const held = new HeldOffers();
    const sink = sinkOn(0);
    await using driver = new RunningDriver(sink, held.offer);
    using pos = await PosSocket.connect(await portOf(sink));
    await pos.send(Buffer.concat([receipt, statusInOrder]));
    pos.finish();
    await until(() => held.waiting.length > 0);
    expect(driver.of("print-end")).toEqual([]);
    held.answer(held.waiting.length);
    await pos.closed();
    expect(pos.received).toEqual(Buffer.of(0x00));
    await until(() => held.waiting.length === 1);
    held.answer(1);
  });

  it("keeps refused bytes, says so, and offers them again until they are recorded", async () => {
    let refusals = 3;
    const answer: Offer = () =>
      Promise.resolve<Outcome>(
        refusals-- > 0 ? { status: "refused", code: "LEDGER_UNWRITABLE" } : { status: "recorded" },
      );
    const sink = sinkOn(0);
    await using driver = new RunningDriver(sink, answer);
    using pos = await PosSocket.connect(await portOf(sink));
    await pos.send(receipt);
    const down = await until(() => sink.devices().find(({ health }) => health.state === "down"));
    expect(down.health).toMatchObject({ code: "PRINT_NOT_RECORDED" });
    await pos.send(Buffer.concat([receipt, statusInOrder]));
    await until(() => pos.received.length > 0);
    expect(pos.received).toEqual(Buffer.of(0x00));
    expect(onlyStream(driver.offered)).toEqual(Buffer.concat([receipt, receipt, statusInOrder]));
    await until(() => sink.devices()[0]?.health.state === "up");
  });

  it("stops reading while too much is unrecorded, and loses nothing by it", async () => {
    const held = new HeldOffers();
    const sink = sinkOn(0, 64 * 1024);
    await using driver = new RunningDriver(sink, held.offer);
    using pos = await PosSocket.connect(await portOf(sink));
    const much = Buffer.alloc(12 * 1024 * 1024, "0123456789 ");
    let sent = false;
    const sending = pos.send(much).then(() => (sent = true));
    const held64 = (): number => held.waiting.reduce((sum, each) => sum + ("bytes" in each ? each.bytes.length : 0), 0);
    await until(() => held64() > 64 * 1024);
    const before = held.waiting.length;
    const other = await PosSocket.connect(sink.port ?? 0);
    await other.send(statusAtOnce);
    await until(() => other.received.length > 0);
    other[Symbol.dispose]();
    expect(held64()).toBeLessThan(256 * 1024);
    expect(held.waiting.length).toBeLessThan(before + 5);
    expect(sent).toBe(false);
    const draining = setInterval(() => held.answer(held.waiting.length), 1);
    await sending;
    pos.finish();
    const streamId = driver.of("print-bytes")[0]?.streamId ?? "none";
    await until(() => driver.of("print-end").some((end) => end.streamId === streamId && end.reason === "closed"));
    clearInterval(draining);
    expect(joinedStreams(driver.offered).get(streamId)?.equals(much)).toBe(true);
  });

  it("ends the stream as lost when the POS breaks off", async () => {
    const sink = sinkOn(0);
    await using driver = new RunningDriver(sink);
    using pos = await PosSocket.connect(await portOf(sink));
    await pos.send(receipt);
    await until(() => driver.offered.length > 0);
    pos.socket.resetAndDestroy();
    const [end] = await until(() => driver.of("print-end").length > 0 && driver.of("print-end"));
    expect(end?.reason).toBe("lost");
  });

  it("waits for a port that another program has", async () => {
    const other = createServer().listen(0, "127.0.0.1");
    await once(other, "listening");
    const address = other.address();
    const sink = sinkOn(address !== null && typeof address === "object" ? address.port : 0);
    await using driver = new RunningDriver(sink);
    const down = await until(() => sink.devices().find(({ health }) => health.state === "down"));
    expect(down.health).toMatchObject({ code: "PRINT_PORT_IN_USE" });
    other.close();
    await until(() => sink.devices()[0]?.health.state === "up");
    expect(driver.offered).toEqual([]);
  });

  it("stops quickly with a POS connected and offers that never return", async () => {
    const sink = sinkOn(0);
    const driver = new RunningDriver(sink, () => new Promise<Outcome>(() => {}));
    using pos = await PosSocket.connect(await portOf(sink));
    await pos.send(receipt);
    await until(() => driver.offered.length > 0);
    const before = performance.now();
    await driver.stop();
    expect(performance.now() - before).toBeLessThan(1_500);
    await pos.hungUp();
    expect(sink.port).toBeUndefined();
  });
});
