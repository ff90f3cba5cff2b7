import { randomUUID } from "node:crypto";
import type { DeviceState, Health } from "../../agent/core/driver.ts";
import type { ErrorCode } from "../../agent/core/error-catalogue.ts";
import type { Logger } from "../../agent/core/logger.ts";
import type { Offer } from "../../agent/core/observation.ts";
import type { Clock } from "../../agent/core/time.ts";
import type { HidDeviceConfig } from "./device-config.ts";
import type { ReaderRules, Readings } from "./device-reader.ts";
import type { HidAccess } from "./hid.ts";
import { deviceOf } from "./match-device.ts";
import { NodeLine } from "./node-line.ts";
import type { SeenNode } from "./seen-nodes.ts";

interface StationParts {
  readonly config: HidDeviceConfig;
  readonly rules: ReaderRules;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** Scans waiting for the ledger on one device. Nobody scans faster than a person: more means that the ledger hangs. */
const maxWaiting = 64;

/** One configured device: opens the interfaces that it is given, turns what they read into scans, and says how it is doing. */
export class HidStation {
  readonly config: HidDeviceConfig;
  readonly #parts: StationParts;
  readonly #lines = new Map<string, NodeLine>();
  readonly #pending = new Set<Promise<unknown>>();
  #health: Health;
  #device: string | undefined;

  constructor(parts: StationParts) {
    this.config = parts.config;
    this.#parts = parts;
    this.#health = { state: "starting", sinceMs: parts.clock.now().wallMs };
  }

  /** The plugged-in device that it is, as {@link deviceOf} names it. */
  get device(): string | undefined {
    return this.#device;
  }

  state(): DeviceState {
    const { deviceId, laneId } = this.config;
    return { deviceId, laneId, type: "hid", health: this.#health };
  }

  /** Says how the device is doing; a state that only repeats the last one keeps its beginning. */
  setHealth(state: Health["state"], code: ErrorCode | undefined, detail: string): void {
    const last = this.#health;
    if (last.state === state && last.code === code && last.detail === detail) return;
    const isSame = last.state === state && last.code === code;
    const sinceMs = isSame ? last.sinceMs : this.#parts.clock.now().wallMs;
    this.#health = { state, sinceMs, detail, ...(code && { code }) };
    const fields = { deviceId: this.config.deviceId, state, code, detail };
    if (state === "up") this.#parts.logger.info(fields, "HID device is up");
    else this.#parts.logger.warn(fields, "HID device is not up");
  }

  /** These are its interfaces now: opens what is new, lets go of what is gone. Does not wait for a device. */
  follow(nodes: readonly SeenNode[], access: HidAccess, offer: Offer): void {
    const first = nodes[0];
    this.#device = first && deviceOf(first);
    for (const [path, line] of this.#lines) {
      const isThere = nodes.some((node) => node.path === path && line.serves(node));
      if (!isThere || line.isOver) this.#letGo(path, line);
    }
    for (const node of nodes.filter(({ probe, path }) => probe?.isReadable === true && !this.#lines.has(path))) {
      this.#lines.set(node.path, this.#begin(node, access, offer));
    }
    this.#judge(nodes);
  }

  /** Closes everything. Resolves when every scan so far has its outcome. */
  async stop(): Promise<void> {
    const lines = [...this.#lines.values()];
    this.#lines.clear();
    await Promise.all(lines.map((line) => line.close()));
    await Promise.all(this.#pending);
  }

  #begin(node: SeenNode, access: HidAccess, offer: Offer): NodeLine {
    const { config, rules, clock, logger } = this.#parts;
    return new NodeLine({
      node,
      config,
      rules,
      access,
      clock,
      logger,
      onReadings: (readings) => this.#take(readings, offer),
      onChange: () => this.#judge([node]),
    });
  }

  #letGo(path: string, line: NodeLine): void {
    this.#lines.delete(path);
    this.#await(line.close());
  }

  /** Keeps what {@link HidStation.stop} waits for. */
  #await(work: Promise<unknown>): void {
    const done = work.finally(() => this.#pending.delete(done));
    this.#pending.add(done);
  }

  /** The health that follows from the interfaces: one that reads is enough, but not the keyboard of a scanner that is not read. */
  #judge(nodes: readonly SeenNode[]): void {
    const lines = [...this.#lines.values()];
    const open = lines.filter(({ isOpen }) => isOpen).map(({ node }) => node);
    // What is there to be read and is not would be said to work.
    const others = nodes.filter(({ probe }) => probe?.isReadable !== true);
    const roles = [...open, ...others].flatMap(({ probe }) => probe?.roles ?? []);
    const named = `${nodes[0]?.name ?? ""}: ${[...new Set(roles)].join(", ")}`;
    const readers = lines.filter(({ node }) => node.isReader);
    const faultAmong = (some: readonly NodeLine[]) => some.find(({ fault }) => fault !== undefined)?.fault;
    const bad = faultAmong(readers) ?? (open.length > 0 ? undefined : faultAmong(lines));
    if (bad) this.setHealth("down", bad.code, bad.detail);
    // What opening it comes to, also once more, is not known yet.
    else if (readers.some(({ isOpen }) => !isOpen)) return;
    else if (open.length > 0) this.setHealth("up", undefined, named);
    else if (nodes.length === 0) this.setHealth("down", "HID_DEVICE_GONE", "no device that fits is plugged in");
    else if (lines.length === 0) {
      const announced =
        roles.length === 0 ? "neither a scanner nor a stripe reader nor a keyboard" : "nothing that can be read";
      this.setHealth("failed", "HID_DEVICE_FAILED", `${named} (it announces ${announced})`);
    }
  }

  #take({ readings, losses }: Readings, offer: Offer): void {
    const { clock, logger, config } = this.#parts;
    const { deviceId, laneId } = config;
    for (const loss of losses) logger.warn({ deviceId, loss }, "something was read and dropped");
    for (const reading of readings) {
      if (this.#pending.size >= maxWaiting) {
        logger.error({ deviceId }, "scan dropped: too many wait for the ledger");
        continue;
      }
      const scan = { kind: "scan" as const, readingId: randomUUID(), deviceId, laneId, at: clock.now(), ...reading };
      this.#await(offer(scan));
    }
  }
}
