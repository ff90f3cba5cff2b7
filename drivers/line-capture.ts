import type { DeviceId, LaneId } from "../agent/core/ids.ts";
import type { Logger } from "../agent/core/logger.ts";
import type { Offer } from "../agent/core/observation.ts";
import type { Clock } from "../agent/core/time.ts";
import type { LineHealth } from "./line-health.ts";
import { PrintCapture } from "./print-capture.ts";

/** What a capture on a line needs. */
export interface LineCaptureParts {
  readonly deviceId: DeviceId;
  readonly laneId: LaneId;
  readonly offer: Offer;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly health: LineHealth;
  /** Aborted when nothing may be waited for any more. */
  readonly giveUp: AbortSignal;
  /** Offers that may await their answer at one time; any number when absent. */
  readonly mostOffers?: number;
}

/** Begins the capture of a new stream on a line. While its bytes are refused, the line's health says so. */
export function newLineCapture(parts: LineCaptureParts): PrintCapture {
  const { health, logger } = parts;
  const capture: PrintCapture = new PrintCapture({
    ...parts,
    onRefused: (code) => {
      const detail = `${capture.unrecordedBytes} bytes are held back: the ledger refuses them (${code})`;
      const news = health.trouble(capture.id, "PRINT_NOT_RECORDED", detail);
      if (news) logger.error({ streamId: capture.streamId, code }, "print bytes refused, retrying");
    },
    onRecovered: () => {
      health.relieved(capture.id);
      logger.info({ streamId: capture.streamId }, "refused print bytes recorded");
    },
  });
  return capture;
}
