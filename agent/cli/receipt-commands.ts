import { readFile } from "node:fs/promises";
import type { Receipt, ReceiptKey } from "../control/control-source.ts";
import { StoreloopError } from "../core/errors.ts";
import { asEntryId, asSeq } from "../core/ids.ts";
import { exitCode } from "./exit-code.ts";
import { formatMoney, formatTime } from "./format.ts";
import { daemonOf, type Invocation } from "./invocation.ts";
import type { CliConfig, DecodeOptions } from "./operations.ts";
import { receiptFrame } from "./receipt-frame.ts";
import { kindWords } from "./receipt-words.ts";
import { table } from "./table.ts";
import { text } from "./text.ts";

/** Options of `receipts list`. */
export interface ListOptions {
  readonly limit: number;
  readonly before?: number;
}

/** `storeloop receipts list`: the newest receipts, newest first; with `--json` one object a line. */
export async function receiptsListCommand<C extends CliConfig>(
  invocation: Invocation<C>,
  options: ListOptions,
): Promise<number> {
  const { terminal, json, say } = invocation;
  const daemon = daemonOf(invocation);
  const before = options.before === undefined ? {} : { before: asSeq(options.before) };
  const receipts = await daemon.receipts({ limit: options.limit, ...before }, terminal.signal);
  if (json) for (const receipt of receipts) terminal.out(JSON.stringify(receipt));
  else if (receipts.length === 0) terminal.err(say(text("还没有小票。", "No receipts yet.")));
  else {
    const { store } = await daemon.status(terminal.signal);
    for (const line of listLines(receipts, store.timeZone, invocation)) terminal.out(line);
  }
  return exitCode.ok;
}

function listLines<C extends CliConfig>(
  receipts: readonly Receipt[],
  timeZone: string,
  { say }: Invocation<C>,
): readonly string[] {
  const right = { align: "right" } as const;
  return table(
    [
      { title: say(text("记录时间", "Recorded")) },
      { title: say(text("收银台", "Lane")) },
      { title: say(text("小票号", "Receipt")) },
      { title: say(text("类型", "Kind")) },
      { title: say(text("行数", "Lines")), ...right },
      { title: say(text("合计", "Total")), ...right },
      { title: say(text("触碰", "Touch")) },
      { title: say(text("核对", "Check")) },
      { title: say(text("版式", "Profile")) },
      { title: say(text("序号", "Seq")), ...right },
    ],
    receipts.map((receipt) => [
      formatTime(receipt.recordedAtMs, timeZone, "full"),
      receipt.laneId,
      receipt.sequenceNumber ?? "-",
      say(kindWords[receipt.kind]),
      receipt.lineItems.length.toString(),
      formatMoney(receipt.totalMinor, receipt.currencyCode, receipt.currencyExponent),
      linkWord(receipt, say),
      checkWord(receipt, say),
      receipt.profile,
      receipt.seq.toString(),
    ]),
  );
}

type Say = Invocation<CliConfig>["say"];

function linkWord({ link }: Receipt, say: Say): string {
  if (link === undefined) return "-";
  return say(link.state === "linked" ? text("有", "linked") : text("不明", "ambiguous"));
}

function checkWord({ status, reconciliation }: Receipt, say: Say): string {
  if (status === "truncated") return say(text("不完整", "truncated"));
  if (reconciliation.state === "not-applicable") return "-";
  return say(reconciliation.state === "reconciled" ? text("平", "ok") : text("不平", "does not add up"));
}

/** Options of `receipts show`. */
export interface ShowOptions {
  readonly by: "entry" | "seq" | "number";
  readonly lane?: string;
}

/** `storeloop receipts show KEY`: one receipt drawn as it was laid out, with what was read from it. */
export async function receiptsShowCommand<C extends CliConfig>(
  invocation: Invocation<C>,
  name: string,
  options: ShowOptions,
): Promise<number> {
  const { terminal, json } = invocation;
  const daemon = daemonOf(invocation);
  const receipt = await daemon.receipt(keyOf(name, options), terminal.signal);
  if (json) terminal.out(JSON.stringify(receipt));
  else {
    const { store } = await daemon.status(terminal.signal);
    for (const line of receiptFrame(receipt, store.timeZone, invocation)) terminal.out(line);
  }
  return exitCode.ok;
}

function keyOf(name: string, { by, lane }: ShowOptions): ReceiptKey {
  if (by === "entry") return { entryId: asEntryId(name) };
  if (by === "seq") return { seq: asSeq(Number(name)) };
  return { sequenceNumber: name, ...(lane === undefined ? {} : { laneId: lane }) };
}

/** `storeloop receipts decode FILE`: what the bytes of a capture say, one JSON object a segment. Needs no daemon. */
export async function receiptsDecodeCommand<C extends CliConfig>(
  { operations, terminal }: Invocation<C>,
  file: string,
  options: DecodeOptions,
): Promise<number> {
  let bytes: Uint8Array;
  try {
    bytes = await readFile(file === "-" ? "/dev/stdin" : file, { signal: terminal.signal });
  } catch (error) {
    throw new StoreloopError("FILE_UNREADABLE", `cannot read ${file}`, { cause: error });
  }
  for (const segment of await operations.decodeFile(bytes, options)) terminal.out(JSON.stringify(segment));
  return exitCode.ok;
}
