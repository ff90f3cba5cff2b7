import { writeFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { FilesRefused } from "../../../agent/core/file-fault.ts";
import { readProfileFile } from "../../../agent/profile-file.ts";
import { checkProfiles, readProfiles, shippedFolder } from "../../../agent/profiles-on-disk.ts";
import { compileProfile, selectProfile, type Profile } from "../../../agent/receipts/profile.ts";
import { profileSchema } from "../../../agent/receipts/profile-schema.ts";
import { TempFolder } from "../../support/temp-folder.ts";

/** A small layout with one sample that passes. */
const tiny = `profile: tiny
match: { any: ['^Bon \\d'] }
locale: { currency: EUR, exponent: 2, decimal: ",", thousands: "." }
fields:
  sequenceNumber: '^Bon {digits}'
  endDateTime: '{day}\\.{month}\\.{year} {hour}:{minute}$'
items:
  after: '^Bon '
  before: '^Summe '
  rows:
    - item: '^{description}\\s+{amount}$'
totals:
  total: '^Summe\\s+{amount}$'
tenders:
  - { line: '^Bar\\s+{amount}$', type: cash }
samples:
  - name: a sale
    text: |
      Bon 17  01.06.2026 10:11
      Tee         2,50
      Summe       2,50
      Bar         2,50
    expect:
      kind: sale
      sequenceNumber: "17"
      totalMinor: 250
      lineCount: 1
      tenders: [{ tenderType: cash, amountMinor: 250 }]
`;

/** The faults of a file as `line:column path: message`. */
function faultsOf(text: string): readonly string[] {
  const read = readProfileFile({ name: "x.yaml", text, folder: "/nowhere" });
  if (read.ok) return [];
  return read.faults.map(({ line, column, path, message }) => `${line}:${column} ${path}: ${message.en}`);
}

/** The hints of the faults of a file. */
function hintsOf(text: string): string {
  const read = readProfileFile({ name: "x.yaml", text, folder: "/nowhere" });
  return read.ok ? "" : read.faults.map(({ hint }) => hint.en).join("\n");
}

/** A store's folder with these files in it. */
function storeFolder(files: Readonly<Record<string, string | Uint8Array>>): TempFolder {
  const folder = new TempFolder();
  for (const [name, content] of Object.entries(files)) writeFileSync(folder.file(name), content);
  return folder;
}

/** What is wrong with the samples of a store that has this profile. */
function sampleFaultsOf(text: string, more: Readonly<Record<string, Uint8Array>> = {}) {
  using folder = storeFolder({ "tiny.yaml": text, ...more });
  return checkProfiles(folder.path).faults;
}

describe("a profile file", () => {
  it("is accepted when it is right", () => {
    expect(faultsOf(tiny)).toEqual([]);
  });

  it("names line, column and remedy of an unknown key, of a wrong value and of broken YAML", () => {
    const misspelt = tiny.replace("  sequenceNumber: '^Bon", "  sequenceNumer: '^Bon");
    expect(faultsOf(misspelt)).toEqual(["5:3 fields.sequenceNumer: unknown key sequenceNumer"]);
    expect(hintsOf(misspelt)).toBe("Did you mean sequenceNumber?");
    expect(faultsOf(tiny.replace("EUR", "Euro"))).toEqual(["3:21 locale.currency: is no ISO 4217 code"]);
    expect(faultsOf(tiny.replace("type: cash", "type: csh"))).toEqual([
      "15:39 tenders[0].type: csh is not allowed here",
    ]);
    expect(hintsOf(tiny.replace("type: cash", "type: csh"))).toContain("Did you mean cash?");
    expect(faultsOf("profile: [")[0]).toMatch(/^\d+:\d+ /);
  });

  it("says what is wrong with a pattern, and where", () => {
    expect(faultsOf(tiny.replace("'^Bon {digits}'", "'^Bon ({digits}'"))[0]).toMatch(
      /^5:19 fields\.sequenceNumber: is no regular expression: .*[Uu]nterminated/,
    );
    const unknown = tiny.replace("{amount}$', type", () => "{amout}$', type");
    expect(faultsOf(unknown)).toEqual(["15:13 tenders[0].line: {amout} is no placeholder"]);
    expect(hintsOf(unknown)).toContain("Known are amount, ");
    expect(faultsOf(tiny.replace("'^Bon {digits}'", "['^Bon {digits}', 7]"))).toEqual([
      "5:37 fields.sequenceNumber[1]: a pattern (text in quotes) is wanted here",
    ]);
  });

  it("refuses a pattern that could hold up the daemon", () => {
    const slow = tiny.replace("'^Bon {digits}'", () => String.raw`'^Bon (\S+\s?)+$'`);
    expect(faultsOf(slow)).toEqual(["5:19 fields.sequenceNumber: this pattern could take far too long on some lines"]);
  });

  it("must have a sample, and a sample needs text or bytes", () => {
    expect(faultsOf(tiny.slice(0, tiny.indexOf("samples:")))).toEqual(["1:1 samples: is missing"]);
    expect(faultsOf(tiny.replace("    text: |", "    capture: x.bin\n    text: |"))).toEqual([
      "17:5 samples[0]: needs exactly one of text, capture, base64",
    ]);
    expect(faultsOf(tiny.replace(/ {4}text: \|[^]*?(?= {4}expect)/, "    capture: x.bin\n"))[0]).toMatch(
      /^18:14 samples\[0\]\.capture: the capture cannot be read: ENOENT/,
    );
  });

  it("reports all faults at once", () => {
    expect(faultsOf(tiny.replace("EUR", "Euro").replace("fields:", "colour: red\nfields:"))).toHaveLength(2);
  });
});

describe("samples", () => {
  it("pass for every profile that ships", () => {
    expect(checkProfiles().faults).toEqual([]);
    expect(checkProfiles().names).toContain("cn-supermarket-80mm");
  });

  it("pass when every field is as expected", () => {
    expect(sampleFaultsOf(tiny)).toEqual([]);
  });

  it.each([
    ["totalMinor: 250", "totalMinor: 260", "samples[0].expect.totalMinor", "totalMinor: expected 260, found 250"],
    ["lineCount: 1", "lineCount: 2", "samples[0].expect.lineCount", "lineCount: expected 2, found 1"],
    ['"17"', '"18"', "samples[0].expect.sequenceNumber", 'sequenceNumber: expected "18", found "17"'],
    [
      "amountMinor: 250",
      "amountMinor: 25",
      "samples[0].expect.tenders[0].amountMinor",
      "tenders.0.amountMinor: expected 25, found 250",
    ],
    [
      "kind: sale",
      "kind: sale\n      memberId: x",
      "samples[0].expect.memberId",
      'memberId: expected "x", found nothing',
    ],
  ])("fail at the field that differs: %s instead of %s", (right, wrong, path, message) => {
    const [fault, ...others] = sampleFaultsOf(tiny.replace(right, wrong));
    expect(others).toEqual([]);
    expect(fault).toMatchObject({ code: "SAMPLE_FAILED", path });
    expect(fault?.message.en).toBe(`profile tiny, sample "a sale": ${message}`);
    expect(fault?.hint.en).toContain("storeloop profile test tiny");
  });

  it("fail when the arithmetic does and nobody expects it to", () => {
    const wrong = tiny.replace("Bar         2,50", "Bar         2,00").replace("amountMinor: 250", "amountMinor: 200");
    expect(sampleFaultsOf(wrong).map(({ message }) => message.en)).toEqual([
      'profile tiny, sample "a sale": reconciliation: expected "reconciled", found "unreconciled TENDERS_NOT_TOTAL"',
    ]);
    expect(sampleFaultsOf(wrong.replace("kind: sale", "kind: sale\n      reconciliation: unreconciled"))).toEqual([]);
  });

  it("fail when no profile or another one takes the slip", () => {
    const unknown = tiny.replace("any: ['^Bon \\d']", "any: ['^Kassenbon']");
    expect(sampleFaultsOf(unknown)[0]?.message.en).toBe('profile tiny, sample "a sale": no profile recognises it');
    using folder = storeFolder({
      "a.yaml": tiny,
      "b.yaml": tiny.replace("profile: tiny", "profile: greedy").replace("any:", "all: ['^Summe'], any:"),
    });
    expect(checkProfiles(folder.path).faults.map(({ message }) => message.en)).toEqual([
      'profile tiny, sample "a sale": profile greedy takes it',
    ]);
  });

  it("may be captured bytes, beside the profile or in it", () => {
    const text = "Bon 17  01.06.2026 10:11\nTee         2,50\nSumme       2,50\nBar         2,50\n";
    const bytes = Buffer.concat([Buffer.from(text, "latin1"), Buffer.of(0x1d, 0x56, 0x01)]);
    const textOf = / {4}text: \|[^]*?(?= {4}expect)/;
    const beside = tiny.replace(textOf, "    capture: one.bin\n");
    expect(sampleFaultsOf(beside, { "one.bin": bytes })).toEqual([]);
    expect(sampleFaultsOf(tiny.replace(textOf, `    base64: ${bytes.toString("base64")}\n`))).toEqual([]);
    const second = sampleFaultsOf(tiny.replace(textOf, "    capture: one.bin\n    slip: 2\n"), { "one.bin": bytes });
    expect(second[0]?.message.en).toBe('profile tiny, sample "a sale": the capture has no such slip');
  });
});

describe("the profiles of a store", () => {
  it("are refused with every fault when one of them is wrong", () => {
    using folder = storeFolder({ "a.yaml": tiny.replace("EUR", "Euro"), "b.yaml": "profile: 7\n" });
    expect(() => readProfiles(folder.path)).toThrow(FilesRefused);
    expect(() => readProfiles(folder.path)).toThrow(/a\.yaml:3:21: locale\.currency[^]*b\.yaml:1:10: profile/);
  });

  it("are refused when a sample fails", () => {
    using folder = storeFolder({ "a.yaml": tiny.replace("totalMinor: 250", "totalMinor: 1") });
    expect(() => readProfiles(folder.path)).toThrow(expect.objectContaining({ code: "PROFILE_SAMPLE_FAILED" }));
  });

  it("are asked first, and take the place of a shipped one of the same name", () => {
    using folder = storeFolder({ "us.yaml": tiny.replace("profile: tiny", "profile: us-grocery") });
    const names = readProfiles(folder.path).map(({ name }) => name);
    expect(names[0]).toBe("us-grocery");
    expect(names.filter((name) => name === "us-grocery")).toHaveLength(1);
    expect(readProfiles(folder.path)[0]?.source.locale.currency).toBe("EUR");
  });

  it("may not have one name twice", () => {
    using folder = storeFolder({ "a.yaml": tiny, "b.yaml": tiny });
    expect(checkProfiles(folder.path).faults[0]?.message.en).toMatch(/a\.yaml has the name tiny already$/);
  });

  it("are the shipped ones alone when the folder is that of the shipped ones, and the folder must be there", () => {
    expect(readProfiles(shippedFolder)).toHaveLength(readProfiles().length);
    expect(() => readProfiles("/nowhere/at/all")).toThrow(expect.objectContaining({ code: "FILE_UNREADABLE" }));
  });
});

describe("selectProfile", () => {
  const profileOf = (name: string, match: object): Profile =>
    compileProfile(
      profileSchema.omit({ samples: true }).parse({
        profile: name,
        match,
        locale: { currency: "EUR", exponent: 2, decimal: "," },
        fields: {},
      }),
    );
  const profiles = [
    profileOf("plain", { any: ["^Bon "] }),
    profileOf("strict", { any: ["^Bon "], all: ["^Kasse"], none: ["X"] }),
  ];

  it("takes the profile that asks for more among those that fit", () => {
    expect(selectProfile(profiles, ["Bon 7"])?.name).toBe("plain");
    expect(selectProfile(profiles, ["Bon 7", "Kasse 1"])?.name).toBe("strict");
    expect(selectProfile(profiles, ["Bon 7", "Kasse 1", "X"])?.name).toBe("plain");
    expect(selectProfile(profiles, ["Kasse 1"])).toBeUndefined();
  });
});
