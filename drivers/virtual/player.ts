import type { LaneId } from "../../agent/core/ids.ts";
import type { Clock, EpochMs, Ms } from "../../agent/core/time.ts";
import type { Morning, PlannedLane, PlannedSlip } from "./morning.ts";
import type { PlannedScan } from "./scan-plan.ts";
import type { ShopperCard } from "./shoppers.ts";
import { playVisits, type Entrance, type PlayedVisit, type VisitPlayed } from "./visit-player.ts";

/** A POS's end of its print line. */
export interface PosLine {
  /** Prints a slip. `confirmed`: the printer said that all of it is printed; `broken`: it did not, and the slip may or may not be. */
  print(bytes: Uint8Array, signal: AbortSignal): Promise<"confirmed" | "broken">;
}

/** A contactless reader that shoppers can reach. */
export interface Reader {
  /** Holds a card to it. `heard`: it beeped; `lost`: it did not in the time a shopper waits. */
  tap(card: ShopperCard, signal: AbortSignal): Promise<"heard" | "lost">;
}

/** A scanner that codes can be held to. */
export interface Scanner {
  /** Scans a code. `read`: whoever reads the scanner has it; `unread`: nobody took it in the time that a scanner waits. */
  scan(code: PlannedScan): Promise<"read" | "unread">;
}

/** What stands on a lane. Without a reader nobody taps there, without a scanner nothing is scanned. */
export interface LaneEnds {
  readonly line: PosLine;
  readonly reader?: Reader;
  readonly scanner?: Scanner;
}

/** Something happened on a lane. */
export interface PlayerEvent {
  /**
   * `printing`, `printed`, `print-broken` (it will be printed again); `tapping`, `tapped`, `tap-lost` (the shopper taps again),
   * `tap-given-up` (the shopper had left); `scanning`, `scanned`, `scan-lost` (nothing more is scanned for this slip), with the scan.
   */
  readonly type:
    | "printing"
    | "printed"
    | "print-broken"
    | "tapping"
    | "tapped"
    | "tap-lost"
    | "tap-given-up"
    | "scanning"
    | "scanned"
    | "scan-lost";
  readonly planned: PlannedSlip;
  readonly scan?: PlannedScan;
  /** 1 for the first try. */
  readonly attempt: number;
}

/** What the player works with. */
export interface PlayerParts {
  readonly ends: ReadonlyMap<LaneId, LaneEnds>;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  readonly onEvent: (event: PlayerEvent) => void;
  /** Where beacons come and go; without it none do. */
  readonly entrance?: Entrance;
  readonly onVisit?: (event: VisitPlayed) => void;
}

/** A code that was held to a scanner. */
export interface PlayedScan {
  readonly planned: PlannedSlip;
  readonly scan: PlannedScan;
  /** Wall clock, when it was held there. */
  readonly atMs: EpochMs;
  /** Whether the scanner's reader took it. Where it did not, the code may or may not have come through. */
  readonly isRead: boolean;
}

/** What was done of a morning. */
export interface Played {
  /** When it began, by the wall clock. */
  readonly beganAtMs: EpochMs;
  /** Slips that their POS knows to be printed. */
  readonly printed: readonly PlannedSlip[];
  /** Slips whose shopper heard the reader beep. */
  readonly tapped: readonly PlannedSlip[];
  readonly scanned: readonly PlayedScan[];
  readonly visits: readonly PlayedVisit[];
}

/** A POS looks after its printer this often; a shopper tries again after this long. */
const retryMs: Ms = 400;

/** From one code to the next, and from the last one to what follows. */
const betweenScansMs: Ms = 150;

/**
 * Plays a morning: all lanes at once, each in its order. A POS prints a slip again until it is confirmed; a shopper who taps before
 * paying taps again until the reader beeps, and only then the POS prints. A code is held to a scanner once: where nobody reads the scanner
 * the cashier keys it in. Lanes without ends are left out. Resolves with what was done when all is, or when the signal is aborted.
 */
