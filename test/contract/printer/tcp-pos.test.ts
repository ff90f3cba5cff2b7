import { createServer } from "node:net";
import { once } from "node:events";
import { describe, expect, it } from "vitest";
import { asDeviceId, asLaneId } from "../../../agent/core/ids.ts";
import { createTcpSink, type TcpSink } from "../../../drivers/printer/tcp-sink.ts";
import { SystemClock } from "../../../drivers/system-clock.ts";
import { TcpPos } from "../../../drivers/virtual/tcp-pos.ts";
import { HeldOffers } from "../../support/held-offers.ts";
import { LogLines } from "../../support/log-lines.ts";
import { onlyStream } from "../../support/print-bytes.ts";
import { RunningDriver } from "../../support/running-driver.ts";
import { until } from "../../support/until.ts";

const clock = new SystemClock();
const signal = new AbortController().signal;
const receipt = Buffer.from("\x1b@GREENFIELD MARKET\nTOTAL 12.97\n\n\n\x1dV\x01".repeat(30), "latin1");

function newSink(): TcpSink {
  const ids = { deviceId: asDeviceId("till-5-printer"), laneId: asLaneId("05") };
  return createTcpSink({ ...ids, host: "127.0.0.1", port: 0 }, { clock, logger: new LogLines() });
}

describe("virtual POS over TCP", () => {
  it("knows its receipt is printed once every byte of it is recorded", async () => {
    const sink = newSink();
    await using running = new RunningDriver(sink);
    const pos = new TcpPos({ host: "127.0.0.1", port: await until(() => sink.port), clock, pieceMs: 2 });
    expect(await pos.print(receipt, signal)).toBe("confirmed");
    expect(onlyStream(running.offered).includes(receipt)).toBe(true);
    await until(() => running.of("print-end").length === 1);
  });

  it("takes a receipt that is not recorded for broken", async () => {
    const sink = newSink();
    const held = new HeldOffers();
    await using running = new RunningDriver(sink, held.offer);
    const port = await until(() => sink.port);
    const pos = new TcpPos({ host: "127.0.0.1", port, clock, pieceMs: 2, confirmTimeoutMs: 200 });
    expect(await pos.print(receipt, signal)).toBe("broken");
    expect(running.of("print-bytes").length).toBeGreaterThan(0);
  });

  it("takes a printer that is not there, or goes away, for broken", async () => {
    const printer = createServer((socket) => socket.once("data", () => socket.resetAndDestroy())).listen(
      0,
      "127.0.0.1",
    );
    await once(printer, "listening");
    const address = printer.address();
    const port = address !== null && typeof address === "object" ? address.port : 0;
    const pos = new TcpPos({ host: "127.0.0.1", port, clock, pieceMs: 2 });
    expect(await pos.print(receipt, signal)).toBe("broken");
    printer.close();
    await once(printer, "close");
    expect(await pos.print(receipt, signal)).toBe("broken");
  });
});
