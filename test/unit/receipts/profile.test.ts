import { describe, expect, it } from "vitest";
import { StoreloopError } from "../../../agent/core/errors.ts";
import { loadProfiles } from "../../../agent/receipts/load-profiles.ts";
import { selectProfile } from "../../../agent/receipts/profile.ts";
import { shippedProfiles } from "./profiles-on-disk.ts";

const minimal = `
profile: tiny
match: { any: ['^Bon '] }
locale: { currency: EUR, exponent: 2, decimal: "," }
fields: {}
`;

function faultsOf(text: string): string {
  try {
    loadProfiles([{ name: "x.yaml", text }]);
  } catch (error) {
    if (error instanceof StoreloopError && error.code === "PROFILE_INVALID") return error.message;
    throw error;
  }
  return "";
}

describe("loadProfiles", () => {
  it("loads every profile that ships", () => {
    expect(shippedProfiles().map((profile) => profile.name)).toContain("cn-supermarket-80mm");
  });

  it("accepts a minimal profile", () => {
    expect(loadProfiles([{ name: "x.yaml", text: minimal }])[0]?.name).toBe("tiny");
  });

  it("names the line of an unknown key, of a wrong value and of broken YAML", () => {
    expect(faultsOf(`${minimal}colour: red\n`)).toMatch(/^x\.yaml:\d+: .*colour/);
    expect(faultsOf(minimal.replace("EUR", "Euro"))).toBe("x.yaml:4: locale.currency: is no ISO 4217 code");
    expect(faultsOf("profile: [")).toMatch(/^x\.yaml:\d+: /);
  });

  it("says what is wrong with a pattern", () => {
    expect(faultsOf(minimal.replace("^Bon ", "^Bon ("))).toMatch(/^x\.yaml:3: match\.any\.0: .*[Uu]nterminated/);
    expect(faultsOf(minimal.replace("^Bon ", "{amout}"))).toMatch(/\{amout\} is no placeholder; known are amount/);
  });

  it("reports all faults of all files at once and two profiles of one name", () => {
    const texts = [
      { name: "a.yaml", text: minimal.replace("EUR", "x") },
      { name: "b.yaml", text: minimal.replace("{}", "{ nonsense: x }") },
      { name: "c.yaml", text: minimal },
      { name: "d.yaml", text: minimal },
    ];
    expect(() => loadProfiles(texts)).toThrow(/a\.yaml:[^]*b\.yaml:[^]*d\.yaml: there is another profile named tiny/);
  });
});

describe("selectProfile", () => {
  const [plain, strict] = loadProfiles([
    { name: "a", text: minimal },
    {
      name: "b",
      text: minimal.replace("tiny", "tinier").replace("any: ['^Bon ']", "any: ['^Bon '], all: ['^Kasse'], none: [X]"),
    },
  ]);
  const profiles = [plain, strict].filter((profile) => profile !== undefined);

  it("takes the profile that asks for more among those that fit", () => {
    expect(selectProfile(profiles, ["Bon 7"])?.name).toBe("tiny");
    expect(selectProfile(profiles, ["Bon 7", "Kasse 1"])?.name).toBe("tinier");
    expect(selectProfile(profiles, ["Bon 7", "Kasse 1", "X"])?.name).toBe("tiny");
    expect(selectProfile(profiles, ["Kasse 1"])).toBeUndefined();
  });
});
