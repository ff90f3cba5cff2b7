import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { SerialCable } from "../../drivers/virtual/serial-cable.ts";
import { FarEnd } from "../support/far-end.ts";
import { freePort } from "../support/free-port.ts";
import { LoneDaemon } from "../support/lone-daemon.ts";
import { PaperPrinter } from "../support/paper-printer.ts";
import { PosSocket } from "../support/pos-socket.ts";
import { slip } from "../support/slip.ts";
import { SmallDisk } from "../support/small-disk.ts";
import { TempFolder } from "../support/temp-folder.ts";
import { until } from "../support/until.ts";

/** A POS, its printer, and storeloop between them, with its data on a disk of its own where one is given. */
async function setUp(stack: AsyncDisposableStack, disk?: SmallDisk) {
  const folder = stack.use(new TempFolder());
  const printer = stack.use(await PaperPrinter.on());
  const port = await freePort();
  const dataDir = disk === undefined ? undefined : `${disk.path}/data`;
  const daemon = stack.use(new LoneDaemon(folder.path, lanesOf(port, printer), dataDir));
  await daemon.start();
  const pos = stack.use(await PosSocket.connect(port));
  return { printer, port, daemon, pos };
}

const lanesOf = (port: number, printer: PaperPrinter): string =>
  `  - id: "05"
    devices: [{ id: till-5, type: printer-tcp, listen: "127.0.0.1:${port}", forwardTo: "127.0.0.1:${printer.port}" }]`;

/** Waits for so many receipts, and answers how each is recorded. */
async function recorded(daemon: LoneDaemon, count: number): Promise<readonly string[]> {
  const patience = { timeoutMs: 30_000, everyMs: 200, what: `${count} receipts` };
  await until(async () => (await daemon.receipts()).length >= count, patience);
  return (await daemon.receipts()).map(({ status, sequenceNumber }) => `${status} ${sequenceNumber}`);
}

/** The printer shows everything that was sent, and its answer comes back. */
async function expectPrinted(printer: PaperPrinter, pos: PosSocket, paper: Buffer): Promise<void> {
  await until(() => printer.printed.length >= paper.length, { what: "the paper" });
  // As text, so that a failure shows what else was printed.
  expect(printer.printed.toString("latin1")).toBe(paper.toString("latin1"));
  const before = pos.received.length;
  printer.sockets.at(-1)?.write(Buffer.of(0x12));
  await until(() => pos.received.length > before, { what: "the printer's answer" });
}

/** Whether a process is in a system call that it cannot be woken from (proc(5), state D). */
const isBlocked = (pid: number): boolean => / [D] /.test(readFileSync(`/proc/${pid}/stat`, "latin1").slice(0, 64));

const [first, second, third] = [slip("0001"), slip("0002"), slip("0003")];
const all = Buffer.concat([first, second, third]);
const three = ["completed 0001", "completed 0002", "completed 0003"];
const noFullDisk = SmallDisk.absent("memory");
const noFrozenDisk = SmallDisk.absent("file");

