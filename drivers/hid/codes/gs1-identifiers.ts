/**
 * Application identifiers (GS1 General Specifications 3.2; the GS1 Syntax Dictionary names the same), as `identifiers format`. A range
 * `from-to` counts the last digit. In a format `N` stands for digits, `X` for the 82 characters of figure 7.11-1, `Y` for the 39 of figure 7.11-2,
 * `Z` for those of base 64 for the web; a number is a length, `..n` at most n, `[ ]` may be missing, `!` ends with a check digit, `d` is a date
 * (yyMMdd, day 00 allowed). `*` marks the ones of predefined length, after which no separator stands (figure 7.8.5-2).
 */
const rows: readonly string[] = [
  "00 *N18!",
  "01,02 *N14!",
  "10 X..20",
  "11-13,15-17 *N6d",
  "20 *N2",
  "21,22 X..20",
  "235 X..28",
  "240,241,250,251 X..30",
  "242 N..6",
  "243,254 X..20",
  "253 N13! [X..17]",
  "255 N13! [N..12]",
  "30,37 N..8",
  "3100-3105,3110-3115,3120-3125,3130-3135,3140-3145,3150-3155,3160-3165 *N6",
  "3200-3205,3210-3215,3220-3225,3230-3235,3240-3245,3250-3255,3260-3265,3270-3275,3280-3285,3290-3295 *N6",
  "3300-3305,3310-3315,3320-3325,3330-3335,3340-3345,3350-3355,3360-3365,3370-3375 *N6",
  "3400-3405,3410-3415,3420-3425,3430-3435,3440-3445,3450-3455,3460-3465,3470-3475,3480-3485,3490-3495 *N6",
  "3500-3505,3510-3515,3520-3525,3530-3535,3540-3545,3550-3555,3560-3565,3570-3575 *N6",
  "3600-3605,3610-3615,3620-3625,3630-3635,3640-3645,3650-3655,3660-3665,3670-3675,3680-3685,3690-3695 *N6",
  "3900-3909,3920-3929 N..15",
  "3910-3919,3930-3939 N3 N..15",
  "3940-3943 N4",
  "3950-3955 N6",
  "400,401,403 X..30",
  "402 N17!",
  "410-417 *N13!",
  "420 X..20",
  "421 N3 X..9",
  "422,424,426 N3",
  "423,425 N..15",
  "427 X..3",
  "4300,4301,4310,4311,4320 X..35",
  "4302-4306,4312-4316 X..70",
  "4307,4317 X2",
  "4308,4319 X..30",
  "4309 N20",
  "4318 X..20",
  "4321-4323 N1",
  "4324,4325 N10",
  "4326 N6d",
  "4330-4333 N6 [X1]",
  "7001 N13",
  "7002 X..30",
  "7003 N10",
  "7004 N..4",
  "7005 X..12",
  "7006 N6d",
  "7007 N6d [N6]",
  "7008 X..3",
  "7009 X..10",
  "7010 X..2",
  "7011 N6d [N4]",
  "7020-7022 X..20",
  "7023 X..30",
  "7030-7039 N3 X..27",
  "7040 N1 X3",
  "710-715 X..20",
  "7230-7239 X2 X..28",
  "7240 X..20",
  "7241 N2",
  "7242 X..25",
  "8001 N14",
  "8002 X..20",
  "8003 N14! [X..16]",
  "8004 X..30",
  "8005 N6",
  "8006,8026 N14! N4",
  "8007 X..34",
  "8008 N8 [N..4]",
  "8009 X..50",
  "8010 Y..30",
  "8011 N..12",
  "8012 X..20",
  "8013 X..25",
  "8017,8018 N18!",
  "8019 N..10",
  "8020 X..25",
  "8030 Z..90",
  "8110,8112,8200 X..70",
  "8111 N4",
  "90 X..30",
  "91-99 X..90",
];

/** One component of the data of an application identifier. */
export interface Component {
  readonly characters: RegExp;
  readonly minLength: number;
  readonly maxLength: number;
  readonly isChecked: boolean;
  readonly isDate: boolean;
}

/** What the data of an application identifier looks like. */
export interface IdentifierFormat {
  /** Its length is predefined: no separator need follow. */
  readonly isPredefined: boolean;
  readonly components: readonly Component[];
  readonly maxLength: number;
}

const characterSets: Readonly<Record<string, RegExp>> = {
  N: /^\d*$/,
  X: /^[!"%-?A-Z_a-z]*$/,
  Y: /^[#\-/0-9A-Z]*$/,
  Z: /^[-0-9A-Z_a-z=]*$/,
};

const formats: ReadonlyMap<string, IdentifierFormat> = new Map(
  rows.flatMap((row) => {
    const [identifiers = "", ...parts] = row.split(" ");
    const format = formatOf(parts);
    return identifiers.split(",").flatMap((range) => expand(range).map((identifier) => [identifier, format] as const));
  }),
);

/** The format of an application identifier; `undefined` when there is none of that name. */
export function identifierFormat(identifier: string): IdentifierFormat | undefined {
  return formats.get(identifier);
}

/** Every application identifier that is known. */
export function knownIdentifiers(): readonly string[] {
  return [...formats.keys()];
}

/** The identifier at the beginning of text: none is the beginning of another. */
export function identifierAt(text: string, from: number): string | undefined {
  for (let length = 2; length <= 4; length += 1) {
    const identifier = text.slice(from, from + length);
    if (identifier.length === length && formats.has(identifier)) return identifier;
  }
  return undefined;
}

function expand(range: string): readonly string[] {
  const [from = "", to = from] = range.split("-");
  const first = Number(from);
  const count = Number(to) - first + 1;
  return Array.from({ length: count }, (_, index) => String(first + index).padStart(from.length, "0"));
}

function formatOf(parts: readonly string[]): IdentifierFormat {
  const components = parts.map((part) => {
    const groups =
      /^\*?(?<open>\[?)(?<set>[NXYZ])(?<upTo>\.\.)?(?<length>\d+)(?<mark>[!d]?)\]?$/.exec(part)?.groups ?? {};
    const maxLength = Number(groups["length"] ?? 0);
    const isOptional = groups["open"] === "[";
    return {
      characters: characterSets[groups["set"] ?? "N"] ?? /^$/,
      minLength: isOptional ? 0 : groups["upTo"] === undefined ? maxLength : 1,
      maxLength,
      isChecked: groups["mark"] === "!",
      isDate: groups["mark"] === "d",
    };
  });
  const maxLength = components.reduce((sum, component) => sum + component.maxLength, 0);
  return { isPredefined: parts[0]?.startsWith("*") === true, components, maxLength };
}
