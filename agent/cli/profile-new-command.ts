import { exitCode } from "./exit-code.ts";
import type { Invocation } from "./invocation.ts";
import type { CliConfig } from "./operations.ts";
import { profilesDirOf, readCaptureFile, showFaults } from "./profile-commands.ts";
import type { Proposal } from "./profile-operations.ts";
import { trialFrame, trialLine } from "./profile-trial-frame.ts";
import { text, type Text } from "./text.ts";

/** Options of `profile new`. */
export interface ProfileNewOptions {
  readonly from: readonly string[];
  readonly name?: string;
  readonly charset?: string;
}

/**
 * `storeloop profile new --from CAPTURE ...`: proposes a profile on standard output, and says on standard error how it does on the
 * captures it was made from. Exit 0 only when it reads all of them.
 */
export async function profileNewCommand<C extends CliConfig>(
  invocation: Invocation<C>,
  { from, name, charset }: ProfileNewOptions,
): Promise<number> {
  const { operations, terminal, json, locale } = invocation;
  const captures = await Promise.all(from.map((file) => readCaptureFile(file, terminal.signal)));
  const proposal = await operations.profiles.propose({
    ...profilesDirOf(invocation),
    ...(charset !== undefined && { charset }),
    captures: captures.map((capture) => ({ ...capture, name: capture.name.replace(/^.*\//, "") })),
    name: name ?? nameAfter(from[0] ?? ""),
    locale,
  });
  const ok = proposal.faults.length === 0 && proposal.trials.every(({ passed }) => passed);
  if (json) terminal.out(JSON.stringify({ passed: ok, ...proposal }));
  else {
    terminal.out(proposal.yaml.trimEnd());
    report(proposal, invocation);
  }
  showFaults(proposal.faults, invocation);
  return ok ? exitCode.ok : exitCode.failure;
}

/** A name of small letters, digits and hyphens after a file's. */
function nameAfter(file: string): string {
  const bare = file.replace(/^.*\//, "").replace(/\.\w+$/, "");
  const name = bare
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, "-")
    .replaceAll(/^-|-$/g, "");
  return name === "" || name === "auto" || name === "none" ? "new-profile" : name.slice(0, 60);
}

function report<C extends CliConfig>({ trials, leftOut, knownAs }: Proposal, invocation: Invocation<C>): void {
  const { terminal, say } = invocation;
  for (const trial of trials) {
    if (trial.passed) terminal.err(trialLine(trial, invocation));
    else for (const line of trialFrame(trial, invocation)) terminal.err(line);
  }
  for (const slip of leftOut)
    terminal.err(say(text(`! ${slip}:不完整或不是小票,未采用`, `! ${slip}: cut off or no receipt, left out`)));
  if (knownAs !== undefined)
    terminal.err(
      say(
        text(
          `! 版式 ${knownAs} 已经认得这些小票,也许不需要新的`,
          `! profile ${knownAs} reads these already: you may need no other`,
        ),
      ),
    );
  terminal.err(say(trials.every(({ passed }) => passed) ? nextSteps : toMend));
}

const nextSteps: Text = text(
  "下一步:存为文件,核对末尾的样例,然后 storeloop profile test 文件.yaml",
  "Next: save it, check the samples at its end, then `storeloop profile test FILE`.",
);

const toMend: Text = text(
  "草稿还读不全:存为文件,按上面的提示修改,再 storeloop profile test 文件.yaml",
  "Next: save it, correct what is named above, then `storeloop profile test FILE`.",
);