describe("a proxy in front of a printer", () => {
  it("prints on through kill -9 of the agent, on the same connection, and nothing is lost after the restart", async () => {
    await using stack = new AsyncDisposableStack();
    const { printer, port, daemon, pos } = await setUp(stack);
    await pos.send(Buffer.concat([first, second.subarray(0, 60)]));
    await recorded(daemon, 1);
    const relays = daemon.relayPids();
    await daemon.end("SIGKILL");
    await pos.send(Buffer.concat([second.subarray(60), third.subarray(0, 20)]));
    await expectPrinted(printer, pos, all.subarray(0, all.length - third.length + 20));
    await daemon.start();
    expect(daemon.relayPids()).toEqual(relays);
    await pos.send(third.subarray(20));
    await expectPrinted(printer, pos, all);
    expect(await recorded(daemon, 3)).toEqual(three);
    using later = await PosSocket.connect(port);
    await later.send(slip("0004"));
    expect(await recorded(daemon, 4)).toContain("completed 0004");
  });

  it("prints on while the agent hangs, and has everything once it wakes", async () => {
    await using stack = new AsyncDisposableStack();
    const { printer, daemon, pos } = await setUp(stack);
    daemon.signal("SIGSTOP");
    await pos.send(all);
    await expectPrinted(printer, pos, all);
    daemon.signal("SIGCONT");
    expect(await recorded(daemon, 3)).toEqual(three);
  });

  it("prints on when an agent that hangs is killed, and hands everything to the next one", async () => {
    await using stack = new AsyncDisposableStack();
    const { printer, daemon, pos } = await setUp(stack);
    daemon.signal("SIGSTOP");
    await pos.send(all.subarray(0, 200));
    await expectPrinted(printer, pos, all.subarray(0, 200));
    await daemon.end("SIGKILL");
    await pos.send(all.subarray(200));
    await daemon.start();
    await expectPrinted(printer, pos, all);
    expect(await recorded(daemon, 3)).toEqual(three);
  });

  it("stays in the line through a restart in order", async () => {
    await using stack = new AsyncDisposableStack();
    const { printer, daemon, pos } = await setUp(stack);
    await pos.send(all.subarray(0, 200));
    await recorded(daemon, 1);
    const relays = daemon.relayPids();
    await daemon.end("SIGTERM");
    await pos.send(all.subarray(200));
    await expectPrinted(printer, pos, all);
    await daemon.start();
    expect(daemon.relayPids()).toEqual(relays);
    expect(await recorded(daemon, 3)).toEqual(three);
  });

  it("replaces a relay that died, and flags the receipt that broke off with it", async () => {
    await using stack = new AsyncDisposableStack();
    const { printer, port, daemon, pos } = await setUp(stack);
    await pos.send(Buffer.concat([first, second.subarray(0, 60)]));
    await recorded(daemon, 1);
    const [relay = 0] = daemon.relayPids();
    process.kill(relay, "SIGKILL");
    await pos.hungUp();
    const again = await until(() => PosSocket.connect(port).catch(() => false as const));
    await again.send(third);
    await until(() => printer.printed.subarray(-third.length).equals(third));
    again[Symbol.dispose]();
    expect((await recorded(daemon, 3)).toSorted()).toEqual(["completed 0001", "completed 0003", "truncated 0002"]);
  });

  it("prints to another printer when that is configured, and loses nothing of the old line", async () => {
    await using stack = new AsyncDisposableStack();
    const { printer, port, daemon, pos } = await setUp(stack);
    await pos.send(first.subarray(0, 60));
    await until(() => printer.printed.length === 60);
    await daemon.end("SIGTERM");
    const other = stack.use(await PaperPrinter.on());
    daemon.configure(lanesOf(port, other));
    await daemon.start();
    using later = await PosSocket.connect(port);
    await later.send(second);
    await until(() => other.printed.equals(second));
    // The connection that was open stays with its printer until it is over.
    await pos.send(first.subarray(60));
    await until(() => printer.printed.equals(first));
    printer.sockets[0]?.end();
    pos.finish();
    expect((await recorded(daemon, 2)).toSorted()).toEqual(["completed 0001", "completed 0002"]);
    await until(() => daemon.relayPids().length === 1, { what: "the old relay ends" });
  });

  it.skipIf(noFullDisk !== undefined)(
    `prints on while the disk is full, and records when there is room (needs root and tmpfs)`,
    async () => {
      await using stack = new AsyncDisposableStack();
      const disk = stack.use(SmallDisk.inMemory(48));
      const { printer, daemon, pos } = await setUp(stack, disk);
      disk.fill();
      // More than what is left in the last pages of the files.
      const many = Array.from({ length: 200 }, (_, index) => slip(String(1000 + index)));
      await pos.send(Buffer.concat(many));
      await expectPrinted(printer, pos, Buffer.concat(many));
      await daemon.end("SIGKILL");
      disk.empty();
      await daemon.start();
      await expectPrinted(printer, pos, Buffer.concat(many));
      const numbers = await recorded(daemon, many.length);
      expect(numbers).toEqual(many.map((_, index) => `completed ${1000 + index}`));
    },
  );

  it.skipIf(noFrozenDisk !== undefined)(
    `prints on while every write to the disk blocks, and has everything afterwards (needs root, loop devices and fsfreeze)`,
    async () => {
      await using stack = new AsyncDisposableStack();
      const disk = stack.use(SmallDisk.inFile(64));
      const { printer, daemon, pos } = await setUp(stack, disk);
      await disk.freeze();
      let frozen = true;
      stack.defer(() => {
        if (frozen) disk.thaw();
      });
      await pos.send(all.subarray(0, 200));
      await until(() => isBlocked(daemon.pid), { what: "the agent hangs in a write" });
      await pos.send(all.subarray(200));
      await expectPrinted(printer, pos, all);
      disk.thaw();
      frozen = false;
      expect(await recorded(daemon, 3)).toEqual(three);
    },
  );
});

describe.skipIf(!SerialCable.isAvailable())("a serial line between POS and printer (needs socat)", () => {
  it("prints on through kill -9 of the agent, and nothing is lost after the restart", async () => {
    await using stack = new AsyncDisposableStack();
    const folder = stack.use(new TempFolder());
    const pos = stack.use(await FarEnd.at(folder, "pos"));
    const printer = stack.use(await FarEnd.at(folder, "printer"));
    await Promise.all([pos.cable.plug(), printer.cable.plug()]);
    const device = `{ id: till-7, type: printer-serial, path: "${pos.portPath}", forwardTo: "${printer.portPath}" }`;
    const daemon = stack.use(new LoneDaemon(folder.path, `  - id: "07"\n    devices: [${device}]`));
    await daemon.start();
    await pos.say(all.subarray(0, 200));
    await recorded(daemon, 1);
    await daemon.end("SIGKILL");
    await pos.say(all.subarray(200));
    await until(() => printer.received.equals(all), { what: "the paper" });
    await printer.say(Buffer.of(0x12));
    await until(() => pos.received.equals(Buffer.of(0x12)));
    await daemon.start();
    expect(await recorded(daemon, 3)).toEqual(three);
  });
});
