import { resolve } from "node:path";
import { StoreloopError, type Locale } from "./core/errors.ts";
import type { FileFault } from "./core/file-fault.ts";
import type { ProfileTrial } from "./core/profile-trial.ts";
import type { Transaction } from "./core/transaction.ts";
import { readProfileFile } from "./profile-file.ts";
import { readLibrary, sampleDecoders } from "./profiles-on-disk.ts";
import { checkCharset } from "./receipt-reading.ts";
import { proposalYaml, type ProposedSample } from "./proposal-yaml.ts";
import { slipsOfCapture } from "./receipts/capture-slips.ts";
import { compilePattern } from "./receipts/pattern.ts";
import { interpretSegment } from "./receipts/interpret.ts";
import { compileProfile, readable, selectProfile, type Profile } from "./receipts/profile.ts";
import { profileSchema, type ProfileSource } from "./receipts/profile-schema.ts";
import { proposeProfile, type ProposedProfile } from "./receipts/propose/propose-profile.ts";
import { toReading, type Reading } from "./receipts/propose/reading.ts";
import type { Segment } from "./receipts/splitter.ts";
import { tryProfile } from "./receipts/try-profile.ts";

/** What a new profile is proposed from. */
export interface ProposalRequest {
  readonly captures: readonly { readonly name: string; readonly bytes: Uint8Array }[];
  /** Name of the profile. */
  readonly name: string;
  readonly charset?: string;
  readonly profilesDir?: string;
  /** Language of the comments. */
  readonly locale: Locale;
}

/** A proposed profile and how it does on the captures it was made from. */
export interface Proposal {
  /** The file, with comments that say what to check. */
  readonly yaml: string;
  readonly faults: readonly FileFault[];
  readonly trials: readonly ProfileTrial[];
  /** Slips that were left out: cut off, or no receipts. */
  readonly leftOut: readonly string[];
  /** Another profile that reads the captures already. */
  readonly knownAs?: string;
}

interface NamedSlip {
  readonly name: string;
  readonly segment: Segment;
}

/**
 * Proposes a profile for the slips of captures, from what they say by themselves, and tries it on them. Throws
 * `PROFILE_NOT_PROPOSED` when no capture holds a whole receipt.
 */
export function proposeFromCaptures(request: ProposalRequest): Proposal {
  const slips = slipsOf(request).map((slip) => ({ ...slip, read: readWithout(slip.segment) }));
  const usable = slips.filter(({ read }) => read.status !== "truncated" && read.kind !== "other");
  if (usable.length === 0) {
    const names = request.captures.map(({ name }) => name).join(", ");
    throw new StoreloopError("PROFILE_NOT_PROPOSED", {
      "zh-CN": `${names} 中没有完整的小票`,
      en: `no whole receipt in ${names}`,
    });
  }
  const { profiles } = readLibrary(request.profilesDir);
  const others = profiles.map(({ profile }) => profile).filter(({ name }) => name !== request.name);
  const known = knownAs(usable, others);
  const readings = usable.map(({ segment, read }) => toReading(segment, read));
  const proposed = learned(request.name, readings);
  const { source, ...settled } = withoutRefused(known === undefined ? proposed : beside(proposed, readings));
  const samples = usable.map(({ name, segment }) => sampleOf(name, segment, compileProfile(source)));
  const yaml = proposalYaml(settled, samples, request.locale);
  return {
    yaml,
    ...tried(yaml, usable, others, request.name),
    leftOut: slips.filter((slip) => !usable.includes(slip)).map(({ name }) => name),
    ...(known === undefined ? {} : { knownAs: known }),
  };
}

/** Learns from one slip after the other, surest first, and from each only if more slips are read rightly with it than without. */
function learned(name: string, readings: readonly Reading[]): ProposedProfile {
  const surest = readings.toSorted((a, b) => Number(isSure(b)) - Number(isSure(a)));
  let best = proposeProfile(name, readings, surest.slice(0, 1));
  let learnt = surest.slice(0, 1);
  let count = readCount(best, readings);
  for (const reading of surest.slice(1)) {
    if (count === readings.length) break;
    const candidate = proposeProfile(name, readings, [...learnt, reading]);
    const more = readCount(candidate, readings);
    if (more <= count) continue;
    [best, learnt, count] = [candidate, [...learnt, reading], more];
  }
  return best;
}

const isSure = ({ read }: Reading): boolean => read.reconciliation.state === "reconciled";

