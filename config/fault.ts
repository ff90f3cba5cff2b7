import type { Text } from "./rules.ts";

/** What kind of fault it is: stable, for tests and scripts. */
export type ConfigFaultCode =
  | "TOO_LARGE"
  | "YAML_SYNTAX"
  | "DUPLICATE_KEY"
  | "ALIAS_REFUSED"
  | "TAG_REFUSED"
  | "LEADING_ZERO"
  | "MISSING"
  | "UNKNOWN_KEY"
  | "WRONG_TYPE"
  | "NOT_ALLOWED"
  | "OUT_OF_RANGE"
  | "BAD_FORMAT"
  | "DUPLICATE_ID"
  | "ALREADY_IN_USE"
  | "LOOP"
  | "SECRET_INLINE"
  | "SECRET_TWICE"
  | "SECRET_UNREADABLE"
  | "SECRET_WEAK"
  | "AUTHORITY_UNREADABLE"
  | "PASSWORD_WITHOUT_USERNAME"
  | "SAMPLE_UNREADABLE"
  | "SAMPLE_FAILED";

/** One thing wrong with a configuration file. Lines and columns count from 1, columns in UTF-16 units as editors do. */
export interface ConfigFault {
  readonly code: ConfigFaultCode;
  readonly line: number;
  readonly column: number;
  /** E.g. `lanes[0].devices[1].listen`; empty for the file as a whole. */
  readonly path: string;
  readonly message: Text;
  /** What to write instead. */
  readonly hint: Text;
}

/** Steps from the top of the file to a value. */
export type Path = readonly (string | number)[];

/** A path as it is shown: `lanes[0].devices[1].listen`. */
export function formatPath(path: Path): string {
  return path.reduce<string>((shown, step) => {
    if (typeof step === "number") return `${shown}[${step}]`;
    return shown === "" ? step : `${shown}.${step}`;
  }, "");
}
