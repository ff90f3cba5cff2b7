import type { FieldCheck } from "../core/profile-trial.ts";
import { compareSample } from "./compare-sample.ts";
import { interpretSegment } from "./interpret.ts";
import { selectProfile, readable, type Profile } from "./profile.ts";
import { slipOfSample, type NewSampleDecoder, type ReadySample } from "./sample-slip.ts";

/** Why a sample of a profile fails. */
export type SampleFailure =
  /** The capture has fewer slips than the sample says. */
  | { readonly reason: "no-slip"; readonly sample: number }
  /** Another profile, or none, takes the slip. */
  | { readonly reason: "not-recognised"; readonly sample: number; readonly by: string }
  /** A field is not as expected. */
  | { readonly reason: "field"; readonly sample: number; readonly field: FieldCheck };

/** Which profiles there are, in the order in which they are asked. */
export interface SampleContext {
  readonly profiles: readonly Profile[];
  readonly newDecoder: NewSampleDecoder;
}

/** Reads the samples of a profile as the daemon would read them, among all profiles, and answers what is not as it should be. */
export function checkSamples(
  profile: Profile,
  samples: readonly ReadySample[],
  { profiles, newDecoder }: SampleContext,
): readonly SampleFailure[] {
  return samples.flatMap((ready, sample): readonly SampleFailure[] => {
    const slip = slipOfSample(ready, profile, newDecoder);
    if (slip === undefined) return [{ reason: "no-slip", sample }];
    const taker = selectProfile(profiles, slip.lines.map(readable));
    if (taker !== profile) return [{ reason: "not-recognised", sample, by: taker?.name ?? "none" }];
    const read = interpretSegment(slip, [profile], { revealMember: true });
    return compareSample(ready.sample.expect, read)
      .filter((field) => !field.passed)
      .map((field) => ({ reason: "field", sample, field }));
  });
}
