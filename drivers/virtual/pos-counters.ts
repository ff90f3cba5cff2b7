import { mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import type { LaneId } from "../../agent/core/ids.ts";
import type { LaneNumbers, PlannedSlip } from "./morning.ts";

const firstNumbers: Readonly<Record<string, LaneNumbers>> = {
  "05": { next: 20_001, training: 1 },
  "07": { next: 41_001, training: 1 },
};
const elsewhere: LaneNumbers = { next: 1, training: 1 };

/** Receipt numbers of the virtual POSes, kept in a file, so that a second morning goes on where the first ended. */
export class PosCounters {
  readonly #path: string;
  #numbers: Record<string, LaneNumbers>;

  /** Reads the file; without a readable one every POS is new. */
  constructor(path: string) {
    this.#path = path;
    this.#numbers = read(path);
  }

  /** What the POS of a lane prints next. */
  numbers(laneId: LaneId): LaneNumbers {
    return this.#numbers[laneId] ?? firstNumbers[laneId] ?? elsewhere;
  }

  /** A POS uses up the number of a slip: it never prints it on another, also when it is switched off in the middle. */
  use({ laneId, slip }: PlannedSlip): void {
    const { next, training } = this.numbers(laneId);
    const number = Number(slip.receiptNo);
    const after =
      slip.kind === "training"
        ? { next, training: Math.max(training, (number % 10_000) + 1) }
        : { next: Math.max(next, number + 1), training };
    this.#numbers = { ...this.#numbers, [laneId]: after };
    this.#write();
  }

  #write(): void {
    mkdirSync(dirname(this.#path), { recursive: true });
    const draft = `${this.#path}.new`;
    writeFileSync(draft, `${JSON.stringify(this.#numbers)}\n`);
    renameSync(draft, this.#path);
  }
}

function read(path: string): Record<string, LaneNumbers> {
  try {
    const kept: unknown = JSON.parse(readFileSync(path, "utf8"));
    if (typeof kept !== "object" || kept === null) return {};
    return Object.fromEntries(
      Object.entries(kept).filter((entry): entry is [string, LaneNumbers] => isNumbers(entry[1])),
    );
  } catch {
    return {};
  }
}

function isNumbers(value: unknown): value is LaneNumbers {
  if (typeof value !== "object" || value === null || !("next" in value) || !("training" in value)) return false;
  return Number.isSafeInteger(value.next) && Number.isSafeInteger(value.training);
}
