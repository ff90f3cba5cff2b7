import { configOf, loadedOf, type Invocation } from "./invocation.ts";
import { exitCode } from "./exit-code.ts";
import { faultLines, faultValue } from "./fault-lines.ts";
import type { CliConfig, CliConfigSource } from "./operations.ts";
import { printLineFaults } from "./print-line-faults.ts";
import { text, type Text } from "./text.ts";

/** `storeloop config validate`: every fault of the file and of the profiles it brings, or that there is none. */
export async function configValidateCommand<C extends CliConfig>(invocation: Invocation<C>): Promise<number> {
  const { loaded, terminal, json, say, locale, operations } = invocation;
  if (loaded.state === "unreadable") configOf(invocation);
  const inConfig = loaded.state === "invalid" ? loaded.faults : [];
  const profiles = loaded.state === "ok" ? await operations.profiles.check(loaded.config.agent.profilesDir) : undefined;
  const inLines = loaded.state === "ok" ? await printLineFaults(loaded, profiles?.names ?? [], operations) : [];
  const faults = [
    ...[...inConfig, ...inLines].map((fault) => ({ file: loaded.source.path, ...fault })),
    ...(profiles?.faults ?? []),
  ];
  if (json) {
    const shown = faults.map((fault) => faultValue(fault, locale));
    terminal.out(JSON.stringify({ valid: faults.length === 0, source: loaded.source, faults: shown }));
  } else if (faults.length === 0) {
    terminal.out(say(text(`${loaded.source.path}:没有错误`, `${loaded.source.path}: no faults`)));
    const count = profiles?.names.length ?? 0;
    terminal.err(say(text(`${count} 个小票版式,样例全部通过`, `${count} receipt profiles, all their samples pass`)));
    terminal.err(say(chosenBy(loaded.source)));
  } else {
    for (const fault of faults) for (const line of faultLines(fault.file, [fault], locale)) terminal.out(line);
    terminal.err(say(text(`共 ${faults.length} 处错误。`, `${faults.length} fault${faults.length === 1 ? "" : "s"}.`)));
  }
  return faults.length === 0 ? exitCode.ok : exitCode.failure;
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
