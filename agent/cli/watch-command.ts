import { StoreloopError } from "../core/errors.ts";
import { printable } from "./columns.ts";
import { exitCode } from "./exit-code.ts";
import { daemonOf, type Invocation } from "./invocation.ts";
import { liveLine } from "./live-line.ts";
import type { CliConfig } from "./operations.ts";
import { text } from "./text.ts";

/** `storeloop watch`: one line for each thing seen, recorded, linked, sent and acknowledged, until Ctrl+C. */
export async function watchCommand<C extends CliConfig>(invocation: Invocation<C>): Promise<number> {
  const { terminal, json, say, locale } = invocation;
  const daemon = daemonOf(invocation);
  const { store } = await daemon.status(terminal.signal);
  const opened = text("正在观察,按 Ctrl+C 结束。", "Watching; Ctrl+C ends.");
  try {
    for await (const event of daemon.watch(terminal.signal, () => void (json || terminal.err(say(opened)))))
      terminal.out(json ? JSON.stringify(event) : printable(liveLine(event, store.timeZone, locale)));
  } catch (error) {
    if (!terminal.signal.aborted) throw error;
  }
  if (terminal.signal.aborted) return exitCode.ok;
  throw new StoreloopError("CONTROL_NOT_RUNNING", {
    "zh-CN": "守护进程已结束,或本终端跟不上它",
    en: "the daemon ended, or this terminal was too slow to follow it",
  });
}
