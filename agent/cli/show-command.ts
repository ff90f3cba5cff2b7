import { writeFile } from "node:fs/promises";
import type { Receipt, ReceiptKey } from "../control/control-source.ts";
import { StoreloopError } from "../core/errors.ts";
import { asEntryId, asSeq } from "../core/ids.ts";
import { exitCode } from "./exit-code.ts";
import { configOf, daemonOf, type Invocation } from "./invocation.ts";
import type { CliConfig, DrawnSlip } from "./operations.ts";
import { readCapture } from "./read-capture.ts";
import type { ShownSlip } from "./receipt-facts.ts";
import { receiptFrame } from "./receipt-frame.ts";
import { receiptPage } from "./receipt-page.ts";
import { text, type Text } from "./text.ts";

/** Options of `receipts show`. */
export interface ShowOptions {
  readonly by?: "entry" | "seq" | "number";
  readonly lane?: string;
  /** A page instead of a drawing in the terminal: to a file, or to standard output for `true`. */
  readonly html?: string | true;
  /** A capture to read instead of asking the daemon; `-` is standard input. */
  readonly file?: string;
  /** Which slip of the capture, from 1; all of them if not given. */
  readonly segment?: number;
  readonly profile: string;
  readonly charset?: string;
}

/** A slip and its paper. */
interface Shown {
  readonly slip: ShownSlip;
  readonly paper: DrawnSlip["paper"];
}

/**
 * `storeloop receipts show KEY` draws a recorded receipt as it looked, with what was read from it; `--file CAPTURE` draws what is in a
 * capture, without a daemon; `--html` makes a page of it. Card numbers and member numbers stay masked.
 */
export async function receiptsShowCommand<C extends CliConfig>(
  invocation: Invocation<C>,
  name: string | undefined,
  options: ShowOptions,
): Promise<number> {
  const { terminal, json } = invocation;
  if (json && options.html === true) throw new StoreloopError("USAGE", oneOutput);
  if (options.file !== undefined) {
    const drawn = await slipsOfFile(invocation, options.file, options);
    if (json) for (const { slip } of drawn) terminal.out(JSON.stringify(slip));
    if (!json || options.html !== undefined) await show(invocation, drawn, options.html);
    return exitCode.ok;
  }
  const receipt = await daemonOf(invocation).receipt(keyOf(name ?? "", options), terminal.signal);
  if (json) terminal.out(JSON.stringify(receipt));
  if (!json || options.html !== undefined)
    await show(invocation, [await drawnReceipt(invocation, receipt)], options.html);
  return exitCode.ok;
}

function keyOf(name: string, { by, lane }: ShowOptions): ReceiptKey {
  const kind = by ?? (/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(name) ? "entry" : "number");
  if (kind === "entry") return { entryId: asEntryId(name) };
  if (kind === "seq" && !/^[1-9][0-9]{0,14}$/.test(name)) throw new StoreloopError("USAGE", noSeq(name));
  if (kind === "seq") return { seq: asSeq(Number(name)) };
  return { sequenceNumber: name, ...(lane === undefined ? {} : { laneId: lane }) };
}

const oneOutput = text(
  "--json 和不带文件名的 --html 都要写到标准输出:请给 --html 一个文件名",
  "--json and --html without a file both write to standard output: give --html a file",
);

const noSeq = (name: string): Text =>
  text(`${name} 不是序号:须为从 1 起的整数`, `${name} is no place in the ledger: a whole number from 1 is wanted`);

async function drawnReceipt<C extends CliConfig>(invocation: Invocation<C>, receipt: Receipt): Promise<Shown> {
  const { terminal, operations } = invocation;
  const daemon = daemonOf(invocation);
  const { store } = await daemon.status(terminal.signal);
  const bytes = await daemon.captured(receipt.entryId, terminal.signal);
  const paper = await operations.drawReceipt(receipt, bytes, configOf(invocation));
  return { slip: { ...receipt, recorded: { ...receipt, timeZone: store.timeZone } }, paper };
}

async function slipsOfFile<C extends CliConfig>(
  { operations, terminal, loaded }: Invocation<C>,
  file: string,
  { profile, charset, segment }: ShowOptions,
): Promise<readonly Shown[]> {
  const bytes = await readCapture(file, terminal.signal);
  const profilesDir = loaded.state === "ok" ? loaded.config.agent.profilesDir : undefined;
  const drawn = await operations.drawFile(bytes, {
    profile,
    reveal: false,
    ...(charset !== undefined && { charset }),
    ...(profilesDir !== undefined && { profilesDir }),
  });
  const chosen = segment === undefined ? drawn : drawn.slice(segment - 1, segment);
  if (chosen.length > 0) return chosen;
  const [chinese, english] = segment === undefined ? ["", ""] : [`,没有第 ${segment} 张`, `, no ${segment}`];
  throw new StoreloopError("RECEIPT_UNKNOWN", {
    "zh-CN": `${file} 中有 ${drawn.length} 张小票${chinese}`,
    en: `${file} holds ${drawn.length} ${drawn.length === 1 ? "slip" : "slips"}${english}`,
  });
}

async function show<C extends CliConfig>(
  invocation: Invocation<C>,
  drawn: readonly Shown[],
  html: string | true | undefined,
): Promise<void> {
  const { terminal, operations, say, locale } = invocation;
  if (html === undefined) {
    for (const { slip, paper } of drawn) for (const line of receiptFrame(slip, paper, invocation)) terminal.out(line);
    return;
  }
  const page = await operations.htmlPage(receiptPage(drawn, locale, say));
  if (html === true) return terminal.out(page);
  try {
    // The page is about a shopper.
    await writeFile(html, page, { mode: 0o600, signal: terminal.signal });
  } catch (error) {
    throw new StoreloopError(
      "FILE_UNWRITABLE",
      { "zh-CN": `无法写入 ${html}`, en: `cannot write ${html}` },
      { cause: error },
    );
  }
}
