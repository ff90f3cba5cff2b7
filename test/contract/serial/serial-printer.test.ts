import { writeFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { asDeviceId, asLaneId } from "../../../agent/core/ids.ts";
import type { Outcome } from "../../../agent/core/observation.ts";
import { StreamStatusScanner } from "../../../drivers/printer/status-scanner.ts";
import { createSerialPrinter, type SerialPrinter } from "../../../drivers/serial/serial-printer.ts";
import { SystemClock } from "../../../drivers/system-clock.ts";
import { SerialCable } from "../../../drivers/virtual/serial-cable.ts";
import { SerialPos } from "../../../drivers/virtual/serial-pos.ts";
import { HeldOffers } from "../../support/held-offers.ts";
import { LogLines } from "../../support/log-lines.ts";
import { joinedStreams } from "../../support/print-bytes.ts";
import { RunningDriver } from "../../support/running-driver.ts";
import { TempFolder } from "../../support/temp-folder.ts";
import { until } from "../../support/until.ts";

const clock = new SystemClock();
const signal = new AbortController().signal;
const receipt = Buffer.from("\x1b@GREENFIELD MARKET\nTOTAL 12.97\n\n\n\x1dV\x01".repeat(30), "latin1");

/** A POS, a cable and a driver for one test. */
async function setUp(stack: AsyncDisposableStack) {
  const folder = stack.use(new TempFolder());
  const ends = { portPath: folder.file("ttyPOS"), socketPath: folder.file("pos.sock"), clock };
  const pos = stack.use(await SerialPos.open({ ...ends, pieceMs: 2, confirmTimeoutMs: 1_000 }));
  const cable = stack.use(new SerialCable(ends));
  const settings = { path: ends.portPath, baudRate: 9600, dataBits: 8, parity: "none", stopBits: 1 } as const;
  const ids = { deviceId: asDeviceId("till-7-printer"), laneId: asLaneId("07") };
  const driver = createSerialPrinter(
    { ...ids, ...settings },
    { clock, logger: new LogLines(), newStatusScanner: () => new StreamStatusScanner() },
  );
  return { pos, cable, driver, path: ends.portPath };
}

const isUp = (driver: SerialPrinter): Promise<boolean> => until(() => driver.devices()[0]?.health.state === "up");
const codeOf = (driver: SerialPrinter): string | undefined => driver.devices()[0]?.health.code;

describe.skipIf(!SerialCable.isAvailable())("serial printer over a real port (needs socat)", () => {
  it("waits for a port that is not there yet, then takes what the POS prints and answers it", async () => {
    await using stack = new AsyncDisposableStack();
    const { pos, cable, driver } = await setUp(stack);
    const running = stack.use(new RunningDriver(driver));
    await until(() => codeOf(driver) === "SERIAL_PORT_MISSING");
    await cable.plug();
    await isUp(driver);
    expect(await pos.print(receipt, signal)).toBe("confirmed");
    const [stream] = joinedStreams(running.offered).values();
    expect(stream?.includes(receipt)).toBe(true);
    expect(running.of("print-end")).toEqual([]);
  });

  it("says of a path that it is not there, or is something else, in one short sentence", async () => {
    await using stack = new AsyncDisposableStack();
    const { driver, path } = await setUp(stack);
    stack.use(new RunningDriver(driver));
    const detail = (): string | undefined => driver.devices()[0]?.health.detail;
    await until(() => detail() === `${path}: No such file or directory`);
    writeFileSync(path, "a file");
    await until(() => codeOf(driver) === "SERIAL_PORT_FAILED");
    expect(detail()).toBe(`${path}: this is no serial port`);
  });

  it("confirms nothing that is not recorded", async () => {
    await using stack = new AsyncDisposableStack();
    const { pos, cable, driver } = await setUp(stack);
    const held = new HeldOffers();
    stack.use(new RunningDriver(driver, held.offer));
    await cable.plug();
    await isUp(driver);
    expect(await pos.print(receipt, signal)).toBe("broken");
    expect(held.waiting.length).toBeGreaterThan(0);
    // The late answer to the first try must not confirm the second one.
    const again = pos.print(receipt, signal);
    const answering = setInterval(() => held.answer(held.waiting.length), 5);
    expect(await again).toBe("confirmed");
    clearInterval(answering);
    held.answer(held.waiting.length);
  });

  it("survives unplugging: the stream ends as lost, a new one begins when the port is back", async () => {
    await using stack = new AsyncDisposableStack();
    const { pos, cable, driver } = await setUp(stack);
    const running = stack.use(new RunningDriver(driver));
    await cable.plug();
    for (let round = 1; round <= 3; round += 1) {
      await isUp(driver);
      expect(await until(async () => (await pos.print(receipt, signal)) === "confirmed")).toBe(true);
      await cable.unplug();
      await until(() => running.of("print-end").length === round);
      expect(["SERIAL_PORT_LOST", "SERIAL_PORT_MISSING"]).toContain(codeOf(driver));
      expect(await pos.print(receipt, signal)).toBe("broken");
      await cable.plug();
    }
    const ends = running.of("print-end");
    expect(ends.map(({ reason }) => reason)).toEqual(["lost", "lost", "lost"]);
    expect(new Set(ends.map(({ streamId }) => streamId)).size).toBe(3);
    for (const stream of joinedStreams(running.offered).values()) expect(stream.includes(receipt)).toBe(true);
  });

  it("takes the port up again although what it read before is still not recorded", async () => {
    await using stack = new AsyncDisposableStack();
    const { pos, cable, driver } = await setUp(stack);
    let isFull = true;
    const answer = (): Promise<Outcome> =>
      Promise.resolve(isFull ? { status: "refused", code: "LEDGER_UNWRITABLE" } : { status: "recorded" });
    const running = stack.use(new RunningDriver(driver, answer));
    await cable.plug();
    await isUp(driver);
    void pos.print(receipt, signal);
    await until(() => codeOf(driver) === "PRINT_NOT_RECORDED");
    await cable.unplug();
    await cable.plug();
    isFull = false;
    await isUp(driver);
    expect(await until(async () => (await pos.print(receipt, signal)) === "confirmed")).toBe(true);
    await until(() => running.of("print-end").length === 1);
    expect(joinedStreams(running.offered).size).toBe(2);
  });

  it("lets go of the port when it stops", async () => {
    await using stack = new AsyncDisposableStack();
    const { cable, driver } = await setUp(stack);
    await cable.plug();
    for (let round = 0; round < 2; round += 1) {
      const running = new RunningDriver(driver);
      await isUp(driver);
      const before = performance.now();
      await running.stop();
      expect(performance.now() - before).toBeLessThan(1_500);
      expect(codeOf(driver)).toBeUndefined();
    }
  });
});
