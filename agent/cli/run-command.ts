import { exitCode } from "./exit-code.ts";
import { loadedOf, type Invocation } from "./invocation.ts";
import type { CliConfig } from "./operations.ts";
import { text } from "./text.ts";

/** `storeloop run`: the daemon in the foreground, until SIGINT or SIGTERM. */
export async function runCommand<C extends CliConfig>(invocation: Invocation<C>): Promise<number> {
  const { operations, terminal, say } = invocation;
  const { config, source } = loadedOf(invocation);
  if (source.chosenBy === "embedded")
    terminal.err(
      say(
        text(
          "没有找到配置,按内置的虚拟门店运行。正式门店请从 config/example.yaml 开始。",
          "Nothing is configured: running the embedded virtual store. For a real store begin with config/example.yaml.",
        ),
      ),
    );
  await operations.run(config, terminal.signal);
  return exitCode.ok;
}
