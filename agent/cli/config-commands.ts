import { configOf, loadedOf, type Invocation } from "./invocation.ts";
import { exitCode } from "./exit-code.ts";
import { faultLines, faultValue } from "./fault-lines.ts";
import type { CliConfig, CliConfigSource } from "./operations.ts";
import { text, type Text } from "./text.ts";

/** `storeloop config validate`: every fault of the file, or that there is none. */
export function configValidateCommand<C extends CliConfig>(invocation: Invocation<C>): number {
  const { loaded, terminal, json, say, locale } = invocation;
  if (loaded.state === "unreadable") configOf(invocation);
  const faults = loaded.state === "invalid" ? loaded.faults : [];
  if (json) {
    const shown = faults.map((fault) => faultValue(fault, locale));
    terminal.out(JSON.stringify({ valid: loaded.state === "ok", source: loaded.source, faults: shown }));
  } else if (faults.length === 0) {
    terminal.out(say(text(`${loaded.source.path}:没有错误`, `${loaded.source.path}: no faults`)));
    terminal.err(say(chosenBy(loaded.source)));
  } else {
    for (const line of faultLines(loaded.source.path, faults, locale)) terminal.out(line);
    terminal.err(say(text(`共 ${faults.length} 处错误。`, `${faults.length} fault${faults.length === 1 ? "" : "s"}.`)));
  }
  return loaded.state === "ok" ? exitCode.ok : exitCode.failure;
}

/** `storeloop config show`: the effective configuration, secrets redacted, defaults marked. */
export function configShowCommand<C extends CliConfig>(invocation: Invocation<C>): number {
  const { terminal, json, say } = invocation;
  const { source, effective, defaulted, shown } = loadedOf(invocation);
  if (json) terminal.out(JSON.stringify({ source, config: effective, defaulted }));
  else {
    terminal.out(`# ${source.path}  (${say(chosenBy(source))})`);
    terminal.out(shown.trimEnd());
  }
  return exitCode.ok;
}

/** Why it is this file. */
export function chosenBy({ chosenBy: reason }: CliConfigSource): Text {
  switch (reason) {
    case "flag":
      return text("由 --config 指定", "named by --config");
    case "env":
      return text("由 STORELOOP_CONFIG 指定", "named by STORELOOP_CONFIG");
    case "default":
      return text("系统默认位置", "the system's place for it");
    case "embedded":
      return text("没有找到配置,使用内置的虚拟门店", "nothing is configured: the embedded virtual store");
  }
}