/** How many of the slips a proposal reads as they were read without it, as far as that is sure. */
function readCount(proposed: ProposedProfile, readings: readonly Reading[]): number {
  const profile = compileProfile(withoutRefused(proposed).source);
  return readings.filter((reading) => {
    const read = interpretSegment(reading.segment, [profile], { revealMember: true });
    const same = (key: "kind" | "sequenceNumber" | "totalMinor"): boolean => read[key] === reading.read[key];
    if (!same("kind") || !same("sequenceNumber") || read.reconciliation.state === "unreconciled") return false;
    return !isSure(reading) || (same("totalMinor") && read.tenders.length === reading.read.tenders.length);
  }).length;
}

/** What a slip says by itself. */
const readWithout = (segment: Segment): Transaction => interpretSegment(segment, [], { revealMember: true });

function slipsOf({ captures, charset }: ProposalRequest): readonly NamedSlip[] {
  checkCharset(charset);
  const newDecoder = sampleDecoders()(charset);
  return captures.flatMap(({ name, bytes }) => {
    const segments = slipsOfCapture(bytes, [], newDecoder).filter(({ lines }) => lines.length > 0);
    return segments.map((segment, index) => ({
      name: segments.length === 1 ? name : `${name} #${index + 1}`,
      segment,
    }));
  });
}

/** What the sample of a slip expects is what the proposal reads: a person checks it against the paper. */
function sampleOf(name: string, segment: Segment, profile: Profile): ProposedSample {
  const read = interpretSegment(segment, [profile], { revealMember: true });
  return { name, lines: read.lines, qrCodes: read.qrCodes, read };
}

/** Where another profile takes the slips, the one that asks for more wins: the number and the time are on every slip. */
function beside({ draft, currencyGuessed }: ProposedProfile, readings: readonly Reading[]): ProposedProfile {
  const { sequenceNumber = [], endDateTime = [] } = draft.fields;
  const all = [...sequenceNumber, ...endDateTime].filter((pattern) => {
    const matches = compilePattern(pattern, draft.locale);
    return readings.every(({ lines }) => lines.some((line) => matches(line) !== undefined));
  });
  return { draft: { ...draft, match: { ...draft.match, all } }, currencyGuessed };
}

const source = profileSchema.omit({ samples: true });

/** The proposal without the patterns the schema does not take: one made from an odd line may be too costly. */
function withoutRefused(proposed: ProposedProfile): ProposedProfile & { readonly source: ProfileSource } {
  const draft = structuredClone(proposed.draft);
  for (;;) {
    const parsed = source.safeParse(draft);
    if (parsed.success) return { ...proposed, draft, source: parsed.data };
    const path = parsed.error.issues[0]?.path ?? [];
    const index = path.findLastIndex((step) => typeof step === "number");
    if (!remove(draft, index < 0 ? path : path.slice(0, index + 1)))
      throw new StoreloopError(
        "PROFILE_NOT_PROPOSED",
        `no profile could be made: ${parsed.error.issues[0]?.message ?? ""}`,
      );
  }
}

/** Takes out what stands at a path; `false` when nothing does. */
function remove(from: object, path: readonly PropertyKey[]): boolean {
  let holder: unknown = from;
  for (const step of path.slice(0, -1))
    holder = typeof holder === "object" && holder !== null ? Reflect.get(holder, step) : undefined;
  const last = path.at(-1);
  if (typeof holder !== "object" || holder === null || last === undefined || !Object.hasOwn(holder, last)) return false;
  if (Array.isArray(holder)) return holder.splice(Number(last), 1).length === 1;
  return Reflect.deleteProperty(holder, last);
}

function knownAs(slips: readonly NamedSlip[], others: readonly Profile[]): string | undefined {
  return slips
    .map(({ segment }) => selectProfile(others, segment.lines.map(readable))?.name)
    .find((one) => one !== undefined);
}

/** The file as it will be read, among the other profiles. */
function tried(
  yaml: string,
  slips: readonly NamedSlip[],
  others: readonly Profile[],
  name: string,
): Pick<Proposal, "faults" | "trials"> {
  const file = readProfileFile({ name: `${name}.yaml`, text: yaml, folder: resolve(".") });
  if (!file.ok) return { faults: file.faults, trials: [] };
  const { profile, samples } = file.value;
  const trials = slips.map(({ name: slip, segment }, index) => {
    const expect = samples[index]?.sample.expect;
    return tryProfile(profile, [profile, ...others], { name: slip, segment, ...(expect && { expect }) });
  });
  return { faults: [], trials };
}
