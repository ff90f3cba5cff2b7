import { percentile } from "./presence-score.ts";
import { altBeaconMetres, EspresenseRule, RoomAssistantRule, StoreloopRule } from "./presence-rules.ts";
import { txPowerDbm } from "./presence-air.ts";
import { reportSeeds, scores, tuningSeeds, type NewRule, type Scores, type Trace } from "./presence.ts";

/** What is said of one rule. Times in seconds. */
export interface PresenceFigures {
  readonly falseChangesPerHour: number;
  /** Of those who stand between two zones alone. */
  readonly falseAtBordersPerHour: number;
  readonly enterP50: number;
  readonly enterP95: number;
  readonly moveP50: number;
  readonly moveP95: number;
  readonly exitP95: number;
  readonly missed: number;
  readonly visits: number;
  readonly beaconHours: number;
}

/** storeloop with thresholds from a walk: in 4 dB and out 15 dB below what is heard at the rim, all else as by default. */
const storeloop: NewRule = ({ rimDbm }, verdicts) =>
  new StoreloopRule({ enterDbm: rimDbm - 4, exitDbm: rimDbm - 15 }, verdicts);

const espresenseMetres = ({ rimDbm, air }: Trace, belowDb: number): number =>
  10 ** ((txPowerDbm - rimDbm + belowDb) / (10 * air.loss));

/**
 * The others twice: as they come, and with what was best for them on the tuning seeds, where the exponent of the place is theirs to know
 * and the largest distance was chosen from 4, 0, -4 and -8 dB about the rim, for few false changes while most enter within 10 s.
 */
const others: Readonly<Record<string, NewRule>> = {
  "room-assistant": (_trace, verdicts) =>
    new RoomAssistantRule({ timeout: 5, maxDistance: Number.POSITIVE_INFINITY }, verdicts),
  "room-assistant, tuned": ({ rimDbm }, verdicts) =>
    new RoomAssistantRule({ timeout: 30, maxDistance: altBeaconMetres(rimDbm - 8) }, verdicts),
  "ESPresense + mqtt_room": (_trace, verdicts) =>
    new EspresenseRule({ maxDistance: 16, absorption: 3.5, timeout: 10, awayTimeout: 120 }, verdicts),
  "ESPresense + mqtt_room, tuned": (trace, verdicts) =>
    new EspresenseRule(
      { maxDistance: espresenseMetres(trace, 0), absorption: trace.air.loss, timeout: 10, awayTimeout: 60 },
      verdicts,
    ),
};

/** Scores storeloop, or all rules side by side, on seeds that nothing was tuned on, or on those that it was. */
export function presenceFigures(
  withOthers: boolean,
  seeds: "tuning" | "report",
): Readonly<Record<string, PresenceFigures>> {
  const taken = scores<string>(seeds === "tuning" ? tuningSeeds : reportSeeds, {
    storeloop,
    ...(withOthers && others),
  });
  return Object.fromEntries(Object.entries(taken).map(([name, score]) => [name, figuresOf(score)]));
}

function figuresOf({ all, borders }: Scores): PresenceFigures {
  const { enterMs, moveMs, exitMs, missed, visits, hours } = all;
  const seconds = (values: readonly number[], part: number): number => rounded(percentile(values, part) / 1000, 1);
  return {
    falseChangesPerHour: rounded(all.falseChanges / hours, 2),
    falseAtBordersPerHour: rounded(borders.falseChanges / borders.hours, 2),
    enterP50: seconds(enterMs, 0.5),
    enterP95: seconds(enterMs, 0.95),
    moveP50: seconds(moveMs, 0.5),
    moveP95: seconds(moveMs, 0.95),
    exitP95: seconds(exitMs, 0.95),
    missed,
    visits,
    beaconHours: rounded(hours, 1),
  };
}

function rounded(value: number, digits: number): number {
  return Number(value.toFixed(digits));
}

/** The figures as text, in columns. */
export function presenceTable(figures: Readonly<Record<string, PresenceFigures>>): string {
  const head = ["presence", "false/h", "at borders", "enter p50", "p95", "move p50", "p95", "exit p95", "missed"];
  const lines = Object.entries(figures).map(([name, one]) => [
    name,
    one.falseChangesPerHour.toFixed(2),
    one.falseAtBordersPerHour.toFixed(2),
    ...[one.enterP50, one.enterP95, one.moveP50, one.moveP95, one.exitP95].map((seconds) => `${seconds.toFixed(1)} s`),
    `${one.missed} of ${one.visits}`,
  ]);
  const widths = head.map((title, index) => Math.max(title.length, ...lines.map((line) => line[index]?.length ?? 0)));
  const padded = (cell: string, index: number): string =>
    index === 0 ? cell.padEnd(widths[index] ?? 0) : cell.padStart(widths[index] ?? 0);
  return [head, ...lines].map((line) => line.map(padded).join("  ")).join("\n");
}
