import { describe, expect, it } from "vitest";
import { asDeviceId, asLaneId } from "../../../agent/core/ids.ts";
import type { Outcome } from "../../../agent/core/observation.ts";
import { createDriver, type SerialRelay } from "../../../drivers/serial/serial-relay.ts";
import { SystemClock } from "../../../drivers/system-clock.ts";
import { SerialCable } from "../../../drivers/virtual/serial-cable.ts";
import { FarEnd } from "../../support/far-end.ts";
import { cablePid } from "../../support/process-tree.ts";
import { LogLines } from "../../support/log-lines.ts";
import { joinedStreams } from "../../support/print-bytes.ts";
import { RunningDriver } from "../../support/running-driver.ts";
import { TempFolder } from "../../support/temp-folder.ts";
import { until } from "../../support/until.ts";

const clock = new SystemClock();

async function setUp(stack: AsyncDisposableStack, mostTeeBytes?: number) {
  const folder = stack.use(new TempFolder());
  const pos = stack.use(await FarEnd.at(folder, "pos"));
  const printer = stack.use(await FarEnd.at(folder, "printer"));
  const settings = { path: pos.portPath, baudRate: 115_200, dataBits: 8, parity: "none", stopBits: 1 } as const;
  const ids = { deviceId: asDeviceId("till-7-printer"), laneId: asLaneId("07") };
  const options = { ...ids, ...settings, printerPath: printer.portPath, ...(mostTeeBytes && { mostTeeBytes }) };
  return { pos, printer, driver: createDriver(options, { clock, logger: new LogLines() }) };
}

const isUp = (driver: SerialRelay): Promise<boolean> => until(() => driver.devices()[0]?.health.state === "up");
const codeOf = (driver: SerialRelay): string | undefined => driver.devices()[0]?.health.code;
const never = (): Promise<Outcome> => new Promise(() => {});

/** Every byte there is, in an order that repeats only after a while. */
const bytesOf = (length: number): Buffer => Buffer.from(Array.from({ length }, (_, i) => (i * 31 + (i >> 8)) & 0xff));

describe.skipIf(!SerialCable.isAvailable())("serial line between POS and printer (needs socat)", () => {
  it("passes every byte both ways at once, and captures what went to the printer", async () => {
    await using stack = new AsyncDisposableStack();
    const { pos, printer, driver } = await setUp(stack);
    const running = stack.use(new RunningDriver(driver));
    await until(() => codeOf(driver) === "SERIAL_PORT_MISSING");
    await Promise.all([pos.cable.plug(), printer.cable.plug()]);
    await isUp(driver);
    const [down, up] = [bytesOf(20_000), bytesOf(3_000).reverse()];
    await Promise.all([pos.say(down), printer.say(up)]);
    await until(() => printer.received.length >= down.length && pos.received.length >= up.length);
    expect(printer.received.equals(down)).toBe(true);
    expect(pos.received.equals(up)).toBe(true);
    await until(() => [...joinedStreams(running.offered).values()].some((stream) => stream.equals(down)));
  });

  it("goes on printing while nothing at all is recorded, and tells what it could not keep", async () => {
    await using stack = new AsyncDisposableStack();
    const { pos, printer, driver } = await setUp(stack, 5_000);
    stack.use(new RunningDriver(driver, never));
    await Promise.all([pos.cable.plug(), printer.cable.plug()]);
    await isUp(driver);
    const much = bytesOf(30_000);
    await pos.say(much);
    await until(() => printer.received.length >= much.length);
    expect(printer.received.equals(much)).toBe(true);
    expect(codeOf(driver)).toBe("PRINT_CAPTURE_OVERFLOW");
  });

  it("tells of a printer that takes nothing, and when it takes something again", async () => {
    await using stack = new AsyncDisposableStack();
    const { pos, printer, driver } = await setUp(stack);
    stack.use(new RunningDriver(driver));
    await Promise.all([pos.cable.plug(), printer.cable.plug()]);
    await isUp(driver);
    const pid = await until(() => cablePid(printer.portPath), { what: "the printer's socat" });
    process.kill(pid, "SIGSTOP");
    const much = bytesOf(30_000);
    try {
      await pos.say(much);
      await until(() => codeOf(driver) === "SERIAL_PRINTER_BLOCKED", { timeoutMs: 20_000 });
    } finally {
      process.kill(pid, "SIGCONT");
    }
    await until(() => printer.received.length >= much.length);
    expect(printer.received.equals(much)).toBe(true);
    await isUp(driver);
  });

  it("shows the POS a dead line while the printer's cable is out, and works again when it is back", async () => {
    await using stack = new AsyncDisposableStack();
    const { pos, printer, driver } = await setUp(stack);
    const running = stack.use(new RunningDriver(driver));
    await Promise.all([pos.cable.plug(), printer.cable.plug()]);
    await isUp(driver);
    await pos.say(Buffer.from("first"));
    await until(() => printer.received.equals(Buffer.from("first")));
    await printer.cable.unplug();
    await until(() => running.of("print-end").length === 1);
    expect(running.of("print-end")[0]?.reason).toBe("lost");
    await until(() => codeOf(driver) === "SERIAL_PORT_MISSING");
    await printer.cable.plug();
    await isUp(driver);
    await until(async () => {
      await pos.say(Buffer.from("again"));
      return printer.received.includes("again");
    });
    expect(joinedStreams(running.offered).size).toBe(2);
  });

  it("lets go of both ports when it is retired, although nothing is recorded", async () => {
    await using stack = new AsyncDisposableStack();
    const { pos, printer, driver } = await setUp(stack);
    const ends: AbortController = new AbortController();
    const running = driver.run(never, ends.signal);
    await Promise.all([pos.cable.plug(), printer.cable.plug()]);
    await isUp(driver);
    await pos.say(Buffer.from("receipt"));
    await until(() => printer.received.length === 7);
    driver.retire();
    const next = createDriver(optionsOf(pos, printer), { clock, logger: new LogLines() });
    stack.use(new RunningDriver(next));
    await isUp(next);
    ends.abort(new Error("the test is over"));
    await running;
    expect(codeOf(next)).toBeUndefined();
  });
});

describe.skipIf(!SerialCable.isAvailable())("serial line that is listened to (needs socat)", () => {
  it("captures what the POS prints, says nothing whatever it asks, and takes the port up again", async () => {
    await using stack = new AsyncDisposableStack();
    const { pos } = await setUp(stack);
    const { printerPath: _none, ...options } = optionsOf(pos, pos);
    const driver = createDriver(options, { clock, logger: new LogLines() });
    const running = stack.use(new RunningDriver(driver));
    for (let round = 1; round <= 2; round += 1) {
      await pos.cable.plug();
      await isUp(driver);
      const asked = Buffer.concat([bytesOf(3_000), Buffer.of(0x10, 0x04, 0x01, 0x1d, 0x72, 0x01)]);
      await pos.say(asked);
      await until(
        () => [...joinedStreams(running.offered).values()].filter((stream) => stream.equals(asked)).length === round,
      );
      await pos.cable.unplug();
      await until(() => running.of("print-end").length === round);
    }
    expect(pos.received.length).toBe(0);
  });
});

function optionsOf(pos: FarEnd, printer: FarEnd) {
  const settings = { path: pos.portPath, baudRate: 115_200, dataBits: 8, parity: "none", stopBits: 1 } as const;
  return { deviceId: asDeviceId("next"), laneId: asLaneId("07"), ...settings, printerPath: printer.portPath };
}
