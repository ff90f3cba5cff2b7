import type { RuleText } from "../config/rules.ts";
import type { FileFault } from "./core/file-fault.ts";
import type { FieldCheck } from "./core/profile-trial.ts";
import type { ProfileWithSamples } from "./profile-file.ts";
import type { SampleFailure } from "./receipts/check-samples.ts";

/** A failure of a sample as a fault of the file, at the line that says what was expected. */
export function sampleFault({ profile, samples, fault }: ProfileWithSamples, failure: SampleFailure): FileFault {
  const { name = "", expect } = samples[failure.sample]?.sample ?? {};
  const path = ["samples", failure.sample, ...placeOf(failure, expect?.reconciliation !== undefined)];
  const { message, hint } = wordsFor(failure, profile.name);
  return fault("SAMPLE_FAILED", path, "value", {
    message: {
      "zh-CN": `版式 ${profile.name},样例“${name}”:${message["zh-CN"]}`,
      en: `profile ${profile.name}, sample "${name}": ${message.en}`,
    },
    hint,
  });
}

/** The arithmetic is checked even where the sample does not speak of it. */
function placeOf(failure: SampleFailure, speaksOfArithmetic: boolean): readonly (string | number)[] {
  if (failure.reason !== "field") return ["name"];
  const { path } = failure.field;
  return path[0] === "reconciliation" && !speaksOfArithmetic ? ["name"] : ["expect", ...path];
}

function wordsFor(failure: SampleFailure, profile: string): RuleText {
  if (failure.reason === "no-slip") return noSlip;
  if (failure.reason === "not-recognised") return notRecognised(failure.by);
  return differs(failure.field, profile);
}

const noSlip: RuleText = {
  message: { "zh-CN": "抓取里没有这张小票", en: "the capture has no such slip" },
  hint: {
    "zh-CN": "用 storeloop receipts decode 查看抓取里有几张,再改 slip。",
    en: "See with `storeloop receipts decode` how many slips the capture has, and correct slip.",
  },
};

const notRecognised = (by: string): RuleText => ({
  message:
    by === "none"
      ? { "zh-CN": "没有版式认得它", en: "no profile recognises it" }
      : { "zh-CN": `被版式 ${by} 抢先认领`, en: `profile ${by} takes it` },
  hint: {
    "zh-CN": "修改 match:写出这种小票独有的行(any、all),或排除别的(none)。",
    en: "Correct match: name lines that only this layout has (any, all), or that it never has (none).",
  },
});

function differs({ path, expected, found }: FieldCheck, profile: string): RuleText {
  const field = path.join(".");
  const want = JSON.stringify(expected);
  const got = found === undefined ? undefined : JSON.stringify(found);
  return {
    message: {
      "zh-CN": `${field} 应为 ${want},读到 ${got ?? "空"}`,
      en: `${field}: expected ${want}, found ${got ?? "nothing"}`,
    },
    hint: {
      "zh-CN": `运行 storeloop profile test ${profile} 查看;修改模式,或样例本身写错时改样例。`,
      en: `See \`storeloop profile test ${profile}\`; correct the pattern, or the sample if that is wrong.`,
    },
  };
}
