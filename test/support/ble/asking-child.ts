import { EventEmitter } from "node:events";
import { writeFileSync } from "node:fs";
import { createRequire, Module } from "node:module";
import { addressOf } from "../../../drivers/ble/address-of.ts";
import { openRadio } from "../../../drivers/ble/open-radio.ts";
import { RadioEvents } from "../../../drivers/ble/radio-events.ts";
import { asCommand } from "../../../drivers/ble/virtual/h4.ts";
import { LeController } from "../../../drivers/ble/virtual/le-controller.ts";
import { SystemClock } from "../../../drivers/system-clock.ts";

/**
 * A program that opens an adapter through @abandonware/noble above an emulated controller, asks its address, scans if it is told to, and
 * exits as a driver's process does. What the controller was sent goes to the file, as opcodes.
 * Forked with `<file> [scan]`.
 */
const [, , file = "", isScan] = process.argv;
const sent: string[] = [];

class HciSocket extends EventEmitter {
  readonly #controller = new LeController();

  setFilter(): void {}

  bindRaw(): void {}

  start(): void {}

  stop(): void {}

  isDevUp(): boolean {
    return true;
  }

  write(packet: Uint8Array): void {
    const command = asCommand(packet);
    if (command) sent.push(command.opcode.toString(16));
    const answer = this.#controller.answer(packet);
    if (answer) setImmediate(() => this.emit("data", Buffer.from(answer)));
  }
}

const require = createRequire(import.meta.url);
const fromNoble = createRequire(require.resolve("@abandonware/noble/package.json"));
const path = fromNoble.resolve("@abandonware/bluetooth-hci-socket");
const replaced = new Module(path);
replaced.exports = HciSocket;
replaced.loaded = true;
require.cache[path] = replaced;

const clock = new SystemClock();
const { signal } = new AbortController();
const events = new RadioEvents(clock, () => undefined, false);
const radio = await openRadio({ library: "abandonware", adapter: 0 }, events);
const address = await addressOf(radio, events, 5_000, clock, signal);
if (isScan !== undefined) await radio.scan(signal);
process.on("exit", () => writeFileSync(file, JSON.stringify({ address, sent })));
process.on("disconnect", () => process.exit(0));
process.disconnect();
