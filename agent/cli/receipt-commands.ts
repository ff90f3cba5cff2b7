import type { Receipt } from "../control/control-source.ts";
import { asSeq } from "../core/ids.ts";
import { exitCode } from "./exit-code.ts";
import { formatMoney, formatTime } from "./format.ts";
import { daemonOf, type Invocation } from "./invocation.ts";
import type { CliConfig, DecodeOptions } from "./operations.ts";
import { readCapture } from "./read-capture.ts";
import { kindWords, statusWords, tierWords } from "./receipt-words.ts";
import { table } from "./table.ts";
import { text, type Text } from "./text.ts";

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
  { say, terminal }: Invocation<C>,
): readonly string[] {
  const columns: readonly ListColumn[] = [
    // Without the year it fits 80 columns.
    {
      title: text("记录时间", "Recorded"),
      cell: ({ recordedAtMs }) => formatTime(recordedAtMs, timeZone, "full").slice(5),
    },
    { title: text("收银台", "Lane"), spare: 1, cell: ({ laneId }) => laneId },
    { title: text("小票号", "Receipt"), cell: ({ sequenceNumber }) => sequenceNumber ?? "-" },
    { title: text("类型", "Kind"), cell: (receipt) => kindWord(receipt, say) },
    { title: text("行数", "Lines"), align: "right", spare: 5, cell: ({ lineItems }) => lineItems.length.toString() },
    { title: text("合计", "Total"), align: "right", cell: totalOf },
    { title: text("触碰", "Touch"), spare: 4, cell: (receipt) => linkWord(receipt, say) },
    { title: text("核对", "Check"), spare: 2, cell: (receipt) => checkWord(receipt, say) },
    { title: text("序号", "Seq"), align: "right", spare: 3, cell: ({ seq }) => seq.toString() },
    { title: text("版式", "Profile"), spare: 6, cell: ({ profile }) => profile },
  ];
  return table(
    columns.map((column) => ({ ...column, title: say(column.title) })),
    receipts.map((receipt) => columns.map(({ cell }) => cell(receipt))),
    terminal.columns,
  );
}

interface ListColumn {
  readonly title: Text;
  readonly align?: "right";
  readonly spare?: number;
  readonly cell: (receipt: Receipt) => string;
}

type Say = Invocation<CliConfig>["say"];

/** What a person played says so: it was no sale. */
function kindWord({ kind, isTest }: Receipt, say: Say): string {
  return isTest ? `${say(kindWords[kind])} ${say(text("(测试)", "(test)"))}` : say(kindWords[kind]);
}

const totalOf = ({ totalMinor, currencyCode, currencyExponent }: Receipt): string =>
  formatMoney(totalMinor, currencyCode, currencyExponent);

function linkWord({ link }: Receipt, say: Say): string {
  if (link === undefined) return "-";
  if (link.state === "ambiguous") return say(text("不明", "unclear"));
  return say(link.tier === undefined ? text("有", "linked") : tierWords[link.tier]);
}

function checkWord({ status, reconciliation }: Receipt, say: Say): string {
  if (status === "truncated") return say(statusWords.truncated);
  if (reconciliation.state === "not-applicable") return "-";
  return say(reconciliation.state === "reconciled" ? text("相符", "ok") : text("不符", "differs"));
}

/** `storeloop receipts decode FILE`: what the bytes of a capture say, one JSON object a segment. Needs no daemon. */
export async function receiptsDecodeCommand<C extends CliConfig>(
  { operations, terminal, loaded }: Invocation<C>,
  file: string,
  options: DecodeOptions,
): Promise<number> {
  const bytes = await readCapture(file, terminal.signal);
  const profilesDir = loaded.state === "ok" ? loaded.config.agent.profilesDir : undefined;
  const decoded = await operations.decodeFile(bytes, { ...options, ...(profilesDir !== undefined && { profilesDir }) });
  for (const segment of decoded) terminal.out(JSON.stringify(segment));
  return exitCode.ok;
}
