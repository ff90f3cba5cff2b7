import type { ErrorCode } from "../../agent/core/error-catalogue.ts";
import { StoreloopError } from "../../agent/core/errors.ts";
import type { Logger } from "../../agent/core/logger.ts";
import type { Clock, Ms } from "../../agent/core/time.ts";
import type { HidDeviceConfig } from "./device-config.ts";
import { DeviceReader, type ReaderRules, type Readings } from "./device-reader.ts";
import type { HidAccess, OpenHidNode } from "./hid.ts";
import type { SeenNode } from "./seen-nodes.ts";
import { vendorLayout } from "./vendor-layouts.ts";

/** Why an interface is not read. */
export interface LineFault {
  readonly code: ErrorCode;
  readonly detail: string;
}

interface LineParts {
  readonly node: SeenNode;
  readonly config: HidDeviceConfig;
  readonly rules: ReaderRules;
  readonly access: HidAccess;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly onReadings: (readings: Readings) => void;
  /** It was opened, or broke. */
  readonly onChange: () => void;
}

/** An opening that takes longer counts as a fault; it goes on all the same. */
const openWithinMs: Ms = 5_000;

/** How long a fault holds before the interface is tried anew. */
const retryMs: Ms = 5_000;

/** One interface from its opening to its end. Begins to open at once. */
export class NodeLine {
  readonly node: SeenNode;
  readonly #parts: LineParts;
  readonly #reader: DeviceReader | undefined;
  readonly #closed = new AbortController();
  readonly #opening: Promise<OpenHidNode | undefined>;
  #isOpen = false;
  #isOpened = false;
  #fault: LineFault | undefined;
  #faultMs: Ms = Infinity;
  #isExpiring = false;
  #defects = 0;

  constructor(parts: LineParts) {
    this.node = parts.node;
    this.#parts = parts;
    this.#reader = DeviceReader.of(parts.node, parts.config, parts.rules);
    this.#opening = this.#open();
    void this.#complain();
  }

  /** Reports arrive. */
  get isOpen(): boolean {
    return this.#isOpen;
  }

  get fault(): LineFault | undefined {
    return this.#fault;
  }

  /** It broke, long enough ago to be tried anew. */
  get isOver(): boolean {
    return this.#parts.clock.monotonic() - this.#faultMs >= (this.#fault?.code === "HID_DEVICE_GONE" ? 0 : retryMs);
  }

  /** Whether it reads this very device, and not another that has its path now. */
  serves({ vendorId, productId, serial, phys }: SeenNode): boolean {
    const { node } = this;
    return node.vendorId === vendorId && node.productId === productId && node.serial === serial && node.phys === phys;
  }

  /** Resolves when it is closed; a device that never finishes opening is closed when it does. */
  async close(): Promise<void> {
    if (!this.#closed.signal.aborted) this.#closed.abort(new Error("closed"));
    this.#isOpen = false;
    const closing = this.#opening.then((open) => open?.close());
    if (this.#isOpened) await closing;
  }

  async #open(): Promise<OpenHidNode | undefined> {
    const { access, node } = this.#parts;
    try {
      const open = await access.open(node.path, {
        report: (bytes) => this.#report(bytes),
        failed: (error) => this.#fail({ code: "HID_DEVICE_GONE", detail: `${node.path}: ${error.message}` }),
      });
      this.#isOpened = true;
      if (this.#closed.signal.aborted) return open;
      this.#isOpen = true;
      this.#fault = undefined;
      this.#faultMs = Infinity;
      this.#parts.onChange();
      void this.#wake(open);
      return open;
    } catch (error) {
      const code = error instanceof StoreloopError ? error.code : "HID_DEVICE_FAILED";
      this.#fail({ code, detail: error instanceof Error ? error.message : String(error) });
      return undefined;
    }
  }

  /** Some scanners stay silent until they are told that somebody listens. One that refuses may work all the same. */
  async #wake(open: OpenHidNode): Promise<void> {
    const wake = vendorLayout(this.node.vendorId)?.wake;
    if (!wake || this.#reader?.hasFeature(wake.reportId) !== true) return;
    await open.sendFeature(wake.reportId, wake.payload).catch((error: unknown) => {
      this.#parts.logger.info(
        { deviceId: this.#parts.config.deviceId, err: error },
        "scanner did not take its wake-up",
      );
    });
  }

  async #complain(): Promise<void> {
    const { clock, node } = this.#parts;
    try {
      await clock.sleep(openWithinMs, this.#closed.signal);
    } catch {
      return;
    }
    if (this.#isOpen || this.#fault) return;
    this.#fault = { code: "HID_DEVICE_FAILED", detail: `${node.path} does not open` };
    this.#parts.onChange();
  }

  #report(bytes: Uint8Array): void {
    const reader = this.#reader;
    if (this.#closed.signal.aborted || !reader) return;
    this.#guard(() => this.#parts.onReadings(reader.take(bytes, this.#parts.clock.monotonic())));
    void this.#expire(reader);
  }

  /**
   * What a library's callback throws ends the process, and all scanners with it; a defect shall cost one code. Its message may hold what
   * was read: only its kind and place are logged, the first time and then ever more rarely. False when there was one.
   */
  #guard(read: () => void): boolean {
    try {
      read();
      return true;
    } catch (error) {
      const count = (this.#defects += 1);
      const { deviceId } = this.#parts.config;
      const isPowerOfTwo = (count & (count - 1)) === 0;
      if (isPowerOfTwo) this.#parts.logger.error({ deviceId, count, ...placeOf(error) }, "defect in reading a report");
      return false;
    }
  }

  /** Waits for the silence that ends a code, as long as one is waiting. */
  async #expire(reader: DeviceReader): Promise<void> {
    if (this.#isExpiring) return;
    this.#isExpiring = true;
    const { clock, onReadings } = this.#parts;
    try {
      for (let due = reader.dueMs; due !== undefined; due = reader.dueMs) {
        await clock.sleep(Math.max(0, due - clock.monotonic()), this.#closed.signal);
        if (!this.#guard(() => onReadings(reader.expire(clock.monotonic())))) return;
      }
    } catch {
      // Closed: what was not complete is none.
    } finally {
      this.#isExpiring = false;
    }
  }

  #fail(fault: LineFault): void {
    if (this.#closed.signal.aborted) return;
    this.#isOpen = false;
    this.#fault = fault;
    this.#faultMs = this.#parts.clock.monotonic();
    this.#parts.onChange();
  }
}

/** Kind and place of an error, without its message. */
function placeOf(error: unknown): { readonly name: string; readonly at: readonly string[] } {
  if (!(error instanceof Error)) return { name: typeof error, at: [] };
  const { name, message, stack = "" } = error;
  const frames = stack.slice(stack.indexOf(message) + message.length).split("\n");
  return { name, at: frames.filter((line) => line.startsWith("    at ")).slice(0, 3) };
}
