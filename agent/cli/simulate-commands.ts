import { hintOf, isErrorCode } from "../core/errors.ts";
import type { SimulateReport, SimulateRequest } from "../core/simulate.ts";
import { codeWords, entryWords } from "./entry-words.ts";
import { exitCode } from "./exit-code.ts";
import { daemonOf, type Invocation } from "./invocation.ts";
import { mark } from "./mark.ts";
import type { CliConfig } from "./operations.ts";
import { readCapture } from "./read-capture.ts";
import { table } from "./table.ts";
import { text } from "./text.ts";
import { hanging } from "./wrapping.ts";

/** Options of `simulate receipt`. */
export interface SimulateReceiptOptions {
  readonly lane?: string;
}

/** `storeloop simulate ...`: plays something into the running daemon, marked as a test, and tells what came of it. */
export async function simulateCommand<C extends CliConfig>(
  invocation: Invocation<C>,
  request: SimulateRequest,
): Promise<number> {
  const { terminal, json } = invocation;
  const report = await daemonOf(invocation).simulate(request, terminal.signal);
  if (json) terminal.out(JSON.stringify(report));
  else for (const line of reportLines(report, invocation)) terminal.out(line);
  return isSafe(report) ? exitCode.ok : exitCode.failure;
}

/** `storeloop simulate receipt [file]`: a capture, or a receipt of the virtual store. */
export async function simulateReceiptCommand<C extends CliConfig>(
  invocation: Invocation<C>,
  file: string | undefined,
  { lane }: SimulateReceiptOptions,
): Promise<number> {
  const bytes = file === undefined ? undefined : await readCapture(file, invocation.terminal.signal);
  return await simulateCommand(invocation, {
    kind: "receipt",
    ...(lane !== undefined && { laneId: lane }),
    ...(bytes !== undefined && { bytes: Buffer.from(bytes).toString("base64") }),
  });
}

const isSafe = ({ outcome }: SimulateReport): boolean =>
  outcome.status === "recorded" || outcome.status === "duplicate";

function reportLines<C extends CliConfig>(report: SimulateReport, call: Invocation<C>): readonly string[] {
  const { say, terminal, locale } = call;
  const { outcome, place, codeKind, entries } = report;
  const head = {
    recorded: text(`已在 ${place} 播放,标记为测试,不计入统计`, `played on ${place}, marked as a test and not counted`),
    duplicate: text(`${place}:与刚才的相同,没有再记录`, `${place}: the same as a moment ago, not recorded again`),
    shed: text(`${place}:未被接收`, `${place}: not taken`),
    refused: text(`${place}:账本拒绝`, `${place}: refused by the ledger`),
  }[outcome.status];
  const rows = entries.map(({ seq, kind }) => [`#${seq}`, say(entryWords[kind])]);
  const taken = codeKind === undefined ? "" : ` (${say(codeWords[codeKind])})`;
  const refused = outcome.status === "refused" && isErrorCode(outcome.code) ? outcome.code : undefined;
  return [
    `${mark(isSafe(report) ? "ok" : "fail", terminal)} ${say(head)}${taken}`,
    ...(refused === undefined ? [] : hanging(`    → ${refused}: `, hintOf(refused, locale), terminal.columns)),
    ...(rows.length === 0 ? [] : table([{ title: "" }, { title: "" }], rows).slice(1)).map((line) => `    ${line}`),
  ];
}