export async function playMorning(morning: Morning, parts: PlayerParts): Promise<Played> {
  const { clock, signal, entrance, onVisit = () => undefined } = parts;
  const beganAtMs = clock.now().wallMs;
  const played: Mutable = { printed: [], tapped: [], scanned: [] };
  const playing = morning.lanes.map(async (lane) => {
    const ends = parts.ends.get(lane.laneId);
    if (ends !== undefined) await new LanePlayer(ends, parts, played).play(lane);
  });
  const visiting = entrance ? playVisits(morning.visits, { entrance, clock, signal, onVisit }) : Promise.resolve([]);
  const [visits] = await Promise.all([visiting, ...playing]);
  return { beganAtMs, ...played, visits };
}

interface Mutable {
  readonly printed: PlannedSlip[];
  readonly tapped: PlannedSlip[];
  readonly scanned: PlayedScan[];
}

class LanePlayer {
  readonly #ends: LaneEnds;
  readonly #parts: PlayerParts;
  readonly #played: Mutable;

  constructor(ends: LaneEnds, parts: PlayerParts, played: Mutable) {
    this.#ends = ends;
    this.#parts = parts;
    this.#played = played;
  }

  async play(lane: PlannedLane): Promise<void> {
    const { clock, signal } = this.#parts;
    try {
      for (const planned of lane.slips) {
        await clock.sleep(planned.pauseMs, signal);
        await this.#scanAll(planned);
        if (planned.tap?.when === "before") await this.#tapUntilHeard(planned);
        await this.#printUntilConfirmed(planned);
        if (planned.tap?.when === "after") await this.#tapOnce(planned);
      }
    } catch (error) {
      if (!signal.aborted) throw error;
    }
  }

  async #scanAll(planned: PlannedSlip): Promise<void> {
    const { clock, signal } = this.#parts;
    const { scanner } = this.#ends;
    if (scanner === undefined) return;
    for (const scan of planned.scans ?? []) {
      this.#tell("scanning", planned, 1, scan);
      const atMs = clock.now().wallMs;
      const isRead = (await scanner.scan(scan)) === "read";
      signal.throwIfAborted();
      this.#played.scanned.push({ planned, scan, atMs, isRead });
      this.#tell(isRead ? "scanned" : "scan-lost", planned, 1, scan);
      if (!isRead) return;
      await clock.sleep(betweenScansMs, signal);
    }
  }

  async #tapUntilHeard(planned: PlannedSlip): Promise<void> {
    const { clock, signal } = this.#parts;
    for (let attempt = 1; this.#ends.reader !== undefined; attempt += 1) {
      if (await this.#tap(this.#ends.reader, planned, attempt)) return;
      this.#tell("tap-lost", planned, attempt);
      await clock.sleep(retryMs, signal);
    }
  }

  /** Whoever has paid does not come back: a second tap would be taken for the next shopper's. */
  async #tapOnce(planned: PlannedSlip): Promise<void> {
    if (this.#ends.reader === undefined) return;
    if (!(await this.#tap(this.#ends.reader, planned, 1))) this.#tell("tap-given-up", planned, 1);
  }

  async #tap(reader: Reader, planned: PlannedSlip, attempt: number): Promise<boolean> {
    const { signal } = this.#parts;
    if (planned.tap === undefined) return true;
    this.#tell("tapping", planned, attempt);
    const heard = (await reader.tap(planned.tap.shopper.card, signal)) === "heard";
    signal.throwIfAborted();
    if (!heard) return false;
    this.#played.tapped.push(planned);
    this.#tell("tapped", planned, attempt);
    return true;
  }

  async #printUntilConfirmed(planned: PlannedSlip): Promise<void> {
    const { clock, signal } = this.#parts;
    let attempt = 1;
    while (!(await this.#print(planned, attempt))) {
      this.#tell("print-broken", planned, attempt);
      await clock.sleep(retryMs, signal);
      attempt += 1;
    }
    this.#played.printed.push(planned);
    this.#tell("printed", planned, attempt);
  }

  async #print(planned: PlannedSlip, attempt: number): Promise<boolean> {
    const { signal } = this.#parts;
    this.#tell("printing", planned, attempt);
    const answer = await this.#ends.line.print(planned.bytes, signal);
    signal.throwIfAborted();
    return answer === "confirmed";
  }

  #tell(type: PlayerEvent["type"], planned: PlannedSlip, attempt: number, scan?: PlannedScan): void {
    this.#parts.onEvent({ type, planned, attempt, ...(scan && { scan }) });
  }
}
