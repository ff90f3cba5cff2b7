import type { DeviceId, LaneId } from "../agent/core/ids.ts";
import type { Logger } from "../agent/core/logger.ts";
import type { Offer } from "../agent/core/observation.ts";
import type { Clock } from "../agent/core/time.ts";
import { newLineCapture } from "./line-capture.ts";
import type { LineHealth } from "./line-health.ts";
import type { PrintCapture } from "./print-capture.ts";
import { PrintTee } from "./print-tee.ts";

/** What the tees of one device share. */
export interface TeeRoomParts {
  readonly deviceId: DeviceId;
  readonly laneId: LaneId;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly health: LineHealth;
  /** Bytes that may wait to be recorded; 16777216 when absent: days of receipts. */
  readonly mostBytes?: number | undefined;
}

const defaultMostBytes = 16 * 1024 * 1024;
const overflowTrouble = "overflow";

/** What a stream costs beside its bytes while it waits, so that many short ones are bounded too. */
const bytesAStream = 2_048;

/** Offers of one stream that await their answer. What comes meanwhile is put together. */
const mostOffers = 32;

/** The room in which the tees of one device keep bytes until they are recorded, and the account of what found none. */
export class TeeRoom {
  readonly #parts: TeeRoomParts;
  readonly #captures = new Set<PrintCapture>();
  #missedBytes = 0;

  constructor(parts: TeeRoomParts) {
    this.#parts = parts;
  }

  /** Bytes that were printed and not captured, since the start. */
  get missedBytes(): number {
    return this.#missedBytes;
  }

  /** A tee for one connection or one opening of a port. */
  newTee(offer: Offer, giveUp: AbortSignal): PrintTee {
    const { health, mostBytes = defaultMostBytes } = this.#parts;
    const tee = new PrintTee({
      mostBytes,
      heldBytes: () => this.#heldBytes(),
      onOverflow: (bytes) => this.#onOverflow(bytes),
      newCapture: () => {
        const capture = newLineCapture({ ...this.#parts, offer, giveUp, mostOffers });
        this.#captures.add(capture);
        return capture;
      },
      onFinished: (capture) => {
        this.#captures.delete(capture);
        health.relieved(capture.id);
      },
    });
    return tee;
  }

  /** A tee is done. One that captured everything shows that there is room again. */
  close(tee: PrintTee, giveUp: AbortSignal): void {
    if (!tee.overflowed && !giveUp.aborted) this.#parts.health.relieved(overflowTrouble);
  }

  #heldBytes(): number {
    return this.#captures.values().reduce((sum, capture) => sum + capture.unrecordedBytes + bytesAStream, 0);
  }

  #onOverflow(bytes: number): void {
    this.#missedBytes += bytes;
    const detail = `${this.#missedBytes} bytes were printed and not captured since the start`;
    const news = this.#parts.health.trouble(overflowTrouble, "PRINT_CAPTURE_OVERFLOW", detail);
    if (news) this.#parts.logger.error({ code: "PRINT_CAPTURE_OVERFLOW" }, "printing goes on uncaptured");
  }
}
