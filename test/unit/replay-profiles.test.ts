import { writeFileSync } from "node:fs";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { replayProfiles } from "../../agent/replay-profiles.ts";
import { TempFolder } from "../support/temp-folder.ts";

const layout = (number: string): string => `profile: mine
match: { any: ['^Bon \\d'] }
locale: { currency: EUR, exponent: 2, decimal: ",", thousands: "." }
kinds: [{ kind: nosale, line: '^Schublade' }]
fields: { sequenceNumber: '^Bon {digits}' }
samples:
  - { name: a drawer, text: "Bon 17\\nSchublade", expect: { kind: nosale, sequenceNumber: "${number}" } }
`;

describe("the profiles of a replay", () => {
  let folder: TempFolder;

  beforeEach(() => {
    folder = new TempFolder();
  });
  afterEach(() => folder[Symbol.dispose]());

  it("are all those of today when none is named", () => {
    const { profiles, profile } = replayProfiles(undefined, undefined);
    expect(profiles.length).toBeGreaterThan(5);
    expect(profile).toBeUndefined();
  });

  it("are the one that is named", () => {
    expect(replayProfiles("uk-grocery", undefined)).toMatchObject({
      profiles: [{ profile: "uk-grocery" }],
      profile: "uk-grocery",
    });
    expect(() => replayProfiles("nope", undefined)).toThrow(/nope/);
  });

  it("are the one in a file, unless its own samples fail", () => {
    const file = folder.file("mine.yaml");
    writeFileSync(file, layout("17"));
    expect(replayProfiles(file, undefined)).toMatchObject({ profiles: [{ profile: "mine" }], profile: "mine" });
    writeFileSync(file, layout("18"));
    expect(() => replayProfiles(file, undefined)).toThrow(expect.objectContaining({ code: "PROFILE_SAMPLE_FAILED" }));
    writeFileSync(file, "profile: mine\n");
    expect(() => replayProfiles(file, undefined)).toThrow(expect.objectContaining({ code: "PROFILE_INVALID" }));
  });
});
