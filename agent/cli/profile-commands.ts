import { readFile } from "node:fs/promises";
import { StoreloopError } from "../core/errors.ts";
import type { FileFault } from "../core/file-fault.ts";
import type { ProfileTrial } from "../core/profile-trial.ts";
import { exitCode } from "./exit-code.ts";
import { faultLines, faultValue } from "./fault-lines.ts";
import type { Invocation } from "./invocation.ts";
import { mark } from "./mark.ts";
import type { CliConfig } from "./operations.ts";
import type { Capture } from "./profile-operations.ts";
import { trialFrame, trialLine } from "./profile-trial-frame.ts";
import { table } from "./table.ts";
import { text } from "./text.ts";

/** The store's folder of profiles; none when the configuration cannot be read, since these commands work without one. */
export function profilesDirOf<C extends CliConfig>({ loaded }: Invocation<C>): { readonly profilesDir?: string } {
  const profilesDir = loaded.state === "ok" ? loaded.config.agent.profilesDir : undefined;
  return profilesDir === undefined ? {} : { profilesDir };
}

/** `storeloop profile list`: all profiles in the order in which they are asked; exit 1 when one is refused. */
export async function profileListCommand<C extends CliConfig>(invocation: Invocation<C>): Promise<number> {
  const { operations, terminal, json, say } = invocation;
  const { profiles, faults } = await operations.profiles.list(profilesDirOf(invocation).profilesDir);
  if (json) for (const profile of profiles) terminal.out(JSON.stringify(profile));
  else {
    const columns = [{ title: " " }, { title: say(text("名称", "Name")) }, { title: say(text("来源", "From")) }];
    const titles = [...columns, { title: say(text("样例", "Samples")), align: "right" as const }];
    const rows = profiles.map(({ name, origin, samples, passed, about }) => [
      mark(passed ? "ok" : "fail", { colour: false }),
      name,
      origin === "store" ? say(text("本店", "store")) : say(text("自带", "shipped")),
      String(samples),
      about,
    ]);
    for (const line of table([...titles, { title: say(text("说明", "About")) }], rows))
      terminal.out(line.length > terminal.columns ? cut(line, terminal.columns) : line);
  }
  showFaults(faults, invocation);
  return faults.length === 0 && profiles.every(({ passed }) => passed) ? exitCode.ok : exitCode.failure;
}

/** Never splits a character of several code units. */
function cut(line: string, columns: number): string {
  return `${[...line].slice(0, columns - 1).join("")}…`;
}

/** `storeloop profile show NAME`: the file as it is, to copy and change. */
export async function profileShowCommand<C extends CliConfig>(
  invocation: Invocation<C>,
  name: string,
): Promise<number> {
  const { operations, terminal, json } = invocation;
  const yaml = await operations.profiles.read(name, profilesDirOf(invocation).profilesDir);
  terminal.out(json ? JSON.stringify({ name, yaml }) : yaml.trimEnd());
  return exitCode.ok;
}

/** Options of `profile test`. */
export interface ProfileTestOptions {
  readonly charset?: string;
}

/**
 * `storeloop profile test [NAME|FILE] [CAPTURE ...]`: tries a profile, or all, on their samples or on captures, and shows where on the
 * receipt each field was read. Exit 0 only when all pass.
 */
export async function profileTestCommand<C extends CliConfig>(
  invocation: Invocation<C>,
  words: readonly string[],
  options: ProfileTestOptions,
): Promise<number> {
  const { operations, terminal } = invocation;
  const [first] = words;
  const captures = first !== undefined && isCapture(first) ? words : words.slice(1);
  const request = {
    ...profilesDirOf(invocation),
    ...(options.charset !== undefined && { charset: options.charset }),
    ...(captures !== words && first !== undefined && { profile: first }),
    captures: await Promise.all(captures.map((file) => readCaptureFile(file, terminal.signal))),
  };
  const { faults, trials } = await operations.profiles.test(request);
  showTrials(trials, invocation, request.profile !== undefined || captures.length > 0);
  showFaults(faults, invocation);
  return showVerdict(trials, faults, invocation);
}

/** A capture may be given without a profile; names of profiles have no dot and no slash, their files end in `.yaml`. */
const isCapture = (word: string): boolean => /[./]/.test(word) && !/\.ya?ml$/.test(word);

/** Reads a capture. Throws `FILE_UNREADABLE`. */
export async function readCaptureFile(file: string, signal: AbortSignal): Promise<Capture> {
  try {
    return { name: file, bytes: await readFile(file, { signal }) };
  } catch (error) {
    throw new StoreloopError(
      "FILE_UNREADABLE",
      { "zh-CN": `读不到 ${file}`, en: `cannot read ${file}` },
      { cause: error },
    );
  }
}

/** Each trial in full, or only those that fail; with `--json` one object a line. */
function showTrials<C extends CliConfig>(
  trials: readonly ProfileTrial[],
  invocation: Invocation<C>,
  inFull: boolean,
): void {
  const { terminal, json } = invocation;
  for (const trial of trials) {
    if (json) terminal.out(JSON.stringify(trial));
    else if (trial.passed && !inFull) terminal.out(trialLine(trial, invocation));
    else for (const line of trialFrame(trial, invocation)) terminal.out(line);
  }
}

/** Faults of the files, on standard error. */
export function showFaults<C extends CliConfig>(
  faults: readonly FileFault[],
  { terminal, json, locale }: Invocation<C>,
): void {
  for (const fault of faults) {
    if (json) terminal.err(JSON.stringify(faultValue(fault, locale)));
    else for (const line of faultLines(fault.file, [fault], locale)) terminal.err(line);
  }
}

function showVerdict<C extends CliConfig>(
  trials: readonly ProfileTrial[],
  faults: readonly FileFault[],
  { terminal, json, say }: Invocation<C>,
): number {
  const failed = trials.filter(({ passed }) => !passed).length;
  const ok = failed === 0 && faults.length === 0 && trials.length > 0;
  if (!json) {
    const verdict =
      trials.length === 0
        ? text("没有可以试的小票。", "There is no slip to try.")
        : text(
            `${trials.length} 张小票,${trials.length - failed} 张通过。`,
            `${trials.length - failed} of ${trials.length} slips pass.`,
          );
    terminal.err(say(verdict));
  }
  return ok ? exitCode.ok : exitCode.failure;
}
