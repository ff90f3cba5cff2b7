import { StoreloopError } from "../core/errors.ts";
import { asLaneId } from "../core/ids.ts";
import type { ReadingSummary, ReplayReport, ReplayRequest } from "../core/replay.ts";
import { exitCode } from "./exit-code.ts";
import { formatMoney } from "./format.ts";
import { configOf, daemonOf, type Invocation } from "./invocation.ts";
import type { CliConfig } from "./operations.ts";
import { kindWords, reconciliationWords } from "./receipt-words.ts";
import { text } from "./text.ts";

/** Options of `receipts replay`. */
export interface ReplayOptions {
  readonly profile?: string;
  /** Milliseconds since 1970. */
  readonly since?: number;
  readonly lane?: string;
  readonly dryRun: boolean;
}

/**
 * `storeloop receipts replay`: reads recorded receipts again with the profiles of today and amends what changed, by the daemon when one
 * runs, else on the closed ledger.
 */
export async function receiptsReplayCommand<C extends CliConfig>(
  invocation: Invocation<C>,
  { profile: wanted, since, lane, dryRun }: ReplayOptions,
): Promise<number> {
  const { operations, terminal, json } = invocation;
  const config = configOf(invocation);
  const { profiles, profile } = await operations.replayProfiles(wanted, config.agent.profilesDir);
  const scope = {
    dryRun,
    ...(since !== undefined && { sinceMs: since }),
    ...(lane !== undefined && { laneId: asLaneId(lane) }),
    ...(profile !== undefined && { profile }),
  };
  const report = await replay(invocation, config, { scope, profiles });
  if (json) terminal.out(JSON.stringify(report));
  else for (const line of reportLines(report, invocation)) terminal.out(line);
  return exitCode.ok;
}

async function replay<C extends CliConfig>(
  invocation: Invocation<C>,
  config: C,
  request: ReplayRequest,
): Promise<ReplayReport> {
  const { operations, terminal } = invocation;
  try {
    return await daemonOf(invocation).replay(request, terminal.signal);
  } catch (error) {
    if (!(error instanceof StoreloopError) || error.code !== "CONTROL_NOT_RUNNING") throw error;
    return await operations.replayClosed(config, request, terminal.signal);
  }
}

function reportLines<C extends CliConfig>(
  { changes, dryRun, ...counts }: ReplayReport,
  { say }: Invocation<C>,
): readonly string[] {
  const told = (reading: ReadingSummary | undefined): string =>
    reading === undefined
      ? say(text("(新发现)", "(found)"))
      : [
          say(kindWords[reading.kind]),
          reading.sequenceNumber ?? "-",
          formatMoney(reading.totalMinor, reading.currencyCode, reading.currencyExponent),
          say(reconciliationWords[reading.reconciliation]),
          reading.profile,
        ].join(" ");
  const amended = dryRun ? text("将更正", "to be amended") : text("已更正", "amended");
  const found = dryRun ? text("将新增", "to be added") : text("新增", "added");
  return [
    ...changes.map(({ seq, before, after }) => `#${seq ?? "-"}  ${told(before)}  →  ${told(after)}`),
    [
      `${say(text("已检查", "examined"))} ${counts.examined}`,
      `${say(amended)} ${counts.amended}`,
      `${say(found)} ${counts.found}`,
      `${say(text("不变", "unchanged"))} ${counts.unchanged}`,
      `${say(text("新读法较差,保留原样", "read less well, left as they are"))} ${counts.worse}`,
      `${say(text("原始数据已不在", "bytes no longer kept"))} ${counts.gone}`,
    ].join("  "),
  ];
}
